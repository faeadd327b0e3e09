import type { GroupTerm } from '../../design/design.ts';
import type { Pausing } from '../../pausing.ts';
import type { MovingPrior } from '../../priors/priors.ts';
import { createRng } from '../../random/rng.ts';
import { covarianceModes } from './covarianceModes.ts';
import type { MarginalLikelihood } from './marginalLikelihood.ts';
import { marginalTarget } from './marginalTarget.ts';

/**
 * phi next to where the likelihood of the covariances has its optimum (under flat priors of the sds, correlations and
 * sigma, coefficients integrated out: REML's but for a Jacobian), climbed to from `typical`: where a prior argues with
 * the data it may lie in another mode than every other start leads to. None where nothing has a positive density.
 */
export function* likelihoodStart(
  likelihood: MarginalLikelihood,
  terms: readonly GroupTerm[],
  typical: Float64Array,
  estimatesSigma: boolean,
  share: number,
): Pausing<readonly Float64Array[]> {
  const flat = { distribution: 'flat' } as const;
  const priors = terms.map(({ blocks }) =>
    blocks.map(
      ({ size }): MovingPrior => ({ kind: 'separation', tau: Array.from({ length: size }, () => flat), eta: 1 }),
    ),
  );
  const target = marginalTarget(likelihood, terms, priors, estimatesSigma ? flat : null);
  const first = new Float64Array(target.d);
  first.set(typical.subarray(0, target.q));
  target.calibrate(first);
  const modes = yield* covarianceModes(target, [first], share, createRng([14]), false);
  return modes.map(({ phi }) => phi);
}
