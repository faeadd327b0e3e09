import { invertLower } from '../../linalg/cholesky.ts';
import { product, transpose } from '../../linalg/smallMatrix.ts';
import type { PenalizedLeastSquares } from './penalizedLeastSquares.ts';

/** What is taken of a system: the factor of X~'V^-1 X~ and the coordinates of X. */
interface FactoredCoefficients {
  readonly factorisation: Pick<PenalizedLeastSquares['factorisation'], 'coefficientFactor'>;
  readonly crossProducts: Pick<PenalizedLeastSquares['crossProducts'], 'coordinates'>;
}

/**
 * sigma^2 (X'V^-1 X)^-1 at the last evaluation, p x p, user scale: sigma^2 G G' with G = T L^-T, L the factor of
 * X~'V^-1 X~. A column that does not vary within groups and follows one that does is in working coordinates a mixture,
 * so that the other's row of G is a difference of terms of size t = tau / sigma, with errors of eps t; as a difference
 * of variances it would have errors of eps t^2.
 */
export function coefficientCovariance(
  profiled: { readonly system: FactoredCoefficients },
  p: number,
  sigma: number,
): Float64Array {
  const { factorisation, crossProducts: products } = profiled.system;
  const lower = factorisation.coefficientFactor();
  invertLower(lower, p, lower);
  const G = product(products.coordinates.beta.T, transpose(lower, p), p);
  return product(G, transpose(G, p), p).map((entry) => entry * sigma * sigma);
}
