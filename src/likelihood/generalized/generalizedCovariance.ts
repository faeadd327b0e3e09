import { cholesky, invertFromCholesky } from '../../linalg/cholesky.ts';
import { type CoordinateMap, covarianceToUser } from '../../products/coordinates.ts';

/**
 * Covariance of beta (p x p, user scale) from the Hessian of the deviance over (theta, beta), beta last, in working
 * coordinates: the corner of 2 H^-1, so that what theta leaves uncertain is in it (lme4's `vcov(fit, use.hessian =
 * TRUE)`). At a stationary point it does not depend on how theta is written. Where H is not positive definite theta is
 * held: 2 H_ββ^-1.
 */
export function generalizedCovariance(hessian: Float64Array, p: number, map: CoordinateMap): Float64Array {
  const d = Math.round(Math.sqrt(hessian.length));
  const out = new Float64Array(p * p);
  const corner = (inverse: Float64Array, size: number): void => {
    for (let a = 0; a < p; a++) {
      for (let b = 0; b < p; b++) out[a * p + b] = 2 * inverse[(size - p + a) * size + size - p + b]!;
    }
  };
  const whole = Float64Array.from(hessian);
  if (cholesky(whole, d)) {
    invertFromCholesky(whole, d, whole);
    corner(whole, d);
  } else {
    const held = Float64Array.from(
      { length: p * p },
      (_, k) => hessian[(d - p + Math.floor(k / p)) * d + d - p + (k % p)]!,
    );
    if (!cholesky(held, p)) return out.fill(Number.NaN);
    invertFromCholesky(held, p, held);
    corner(held, p);
  }
  covarianceToUser(map, out, out);
  return out;
}
