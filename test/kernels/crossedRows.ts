import { createRng, type Rng } from '../../src/random/rng.ts';

/** What rows are made of: sds of the effects of both factors and of the slopes of the first, intercept and response. */
export interface CrossedSpec {
  readonly sds: readonly [number, number, number];
  readonly intercept: number;
  response(eta: number, rng: Rng): number;
}

/** Rows of J x K levels crossed at random, unbalanced, with a third factor of three levels and a column z about 2. */
export function crossedRows(n: number, J: number, K: number, seed: number, { sds, intercept, response }: CrossedSpec) {
  const rng = createRng([seed]);
  const effects = (count: number, sd: number) => Array.from({ length: count }, () => sd * rng.normal());
  const [a, b, slope] = [effects(J, sds[0]), effects(K, sds[1]), effects(J, sds[2])];
  const own = createRng([seed, 1]);
  const numbers = { y: [] as number[], x: [] as number[], z: [] as number[] };
  const rows = { ...numbers, a: [] as string[], b: [] as string[], k: [] as string[] };
  for (let i = 0; i < n; i += 1) {
    const level = Math.floor(rng.uniform() * rng.uniform() * J);
    const other = Math.floor(rng.uniform() * K);
    const x = rng.normal();
    rows.a.push(`a${level}`);
    rows.b.push(`b${other}`);
    rows.k.push(`k${i % 3}`);
    rows.x.push(x);
    rows.z.push(2 + 0.8 * x + 0.6 * own.normal());
    rows.y.push(response(intercept + (0.3 + slope[level]!) * x + a[level]! + b[other]! + 0.3 * (i % 3), rng));
  }
  return rows;
}
