import { exp, log, log1p } from '../elementary.ts';
import { millsFraction, millsRatio } from './millsRatio.ts';
import { LOG_SQRT_2PI, SQRT_2PI } from './normalPoints.ts';

/** Below -TAIL derivatives are written so that z + h(z) does not cancel. */
const TAIL = 4;
/** Beyond it Phi(-z) is below the least of all numbers. */
const UNDERFLOW = 39;

/** Phi(z), the standard normal distribution function, with full relative precision in the lower tail. */
export function normalCdf(z: number): number {
  if (z > 0) return 1 - normalCdf(-z);
  if (z < -UNDERFLOW) return 0;
  // z^2 is taken apart as h^2 + (z - h)(z + h), h of 24 bits: h^2 is exact, and a far tail keeps its digits.
  const h = Math.fround(z);
  return ((exp(-0.5 * h * h) * exp(-0.5 * (z - h) * (z + h))) / SQRT_2PI) * millsRatio(-z);
}

/** log Phi(z), with full relative precision in both tails. */
export function logNormalCdf(z: number): number {
  if (z > 0) return log1p(-normalCdf(-z));
  return -0.5 * z * z - LOG_SQRT_2PI + log(millsRatio(-z));
}

/**
 * Writes log Phi(z) and its first three derivatives into out[0..3]: with h = phi(z) / Phi(z) they are h, -h (h + z) and
 * h ((h + z)(2 h + z) - 1).
 *
 * In the tail, x = -z > 4, Laplace's continued fraction h = x + 1/(x + 2/(x + 3/(x + ...))) (Abramowitz & Stegun 1964,
 * 26.2.14) is written h = x + r, r = 1/(x + 2 t), t = 1/(x + 3 v): then h + z = r and (h + z)(2 h + z) - 1 = 2 r (r -
 * t) = 2 r (3 v - 2 t) t r, where nothing cancels.
 */
export function logNormalCdfDerivatives(z: number, out: Float64Array): void {
  if (z >= -TAIL) {
    const h = z > 0 ? exp(-0.5 * z * z) / (SQRT_2PI * normalCdf(z)) : 1 / millsRatio(-z);
    const sum = h + z;
    out[0] = logNormalCdf(z);
    out[1] = h;
    out[2] = -h * sum;
    // Where h underflows the bracket may be infinite.
    out[3] = h === 0 ? 0 : h * (sum * (h + sum) - 1);
    return;
  }
  const x = -z;
  const v = millsFraction(x, 3) / 3;
  const t = 1 / (x + 3 * v);
  const r = 1 / (x + 2 * t);
  const h = x + r;
  out[0] = -0.5 * z * z - LOG_SQRT_2PI - log(h);
  out[1] = h;
  out[2] = -h * r;
  out[3] = h * 2 * r * (3 * v - 2 * t) * t * r;
}
