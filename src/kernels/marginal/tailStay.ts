import { exp, log } from '../../elementary.ts';
import type { Pausing } from '../../pausing.ts';
import { differenceWalk } from '../../proposals/differenceWalk.ts';
import { importanceWeights } from '../../proposals/importanceWeights.ts';
import type { Proposal } from '../../proposals/proposal.ts';
import type { Rng } from '../../random/rng.ts';
import type { MarginalTarget } from './marginalTarget.ts';

/** Points of a proposal (N x d) with the logs of their importance weights, sigma drawn with each. */
export interface WeightedPoints {
  readonly points: Float64Array;
  readonly logs: Float64Array;
}

/** Walkers, the steps of each per trial, and points whose differences they walk along. */
const WALKERS = 10;
const CLOUD = 300;
/** Share of the posterior, where chains are held longest, that is looked at. */
const TAIL = 0.05;

/**
 * How many steps an independence proposal holds a chain where it holds it longest: the mean of 1 / chance that a
 * proposal leaves a place (phi, sigma), over the twentieth of the posterior where that is least. Between 1 and 2.2
 * where a mixture fits; from 2.8 on the ends of intervals have a tail ESS of some 400 of 4000 draws, or less. The
 * places are those of walkers that begin at points of the proposal, picked by their weights, and go from there by
 * walks alone, so that they come to tails and ridges that the proposal is too light for to show them among its own
 * points: there its weights look good and chains stay. As many steps are taken, of all walkers, as there are points.
 */
export function* tailStay(
  target: MarginalTarget,
  proposal: Proposal,
  { points, logs }: WeightedPoints,
  rng: Rng,
): Pausing<number> {
  const { d, q } = target;
  const { weights, sum } = importanceWeights(logs);
  const pick = (): number => {
    let u = rng.uniform() * sum;
    for (let n = 0; n < weights.length; n += 1) {
      u -= weights[n]!;
      if (u < 0) return n;
    }
    return weights.length - 1;
  };
  const cloud = new Float64Array(CLOUD * d);
  for (let c = 0; c < CLOUD; c += 1) {
    const n = pick();
    for (let k = 0; k < d; k += 1) {
      const value = points[n * d + k]!;
      cloud[c * d + k] = k < q ? log(value) : value;
    }
  }
  const walk = differenceWalk(cloud, d, q);
  const chance = leavingChance(logs);
  const here = new Float64Array(d);
  const next = new Float64Array(d);
  const evaluate = (phi: Float64Array): number => {
    const weight = target.at(phi) ? target.logWeight(target.drawSigma(rng)) : -Infinity;
    return weight < Infinity ? weight : -Infinity;
  };
  const steps = Math.ceil(logs.length / WALKERS);
  const all = new Float64Array(WALKERS * steps);
  for (let w = 0; w < WALKERS; w += 1) {
    const n = pick();
    here.set(points.subarray(n * d, n * d + d));
    let height = evaluate(here);
    let stay = 1 / chance(height - proposal.logDensity(here));
    for (let s = 0; s < steps; s += 1) {
      const shift = walk(here, rng, next);
      const value = evaluate(next);
      if (rng.uniform() < exp(Math.min(0, value - height + shift))) {
        here.set(next);
        height = value;
        stay = 1 / chance(height - proposal.logDensity(here));
      }
      all[w * steps + s] = stay;
      yield;
    }
  }
  const longest = all.sort().subarray(Math.floor((1 - TAIL) * all.length));
  return longest.reduce((sum, stay) => sum + stay, 0) / longest.length;
}

/**
 * The mean of min(1, w / w(x)) over weights w, given their logs, as a function of log w(x); at least that of a single
 * one of them.
 */
function leavingChance(logs: Float64Array): (at: number) => number {
  const sorted = logs.slice().sort();
  const N = sorted.length;
  const top = sorted[N - 1]!;
  const below = new Float64Array(N + 1);
  for (let n = 0; n < N; n += 1) below[n + 1] = below[n]! + exp(sorted[n]! - top);
  return (at) => {
    let low = 0;
    let high = N;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! < at) low = middle + 1;
      else high = middle;
    }
    return Math.max(1 / N, (below[low]! * exp(Math.min(700, top - at)) + (N - low)) / N);
  };
}
