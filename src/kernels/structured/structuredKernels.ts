import type { Design } from '../../design/design.ts';
import type { MovingPriors } from '../../priors/priors.ts';
import { workingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import { rowWeights } from '../../products/rowWeights.ts';
import type { StructuredProducts } from '../../products/structuredProducts.ts';
import { coefficientsKernel } from '../gibbs/coefficients.ts';
import type { Kernel, State } from '../kernel.ts';
import { marginalCovarianceKernel } from '../marginal/marginalCovariance.ts';
import { residualCoordinates } from '../marginal/residualCoordinates.ts';
import { structuredMarginalLikelihood } from '../marginal/structuredMarginalLikelihood.ts';
import { typicalScales } from '../marginal/typicalScales.ts';
import { followVariances } from '../state/coefficientVariances.ts';
import { groupSds, groupSdsKernel } from './groupSds.ts';
import { heldProposal } from './heldProposal.ts';
import { occasionCovarianceKernel } from './occasionCovariance.ts';

/**
 * The kernels of rows whose residuals depend on each other or whose sd depends on terms: the marginal sampler with
 * their parameters among its coordinates, then u and beta in one draw from the cross-products at these parameters;
 * where groups have residual sds of their own, then those given all coefficients, and so the sds of
 * occasions and their correlations.
 */
export function structuredKernels(design: Design, products: StructuredProducts, priors: MovingPriors): Kernel[] {
  const prior = workingCoefficientPrior(products, priors.beta);
  const { omega, correlations } = priors.residual!;
  const residuals = residualCoordinates(products, priors.residual!, priors.sigma);
  const likelihood = structuredMarginalLikelihood(products, prior);
  const typical = Float64Array.from([...typicalScales(design, rowWeights(design)), ...residuals.start]);
  const matrix = correlations?.kind === 'lkj' ? correlations : null;
  const given = omega !== undefined || matrix !== null;
  const drawn = coefficientsKernel(design, products, prior, prior.setVariances !== null || given, true);
  const coefficients: Kernel = {
    ...drawn,
    step(state, rng, phase, info) {
      if (phase === 'warmup' && !prior.setVariances && !given) return;
      residuals.restore(state);
      drawn.step(state, rng, phase, info);
    },
  };
  const held: Kernel[] = [];
  if (omega && priors.sigma)
    held.push(groupSdsKernel(groupSds(design, products, residuals, priors.sigma, omega), omega));
  if (matrix && priors.sigma) {
    held.push(occasionCovarianceKernel(design, products, residuals, matrix.eta, priors.sigma));
  }
  const moving = (state: State): void => {
    followVariances(prior, state);
    residuals.hold(state);
  };
  const covariances = marginalCovarianceKernel(
    design.groupTerms,
    likelihood,
    typical,
    priors.groups,
    priors.sigma,
    held.length > 0 ? heldProposal(design, products, priors, residuals, coefficients, held) : undefined,
    residuals,
    held.length > 0 || prior.setVariances ? moving : null,
  );
  return [covariances, coefficients, ...held];
}
