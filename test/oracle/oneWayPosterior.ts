/** Quantiles of tau and sigma. */
export interface OneWayPosterior {
  readonly tau: readonly number[];
  readonly sigma: readonly number[];
}

/**
 * The posterior of a balanced one-way layout, y_jt ~ N(mu + u_j, sigma^2), u_j ~ N(0, tau^2), J groups of m rows, mu
 * flat, by a plain grid in (log tau, log sigma): p = sigma^-J(m-1) exp(-SSW / (2 sigma^2)) v^-(J-1)/2 exp(-SSB / (2
 * v)) p(tau) p(sigma), v = sigma^2 + m tau^2, SSW and SSB the sums of squares within and between groups (Searle,
 * Casella & McCulloch 1992, section 3.2). `logPrior` is of (tau, sigma); `shares` the quantiles asked for.
 */
export function oneWayPosterior(
  y: readonly number[],
  J: number,
  m: number,
  logPrior: (tau: number, sigma: number) => number,
  shares: readonly number[],
): OneWayPosterior {
  const mean = (a: readonly number[]): number => a.reduce((sum, v) => sum + v, 0) / a.length;
  const means = Array.from({ length: J }, (_, j) => mean(y.slice(j * m, (j + 1) * m)));
  const centre = mean(means);
  const within = y.reduce((sum, v, i) => sum + (v - means[Math.floor(i / m)]!) ** 2, 0);
  const between = m * means.reduce((sum, v) => sum + (v - centre) ** 2, 0);
  const height = (a: number, b: number): number => {
    const [tau, sigma] = [Math.exp(a), Math.exp(b)];
    const v = sigma * sigma + m * tau * tau;
    const likelihood = J * (m - 1) * b + within / (2 * sigma * sigma) + ((J - 1) / 2) * Math.log(v) + between / (2 * v);
    return logPrior(tau, sigma) - likelihood + a + b;
  };
  const middles = (low: number, high: number, n: number): number[] =>
    Array.from({ length: n }, (_, i) => low + ((high - low) * (i + 0.5)) / n);
  // Where the mass is, then a fine grid there.
  const rough = middles(Math.log(1e-4), Math.log(1e5), 400);
  let top = -Infinity;
  for (const a of rough) for (const b of rough) top = Math.max(top, height(a, b));
  const ends = [Infinity, -Infinity, Infinity, -Infinity];
  for (const a of rough) {
    for (const b of rough) {
      if (!(height(a, b) > top - 25)) continue;
      ends[0] = Math.min(ends[0]!, a);
      ends[1] = Math.max(ends[1]!, a);
      ends[2] = Math.min(ends[2]!, b);
      ends[3] = Math.max(ends[3]!, b);
    }
  }
  const step = rough[1]! - rough[0]!;
  const A = middles(ends[0]! - step, ends[1]! + step, 900);
  const B = middles(ends[2]! - step, ends[3]! + step, 900);
  const ofTau = new Float64Array(A.length);
  const ofSigma = new Float64Array(B.length);
  A.forEach((a, i) => {
    B.forEach((b, k) => {
      const value = Math.exp(height(a, b) - top);
      ofTau[i]! += value;
      ofSigma[k]! += value;
    });
  });
  return { tau: quantiles(A, ofTau, shares), sigma: quantiles(B, ofSigma, shares) };
}

function quantiles(logs: readonly number[], mass: Float64Array, shares: readonly number[]): number[] {
  const total = mass.reduce((sum, v) => sum + v, 0);
  const width = logs[1]! - logs[0]!;
  return shares.map((share) => {
    let below = 0;
    let i = 0;
    while (below + mass[i]! < share * total) {
      below += mass[i]!;
      i += 1;
    }
    return Math.exp(logs[i]! + width * ((share * total - below) / mass[i]! - 0.5));
  });
}
