/** Uniform numbers in (0, 1) from a 32-bit state (mulberry32): enough for test draws, and the same everywhere. */
export function uniforms(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (((t ^ (t >>> 14)) >>> 0) + 0.5) / 4294967296;
  };
}

/** Standard normal numbers by Box and Muller. */
export function normals(seed: number): () => number {
  const uniform = uniforms(seed);
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Chains of a stationary first-order autoregression with mean 0, sd 1 and lag-one correlation rho. */
export function autoregressiveChains(seed: number, chainCount: number, drawCount: number, rho = 0): number[][] {
  const normal = normals(seed);
  return Array.from({ length: chainCount }, () => {
    let x = normal();
    return Array.from({ length: drawCount }, () => {
      const now = x;
      x = rho * x + Math.sqrt(1 - rho * rho) * normal();
      return now;
    });
  });
}

/** A copy of the chain with other values from place `at` on. */
export function replaced(chain: readonly number[], at: number, ...values: number[]): number[] {
  const copy = [...chain];
  copy.splice(at, values.length, ...values);
  return copy;
}
