import type { Design } from '../design/design.ts';
import { ModelError } from '../errors.ts';
import { familyOf } from '../families/familyOf.ts';
import { gaussianProducts } from '../products/gaussianProducts.ts';
import { profiledDeviance } from './gaussian/profiledDeviance.ts';

/**
 * The coefficients of a gaussian model given its variances: beta (p) by generalised least squares and one J x q array
 * of u for each factor, its best linear predictor. `lambdas[f]` is a q x q factor of Sigma_f / sigma^2 (with known
 * standard errors, of Sigma_f), so that 0 is complete pooling, and no pooling is what is approached as it grows. The
 * function that is returned may be called for many. Throws `not-supported` for another family.
 */
export function conditionalMeans(
  design: Design,
): (lambdas: readonly Float64Array[]) => { readonly beta: Float64Array; readonly u: readonly Float64Array[] } {
  if (familyOf(design).conjugate !== 'normal') {
    const { label } = design.response;
    throw new ModelError(
      'not-supported',
      label,
      `${label} is ${familyOf(design).name}, and coefficients given their variances are of gaussian responses`,
    );
  }
  const profiled = profiledDeviance(gaussianProducts(design), design, 'ML');
  return (lambdas) => {
    profiled.at(lambdas);
    return profiled.coefficients();
  };
}
