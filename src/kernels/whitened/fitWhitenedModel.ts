import type { Design } from '../../design/design.ts';
import type { Pausing } from '../../pausing.ts';
import type { MovingPriors } from '../../priors/priors.ts';
import { type FittedOnce, fittedOnce } from '../fittedOnce.ts';
import { CHEAP, factorCost } from '../marginal/factorCost.ts';
import { type PreparedProposal, preparedProposal, takeProposal } from '../marginal/marginalProposal.ts';
import type { Knot } from './interpolatedProducts.ts';
import type { OwnAxis } from './ownAxis.ts';
import { pilotSteps } from './pilotSteps.ts';
import { type ModelFrame, modelFrame } from './whitenedFrame.ts';
import { COARSE, FINE, type FittedKnots, fitKnots } from './whitenedKnots.ts';
import type { SweepSteps, WhitenedModel } from './whitenedModel.ts';

/** Cells up to which the fine knots are worth their time. */
const FINE_UP_TO = 2e4;

/** What is fitted of a model, as plain data. */
export interface PreparedModel {
  readonly knots: readonly Knot[];
  /** Which sds the knots follow. */
  readonly moving: readonly boolean[];
  /** The coordinate of the family's own parameter. */
  readonly axis: OwnAxis | null;
  readonly proposal: PreparedProposal;
  readonly steps: SweepSteps;
}

/** Fits the pseudo-model of a design (rows or cells) under its priors: a function of the two alone. */
export function* fitWhitenedModel(design: Design, priors: MovingPriors): Pausing<WhitenedModel> {
  const frame = modelFrame(design, priors);
  const model = modelOver(frame, yield* fitKnots(frame, COARSE));
  const { table, proposal } = model;
  const dear = table.n > FINE_UP_TO || factorCost(table.layout.pattern) > CHEAP;
  const refits = !dear && proposal.start.length > 0;
  const { low, ...steps } = yield* pilotSteps(model, refits);
  if (!low || !refits) return { ...model, steps };
  const finer = modelOver(frame, yield* fitKnots(frame, FINE));
  const { pairs, slices } = yield* pilotSteps(finer);
  return { ...finer, steps: { pairs, slices } };
}

function modelOver(
  { start, table, map, weighted, prior, factorOver, known }: ModelFrame,
  { knots, moving, axis, proposal }: FittedKnots,
): WhitenedModel {
  const { products } = weighted;
  return {
    start,
    table,
    proposal,
    map,
    prior,
    products,
    knots,
    moving,
    axis,
    allocateFactor: () => factorOver(knots, moving, axis ?? known),
    steps: { pairs: 1, slices: 0 },
  };
}

/** The model of a design, fitted when it is first asked for, or made of what another thread has fitted. */
export function whitenedModelOnce(design: Design, priors: MovingPriors): FittedOnce<WhitenedModel> {
  return fittedOnce<WhitenedModel, PreparedModel>(
    () => fitWhitenedModel(design, priors),
    ({ knots, moving, axis, proposal, steps }) => {
      const prepared = preparedProposal(proposal);
      return prepared && { knots, moving, axis, proposal: prepared, steps };
    },
    ({ knots, moving, axis, proposal, steps }) => {
      const model = modelOver(modelFrame(design, priors), { knots, moving, axis, proposal: takeProposal(proposal) });
      return { ...model, steps };
    },
  );
}
