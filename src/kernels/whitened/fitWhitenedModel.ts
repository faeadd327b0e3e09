import type { Design } from '../../design/design.ts';
import { once, type Pausing } from '../../pausing.ts';
import type { MovingPriors } from '../../priors/priors.ts';
import { CHEAP, factorCost } from '../marginal/factorCost.ts';
import { type PreparedProposal, preparedProposal, takeProposal } from '../marginal/marginalProposal.ts';
import type { Knot } from './interpolatedProducts.ts';
import { type ModelFrame, modelFrame } from './whitenedFrame.ts';
import { COARSE, FINE, type FittedKnots, fitKnots } from './whitenedKnots.ts';
import type { WhitenedModel } from './whitenedModel.ts';
import { pilotPairs } from './whitenedSampler.ts';

/** Cells up to which the fine knots are worth their time. */
const FINE_UP_TO = 2e4;

/** What is fitted of a model, as plain data. */
export interface PreparedModel {
  readonly knots: readonly Knot[];
  readonly proposal: PreparedProposal;
  readonly pairs: number;
}

/** Fits the pseudo-model of a design (rows or cells) under its priors: a function of the two alone. */
export function* fitWhitenedModel(design: Design, priors: MovingPriors): Pausing<WhitenedModel> {
  const frame = modelFrame(design, priors);
  const model = modelOver(frame, yield* fitKnots(frame, COARSE));
  const { pairs, low } = yield* pilotPairs(model);
  const { table, proposal } = model;
  const dear = table.n > FINE_UP_TO || factorCost(table.layout.pattern) > CHEAP;
  if (!low || dear || proposal.start.length === 0) return { ...model, pairs };
  const finer = modelOver(frame, yield* fitKnots(frame, FINE));
  return { ...finer, pairs: (yield* pilotPairs(finer)).pairs };
}

function modelOver({ table, map, weighted, factorOver }: ModelFrame, { knots, proposal }: FittedKnots): WhitenedModel {
  const { products } = weighted;
  return { table, proposal, map, products, knots, allocateFactor: () => factorOver(knots), pairs: 1 };
}

/** The model of a design, fitted when it is first asked for, or made of what another thread has fitted. */
export interface WhitenedModelOnce {
  (): WhitenedModel;
  /** See `Kernel`. */
  prepare(made?: object): Pausing<object | null>;
}

export function whitenedModelOnce(design: Design, priors: MovingPriors): WhitenedModelOnce {
  const fitted = once(() => fitWhitenedModel(design, priors));
  const prepare = function* (made?: object): Pausing<object | null> {
    if (made) {
      // Two kernels of a sweep may share the model.
      fitted.take(() => takeModel(design, priors, made as PreparedModel));
      return made;
    }
    const { knots, proposal, pairs } = yield* fitted.compute();
    const prepared = preparedProposal(proposal);
    return prepared && ({ knots, proposal: prepared, pairs } satisfies PreparedModel);
  };
  return Object.assign(() => fitted.get(), { prepare });
}

function takeModel(design: Design, priors: MovingPriors, { knots, proposal, pairs }: PreparedModel): WhitenedModel {
  return { ...modelOver(modelFrame(design, priors), { knots, proposal: takeProposal(proposal) }), pairs };
}
