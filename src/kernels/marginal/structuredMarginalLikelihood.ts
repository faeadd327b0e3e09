import type { WorkingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import type { StructuredProducts } from '../../products/structuredProducts.ts';
import { arrowMarginalLikelihood } from './arrowMarginalLikelihood.ts';
import type { MarginalLikelihood } from './marginalLikelihood.ts';

/**
 * The likelihood of (Lambda, sigma) with u and beta integrated out at residuals of precision W / sigma^2, W by the last
 * `set` of the cross-products: that of the arrow factor, with -log|W| beside log|K|.
 */
export function structuredMarginalLikelihood(
  products: StructuredProducts,
  prior: WorkingCoefficientPrior,
): MarginalLikelihood {
  const likelihood = arrowMarginalLikelihood(products, prior, products.n);
  return {
    ...likelihood,
    logDeterminantK: () => likelihood.logDeterminantK() + products.model.logDet,
  };
}
