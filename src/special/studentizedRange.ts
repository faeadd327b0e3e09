import { exp } from '../elementary.ts';
import { falsePosition } from './falsePosition.ts';
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
 * The p-quantile of the studentized range, 0 < p < 1, by false position, whose steps end at 1e-11 of it.
 */
export function studentizedRangeQuantile(p: number, means: number, df: number): number {
  const excess = (q: number): number => studentizedRangeCdf(q, means, df) - p;
  let low = { x: 0, value: -p };
  let high = { x: 4, value: excess(4) };
  while (high.value < 0) {
    low = high;
    high = { x: 2 * low.x, value: excess(2 * low.x) };
  }
  return falsePosition(excess, low, high, ({ x, value }, before) => value === 0 || Math.abs(x - before) <= 1e-11 * x);
}

/** P(range of k standard normals <= w). */
function rangeCdf(w: number, means: number): number {
  let sum = 0;
  for (let k = 0; k < NODES.length; k++) {
    sum += DENSITY[k]! * (LOWER[k]! - normalCdf(NODES[k]! - w)) ** (means - 1);
  }
  return Math.min(1, means * sum);
}
