import type { Design } from '../../design/design.ts';
import type { MovingPriors } from '../../priors/priors.ts';
import { type FittedOnce, fittedOnce } from '../fittedOnce.ts';
import {
  type MarginalProposal,
  type PreparedProposal,
  preparedProposal,
  takeProposal,
} from '../marginal/marginalProposal.ts';
import { modelFrame } from './whitenedFrame.ts';
import { COARSE, fitKnots } from './whitenedKnots.ts';

/**
 * The proposal of the covariances of a whitened model alone, u and beta integrated out, for kernels that draw those in
 * other coordinates: without the pilot chains that choose a whitened sweep's steps, and without the finer knots that
 * they may ask for. Fitted when it is first asked for, or made of what another thread has fitted.
 */
export function covarianceProposalOnce(
  design: Design,
  priors: MovingPriors,
): FittedOnce<{ readonly proposal: MarginalProposal }> {
  return fittedOnce<{ readonly proposal: MarginalProposal }, { readonly proposal: PreparedProposal }>(
    () => fitKnots(modelFrame(design, priors), COARSE),
    (fitted) => {
      const proposal = preparedProposal(fitted.proposal);
      return proposal && { proposal };
    },
    ({ proposal }) => ({ proposal: takeProposal(proposal) }),
  );
}
