import { exp } from '../elementary.ts';
import { normalCdf } from './normalTail.ts';

/** Nodes of the rule over z, whose error is below rounding for a normal density times a power of probabilities. */
const STEP = 0.2;
const NODES = Float64Array.from({ length: 86 }, (_, k) => -8.5 + STEP * k);
const LOWER = NODES.map(normalCdf);
const DENSITY = NODES.map((z) => (STEP * exp(-0.5 * z * z)) / Math.sqrt(2 * Math.PI));

/**
 * P(Q <= q), Q the range of `means` independent standard normals over an independent sqrt(chi^2_df / df) (Tukey's
 * studentized range; df may be Infinity):
 *   P = integral over s of f(s) P(q s),  P(w) = k integral of phi(z) (Phi(z) - Phi(z - w))^(k - 1) dz
 * (Copenhaver & Holland 1988, equations 2.1 to 2.3), by trapezoidal sums over z and over t = log s, whose density is
 * proportional to exp(-df (exp(2 t) - 1 - 2 t) / 2).
 */
export function studentizedRangeCdf(q: number, means: number, df: number): number {
  if (!(q > 0)) return 0;
  if (df === Number.POSITIVE_INFINITY) return rangeCdf(q, means);
  const h = 1 / (4 * Math.sqrt(2 * df));
  let total = 1;
  let sum = rangeCdf(q, means);
  for (const direction of [-1, 1]) {
    for (let k = 1; ; k++) {
      const t = direction * h * k;
      const density = exp(-0.5 * df * (exp(2 * t) - 1 - 2 * t));
      if (density < 1e-17) break;
      total += density;
      sum += density * rangeCdf(q * exp(t), means);
    }
  }
  return Math.min(1, sum / total);
}

/**
 * The p-quantile of the studentized range, 0 < p < 1, by false position (the Illinois rule), whose steps end at 1e-11
 * of it.
 */
export function studentizedRangeQuantile(p: number, means: number, df: number): number {
  const excess = (q: number): number => studentizedRangeCdf(q, means, df) - p;
  let low = 0;
  let below = -p;
  let high = 4;
  let above = excess(high);
  while (above < 0) {
    low = high;
    below = above;
    high *= 2;
    above = excess(high);
  }
  let before = 0;
  for (let step = 0; step < 100; step++) {
    const q = (low * above - high * below) / (above - below);
    const value = excess(q);
    if (Math.abs(q - before) <= 1e-11 * q) return q;
    before = q;
    if (value < 0) {
      low = q;
      below = value;
      above /= 2;
    } else {
      high = q;
      above = value;
      below /= 2;
    }
  }
  return before;
}

/** P(range of k standard normals <= w). */
function rangeCdf(w: number, means: number): number {
  let sum = 0;
  for (let k = 0; k < NODES.length; k++) {
    sum += DENSITY[k]! * (LOWER[k]! - normalCdf(NODES[k]! - w)) ** (means - 1);
  }
  return Math.min(1, means * sum);
}
