import type { MaximumLikelihoodFit } from '../src/index.ts';
import { profiledDeviance } from '../src/likelihood/gaussian/profiledDeviance.ts';
import { cholesky } from '../src/linalg/cholesky.ts';
import { crossProducts } from '../src/products/crossProducts.ts';

/**
 * The deviance may be this much higher at numbers that were rounded, or at a search that stopped early, and the printed
 * fit is still that of these data.
 */
const SAME_FIT = 0.01;

/**
 * Why a printed ML or REML fit of the same data may differ from ours in a last digit: the deviance at the printed
 * covariances (`Sigma` by factor, q x q, and the residual variance) is above ours by so little that the other program
 * stopped just short of the optimum. Undefined where it is not above ours, or by more: then the data or the model are
 * others.
 */
export function betterOptimum(
  fit: MaximumLikelihoodFit,
  Sigma: readonly Float64Array[],
  residual: number,
): string | undefined {
  const { design, method } = fit;
  const profiled = profiledDeviance(crossProducts(design), design, method);
  const lambdas = Sigma.map((matrix, f) => {
    const { q } = design.groupTerms[f]!;
    const L = matrix.map((value) => value / residual);
    cholesky(L, q);
    return L.map((value, k) => (k % q > Math.floor(k / q) ? 0 : value));
  });
  const excess = profiled.at(lambdas) - fit.deviance;
  if (!(excess > 0 && excess < SAME_FIT)) return undefined;
  return `ours is the better optimum, by ${excess.toExponential(0)} of deviance from the printed covariances: the other search stopped that early`;
}
