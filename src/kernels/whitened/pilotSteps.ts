import type { Pausing } from '../../pausing.ts';
import { createRng } from '../../random/rng.ts';
import type { SweepSteps, WhitenedModel } from './whitenedModel.ts';
import { whitenedSampler } from './whitenedSampler.ts';

/**
 * A sweep has this many pairs of steps A and B where of either fewer independent proposals are accepted than LOW, as
 * with hundreds of groups of one row.
 */
export const MANY_PAIRS = 4;
const LOW = 0.65;
const PILOT = 300;
/**
 * Below this share of accepted independent proposals A the approximation does not hold: as with eight rows and a prior
 * that has eta at +-70. Where rows are few a sweep then has steps C (`whitenedSlices`), up to so many and to so many
 * passes over a row. Otherwise the chain moves by walks, and takes more pairs the fewer are accepted: up to so many,
 * and to so many passes.
 */
const POOR = 0.5;
const MOST_SLICES = 3;
const SLICE_PASSES = 1e4;
/**
 * A proposal that is accepted nearly always may be too light in a tail, where a chain then stays (all responses a
 * success and a wide prior: 71% accepted, 6 effective draws of 4000). So where rows are few a second pilot run, with
 * steps C, goes to the tails and asks at each of so many places with what chance, on average over so many tries, it
 * would be left: the mean of 1 / chance over the posterior is how many sweeps an effective one takes, to a factor of
 * two. Between 1.1 and 1.8 where 4 x 1000 draws pass; from 2 on a sweep has more pairs and a step C, from 20 on as many
 * as where the approximation does not hold. It has one too where the twentieth of the places that are left least is
 * left so seldom (as in `tailStay`): between 1.4 and 2.3 where the approximation fits, 2.8 and 12 where an interval
 * ended on 152 and 266 effective draws of 4000, with means of 1.5 and 1.9.
 */
const PLACES = 200;
const TRIES = 8;
const HELD = 2;
const HELD_LONG = 20;
const TAIL = 0.05;
const HELD_IN_TAIL = 2.5;
/** Evaluations of a density that one slice takes. */
const SLICE_EVALUATIONS = 6;
const MOST_PAIRS = 40;
const MOST_PASSES = 2e4;

/**
 * The steps of a sweep that suit a model, by a pilot run with a stream of its own: a function of the model alone. `low`
 * tells that steps A are seldom accepted; with `refits` the model is then fitted anew, and how its tails are left is
 * not looked at.
 */
export function* pilotSteps(model: WhitenedModel, refits = false): Pausing<SweepSteps & { readonly low: boolean }> {
  const pilot = whitenedSampler(model, { pairs: 1, slices: 0 });
  const rng = createRng([4]);
  const latent = new Float64Array(pilot.length);
  pilot.start(latent, rng);
  for (let s = 0; s < PILOT; s += 1) {
    pilot.sweep(latent, rng);
    yield;
  }
  const { joint, levels } = pilot.acceptance();
  const low = joint < LOW;
  if (low && refits) return { pairs: MANY_PAIRS, slices: 0, low };
  const affordable = Math.min(MOST_SLICES, Math.round(SLICE_PASSES / slicePasses(model)));
  if (joint < POOR) {
    return affordable > 0
      ? { pairs: MANY_PAIRS, slices: affordable, low }
      : { pairs: poorPairs(joint, model.table.n), slices: 0, low };
  }
  const pairs = low || levels < LOW ? MANY_PAIRS : 1;
  if (affordable === 0) return { pairs, slices: 0, low };
  const { mean, longest } = yield* stays(model);
  if (!(mean >= HELD || longest >= HELD_IN_TAIL)) return { pairs, slices: 0, low };
  return { pairs: mean >= HELD ? MANY_PAIRS : pairs, slices: mean >= HELD_LONG ? affordable : 1, low };
}

/**
 * 1 / the chance that a sweep's independent proposals leave a place: the mean over the posterior, and over its
 * twentieth where that is longest.
 */
function* stays(model: WhitenedModel): Pausing<{ readonly mean: number; readonly longest: number }> {
  const pilot = whitenedSampler(model, { pairs: 1, slices: 1 });
  const rng = createRng([12]);
  const latent = new Float64Array(pilot.length);
  pilot.start(latent, rng);
  const all = new Float64Array(PLACES);
  for (let s = 0; s < PLACES; s += 1) {
    pilot.sweep(latent, rng);
    all[s] = 1 / Math.max(1 / PLACES, pilot.chanceToLeave(latent, TRIES, rng));
    yield;
  }
  const tail = all.sort().subarray(Math.floor((1 - TAIL) * PLACES));
  return { mean: all.reduce(add) / PLACES, longest: tail.reduce(add) / tail.length };
}

function add(sum: number, value: number): number {
  return sum + value;
}

/**
 * Passes over a row of one step C: the whole for every coordinate of phi, four times over, and of the border; the rows
 * of its block for one of a block.
 */
function slicePasses({ table, proposal }: WhitenedModel): number {
  return SLICE_EVALUATIONS * table.n * (4 * proposal.start.length + table.layout.pattern.r + table.q);
}

/** The more pairs the fewer proposals are accepted, as far as rows are few. */
function poorPairs(joint: number, rows: number): number {
  const wanted = MANY_PAIRS * (POOR / Math.max(joint, 1e-3)) ** 2;
  return Math.max(MANY_PAIRS, Math.min(Math.ceil(wanted), MOST_PAIRS, Math.floor(MOST_PASSES / rows)));
}
