import { exp, log } from '../../elementary.ts';
import { takesWalk } from '../../proposals/delayedRejection.ts';
import type { Rng } from '../../random/rng.ts';
import {
  LEVEL_CORRELATION,
  LEVEL_FRESH,
  LEVEL_SCALE,
  type LevelPosition,
  type LevelStep,
  type LevelSteps,
  SLACK,
} from './levelSteps.ts';
import { logSum } from './whitenedMap.ts';
import type { WhitenedModel } from './whitenedModel.ts';

/** Steps B, of the blocks, with the workspaces that slices of a block share. */
export interface BlockSteps extends LevelSteps {
  /** J q, J q, J and J: a block's next xi, u, and what comes of them. */
  readonly trialXi: Float64Array;
  readonly trial: Float64Array;
  readonly trialValues: Float64Array;
  readonly trialFactors: Float64Array;
  /** Takes the trial of block j. */
  take(j: number): void;
}

/** The xi of all blocks anew, in one pass over the cells. */
export function whitenedBlocks({ map, table }: WhitenedModel, at: Omit<LevelPosition, 'nextXi' | 'there'>): BlockSteps {
  const { J, q, start } = table;
  const { xi } = at;
  const trialXi = new Float64Array(J * q);
  const trial = new Float64Array(J * q);
  const trialValues = new Float64Array(J);
  const trialFactors = new Float64Array(J);
  const chances = new Float64Array(J);
  const result: LevelStep = { accepted: 0, walked: 0 };

  const take = (j: number): void => {
    const { x, values, factors } = at.here();
    values[j] = trialValues[j]!;
    factors[j] = trialFactors[j]!;
    for (let k = j * q; k < (j + 1) * q; k += 1) {
      xi[k] = trialXi[k]!;
      x[k] = trial[k]!;
    }
  };

  const tryAll = (rng: Rng): void => {
    const here = at.here();
    const { values, factors } = here;
    rng.fillNormals(trialXi, J * q);
    for (let j = 0; j < J; j += 1) {
      // No rows: the prior given the border, whatever the transform.
      if (start[j] === start[j + 1]) continue;
      for (let k = j * q; k < (j + 1) * q; k += 1) trialXi[k] = LEVEL_SCALE * trialXi[k]!;
    }
    map.blocks(at.current(), here, trialXi, trial, trialValues, trialFactors);
    for (let j = 0; j < J; j += 1) {
      let shift = 0;
      for (let k = j * q; k < (j + 1) * q; k += 1) shift += trialXi[k]! * trialXi[k]! - xi[k]! * xi[k]!;
      const ratio = (exp(trialValues[j]! - values[j]! + SLACK * shift) * trialFactors[j]!) / factors[j]!;
      chances[j] = start[j] === start[j + 1] ? 1 : Math.min(1, ratio);
    }
  };

  /** A walk of block j after its independent proposal was refused; whether it was taken. */
  const walk = (j: number, rng: Rng): boolean => {
    const here = at.here();
    const chance = chances[j]!;
    let shift = 0;
    for (let k = j * q; k < (j + 1) * q; k += 1) {
      const value = LEVEL_CORRELATION * xi[k]! + LEVEL_FRESH * rng.normal();
      shift += value * value - xi[k]! * xi[k]!;
      trialXi[k] = value;
    }
    map.blocks(at.current(), here, trialXi, trial, trialValues, trialFactors, j, j + 1);
    const rise = trialValues[j]! - here.values[j]! + log(trialFactors[j]! / here.factors[j]!);
    if (!takesWalk(rise + 0.5 * shift, rise + SLACK * shift, log(chance), chance, rng)) return false;
    take(j);
    return true;
  };

  return {
    count: J,
    chances,
    trialXi,
    trial,
    trialValues,
    trialFactors,
    take,
    try: tryAll,
    step(rng) {
      result.accepted = 0;
      result.walked = 0;
      tryAll(rng);
      for (let j = 0; j < J; j += 1) {
        if (chances[j]! >= 1 || rng.uniform() < chances[j]!) {
          chances[j] = 1;
          result.accepted += 1;
          take(j);
        }
      }
      for (let j = 0; j < J; j += 1) if (chances[j]! < 1 && walk(j, rng)) result.walked += 1;
      const here = at.here();
      here.total = logSum(here.values, here.factors);
      return result;
    },
  };
}
