import { invertFromCholesky } from '../../linalg/cholesky.ts';
import { covarianceToUser } from '../../products/coordinates.ts';
import type { ProfiledDeviance } from './profiledDeviance.ts';

/** sigma^2 (X'V^-1 X)^-1 at the last evaluation, p x p, user scale. */
export function coefficientCovariance(profiled: ProfiledDeviance, p: number, sigma: number): Float64Array {
  const { factorisation, crossProducts: products } = profiled.system;
  const vcov = factorisation.coefficientFactor();
  invertFromCholesky(vcov, p, vcov);
  covarianceToUser(products.coordinates.beta, vcov, vcov);
  for (let k = 0; k < vcov.length; k++) vcov[k]! *= sigma * sigma;
  return vcov;
}
