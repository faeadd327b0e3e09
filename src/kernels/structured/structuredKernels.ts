import type { Design } from '../../design/design.ts';
import type { MovingPriors } from '../../priors/priors.ts';
import { workingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import { rowWeights } from '../../products/rowWeights.ts';
import type { StructuredProducts } from '../../products/structuredProducts.ts';
import { coefficientsKernel } from '../gibbs/coefficients.ts';
import type { Kernel } from '../kernel.ts';
import { marginalCovarianceKernel } from '../marginal/marginalCovariance.ts';
import { residualCoordinates } from '../marginal/residualCoordinates.ts';
import { structuredMarginalLikelihood } from '../marginal/structuredMarginalLikelihood.ts';
import { typicalScales } from '../marginal/typicalScales.ts';
import { followVariances } from '../state/coefficientVariances.ts';

/**
 * The kernels of rows whose residuals depend on each other or whose sd depends on terms: the marginal sampler with
 * their parameters among its coordinates, then u and beta in one draw from the cross-products at these parameters.
 */
export function structuredKernels(design: Design, products: StructuredProducts, priors: MovingPriors): Kernel[] {
  const prior = workingCoefficientPrior(products, priors.beta);
  const residuals = residualCoordinates(products, priors.residual!, priors.sigma);
  const likelihood = structuredMarginalLikelihood(products, prior);
  const typical = Float64Array.from([...typicalScales(design, rowWeights(design)), ...residuals.start]);
  const covariances = marginalCovarianceKernel(
    design.groupTerms,
    likelihood,
    typical,
    priors.groups,
    priors.sigma,
    undefined,
    residuals,
    prior.setVariances && ((state) => followVariances(prior, state)),
  );
  const coefficients = coefficientsKernel(design, products, prior, prior.setVariances !== null, true);
  return [
    covariances,
    {
      ...coefficients,
      step(state, rng, phase, info) {
        if (phase === 'warmup' && !prior.setVariances) return;
        residuals.restore(state);
        coefficients.step(state, rng, phase, info);
      },
    },
  ];
}
