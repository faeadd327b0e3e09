import type { Design } from '../../design/design.ts';
import type { Pausing } from '../../pausing.ts';
import type { MovingPriors } from '../../priors/priors.ts';
import { type FittedOnce, fittedOnce } from '../fittedOnce.ts';
import { affordableShare } from '../marginal/factorCost.ts';
import {
  type MarginalProposal,
  marginalProposal,
  type PreparedProposal,
  preparedProposal,
  takeProposal,
} from '../marginal/marginalProposal.ts';
import { priorStarts } from '../marginal/priorStarts.ts';
import { lineFitter } from './knotLine.ts';
import { modelFrame } from './whitenedFrame.ts';

/** Alternations of mode and pseudo-observations. */
const TURNS = 3;

/** What is fitted. */
interface Fitted {
  readonly proposal: MarginalProposal;
}

/**
 * A proposal of the covariances, u and beta integrated out, for kernels that draw latent variables of the rows: fitted
 * to the pseudo-observations at the mode, which stand for what those variables are there. Nothing of the whitened
 * coordinates is fitted. What it is fitted to makes only for acceptance. Fitted when it is first asked for, or made of
 * what another thread has fitted.
 */
export function covarianceProposalOnce(design: Design, priors: MovingPriors): FittedOnce<Fitted> {
  return fittedOnce<Fitted, { readonly proposal: PreparedProposal }>(
    () => fitProposal(design, priors),
    (fitted) => {
      const proposal = preparedProposal(fitted.proposal);
      return proposal && { proposal };
    },
    ({ proposal }) => ({ proposal: takeProposal(proposal) }),
  );
}

function* fitProposal(design: Design, priors: MovingPriors): Pausing<Fitted> {
  const frame = modelFrame(design, priors);
  const fitter = lineFitter(frame);
  const mode = fitter.start(frame.known);
  yield* fitter.settle(frame.known, mode, TURNS);
  const target = fitter.settledTarget(frame.known);
  const share = affordableShare(frame.table.layout.pattern);
  const starts = priorStarts(frame.merged.groupTerms, priors.groups, mode);
  return { proposal: yield* marginalProposal(target, mode, { share, starts }) };
}
