import type { MaximumLikelihoodFit } from '../likelihood/maximumLikelihoodFit.ts';
import { structuredAt } from '../likelihood/structured/structuredAt.ts';
import { forwardSolveArrow } from '../linalg/arrowCholesky.ts';
import { product } from '../linalg/smallMatrix.ts';

/** weight u_jk of group term f. */
interface Weighted {
  readonly f: number;
  readonly j: number;
  readonly k: number;
  readonly weight: number;
}

/**
 * The sds of sums of weighted deviations and x'beta, by the joint covariance of deviations and coefficients of a fit
 * whose residuals are not independent with one sigma, sigma^2 M^-1 in the coordinates of its deviance: u = T Lambda~
 * e, beta = T_X beta~.
 */
export function structuredCovariance(
  fit: MaximumLikelihoodFit,
): (deviations: readonly Weighted[], x: ArrayLike<number>) => number {
  const { products, system } = structuredAt(fit);
  const { unit } = fit.residual!;
  const { borderOffsets, size, p, groups, coordinates } = products;
  const toScaled = groups.map(({ q }, f) => product(coordinates.groups[f]!.T, system.lambda[f]!, q));
  const T = coordinates.beta.T;
  const b = new Float64Array(size);
  return (deviations, x) => {
    b.fill(0);
    for (const { f, j, k, weight } of deviations) {
      const { q } = groups[f]!;
      const offset = borderOffsets[f]! + j * q;
      for (let l = 0; l < q; l++) b[offset + l]! += weight * toScaled[f]![k * q + l]!;
    }
    for (let c = 0; c < p; c++) {
      let sum = 0;
      for (let a = 0; a <= c; a++) sum += x[a]! * T[a * p + c]!;
      b[size - p + c] = sum;
    }
    forwardSolveArrow(system.factor, b);
    return unit * Math.sqrt(b.reduce((sum, value) => sum + value * value, 0));
  };
}
