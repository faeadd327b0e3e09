import erfc from '@stdlib/math/base/special/erfc/lib/index.js';
import { exp, log, log1p } from '../elementary.ts';

const LOG_SQRT_2PI = 0.9189385332046728;
const SQRT_2PI = 2.5066282746310002;

/** Below -TAIL the continued fraction takes over: there z + h(z) would cancel. */
const TAIL = 4;
/** Depth of the continued fraction: at x = 4 its error is below 1e-16 of the value, and it falls with x. */
const DEPTH = 60;

/** Phi(z), the standard normal distribution function, with full relative precision in the lower tail. */
export function normalCdf(z: number): number {
  return 0.5 * erfc(-z * Math.SQRT1_2);
}

/** log Phi(z), with full relative precision in both tails. */
export function logNormalCdf(z: number): number {
  if (z > 0) return log1p(-normalCdf(-z));
  if (z >= -TAIL) return log(normalCdf(z));
  return -0.5 * z * z - LOG_SQRT_2PI - log(-z + tailFraction(-z, 1));
}

/**
 * Writes log Phi(z) and its first three derivatives into out[0..3]: with h = phi(z) / Phi(z) they are h, -h (h + z) and
 * h ((h + z)(2 h + z) - 1).
 *
 * In the tail, x = -z > 4, Laplace's continued fraction h = x + 1/(x + 2/(x + 3/(x + ...))) (Abramowitz & Stegun 1964, 26.2.14) is written
 * h = x + r, r = 1/(x + 2 t), t = 1/(x + 3 v): then h + z = r and (h + z)(2 h + z) - 1 = 2 r (r - t) = 2 r (3 v - 2 t) t r, where nothing cancels.
 */
export function logNormalCdfDerivatives(z: number, out: Float64Array): void {
  if (z >= -TAIL) {
    const h = exp(-0.5 * z * z) / (SQRT_2PI * normalCdf(z));
    const sum = h + z;
    out[0] = logNormalCdf(z);
    out[1] = h;
    out[2] = -h * sum;
    // Where h underflows the bracket may be infinite.
    out[3] = h === 0 ? 0 : h * (sum * (h + sum) - 1);
    return;
  }
  const x = -z;
  const v = tailFraction(x, 3) / 3;
  const t = 1 / (x + 3 * v);
  const r = 1 / (x + 2 * t);
  const h = x + r;
  out[0] = -0.5 * z * z - LOG_SQRT_2PI - log(h);
  out[1] = h;
  out[2] = -h * r;
  out[3] = h * 2 * r * (3 * v - 2 * t) * t * r;
}

/** k/(x + (k + 1)/(x + (k + 2)/(x + ...))), x >= 4. */
function tailFraction(x: number, k: number): number {
  let value = 0;
  for (let m = DEPTH; m >= k; m--) value = m / (x + value);
  return value;
}
