import { invertFromCholesky } from '../../linalg/cholesky.ts';
import { covarianceToUser } from '../../products/coordinates.ts';
import type { PenalizedLeastSquares } from './penalizedLeastSquares.ts';

/** What is taken of a system: the factor of X~'V^-1 X~ and the coordinates of X. */
interface FactoredCoefficients {
  readonly factorisation: Pick<PenalizedLeastSquares['factorisation'], 'coefficientFactor'>;
  readonly crossProducts: Pick<PenalizedLeastSquares['crossProducts'], 'coordinates'>;
}

/** sigma^2 (X'V^-1 X)^-1 at the last evaluation, p x p, user scale. */
export function coefficientCovariance(
  profiled: { readonly system: FactoredCoefficients },
  p: number,
  sigma: number,
): Float64Array {
  const { factorisation, crossProducts: products } = profiled.system;
  const vcov = factorisation.coefficientFactor();
  invertFromCholesky(vcov, p, vcov);
  covarianceToUser(products.coordinates.beta, vcov, vcov);
  for (let k = 0; k < vcov.length; k++) vcov[k]! *= sigma * sigma;
  return vcov;
}
