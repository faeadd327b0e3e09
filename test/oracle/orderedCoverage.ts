import { logGamma } from '../../src/special/logGamma.ts';

/**
 * P(low_i <= U_(i) <= high_i for all i) of the order statistics of n uniform values, by the law of the number of values
 * below each bound in turn: with m values below t, the number between t and s is binomial(n - m, (s - t) / (1 - t)). In
 * order n of time for each bound and each number.
 */
export function orderedCoverage(low: readonly number[], high: readonly number[]): number {
  const n = low.length;
  const steps = [
    ...low.map((t, i) => ({ t, least: 0, most: i })),
    ...high.map((t, i) => ({ t, least: i + 1, most: n })),
  ].sort((a, b) => a.t - b.t);
  const choose = (m: number, k: number): number => logGamma(m + 1) - logGamma(k + 1) - logGamma(m - k + 1);
  let chance = Float64Array.from({ length: n + 1 }, (_, m) => (m === 0 ? 1 : 0));
  let before = 0;
  for (const { t, least, most } of steps) {
    const p = (t - before) / (1 - before);
    before = t;
    const next = new Float64Array(n + 1);
    chance.forEach((mass, m) => {
      if (mass < 1e-18) return;
      for (let k = 0; m + k <= most; k += 1) {
        if (m + k < least) continue;
        const law =
          k === 0 ? (n - m) * Math.log1p(-p) : choose(n - m, k) + k * Math.log(p) + (n - m - k) * Math.log1p(-p);
        next[m + k]! += mass * Math.exp(law);
      }
    });
    chance = next;
  }
  return chance.reduce((sum, mass) => sum + mass, 0);
}
