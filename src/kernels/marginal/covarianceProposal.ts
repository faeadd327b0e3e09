import { exp } from '../../elementary.ts';
import type { Pausing } from '../../pausing.ts';
import { importanceWeights } from '../../proposals/importanceWeights.ts';
import { latticeProposal } from '../../proposals/latticeProposal.ts';
import type { Proposal } from '../../proposals/proposal.ts';
import { createRng } from '../../random/rng.ts';
import { marginalDensity } from './marginalDensity.ts';
import { type MarginalProposal, marginalProposal, type ProposalSearch, proposalAbout } from './marginalProposal.ts';
import type { MarginalTarget } from './marginalTarget.ts';
import { robustProposals } from './robustProposals.ts';
import { uncoveredPlaces } from './uncoveredPlaces.ts';

/** Most coordinates of a lattice. */
const LARGEST_LATTICE = 3;
/**
 * Points by which a lattice is compared with the density, and the share of effective ones from which it takes the
 * mixture's place.
 */
const TRIALS = 500;
const GOOD = 0.85;
/**
 * The posterior may lie this many times above the lattice (beside where they usually stand to each other) in no more
 * than this share of its mass.
 */
const ABOVE = 3;
const LARGEST_SHARE = 0.01;
/** Points by which a mixture is judged: a heavy weight is rare. */
const MANY_TRIALS = 2000;
/** Fits anew about what walks have found. */
const REFITS = 2;
/** Share of effective points below which a power of sigma is given up, and steps are repeated. */
const POOR = 0.6;
const MOST_STEPS = 30;
/** Steps of a sweep per effective step: a heavy weight holds a chain many times as long as the share tells. */
const STEPS_WORTH = 4;

/**
 * The proposal of covariance parameters: that of `marginalProposal`, fitted anew about every place that walks from
 * afar find it to leave out, and with sigma integrated out numerically where it is poor. With two or three
 * coordinates the density is then tabulated at the knots of a lattice, unless evaluations are dear (`share` below 1).
 * Steps from a lattice are nearly always accepted, so that one a sweep does what two did; from a poor mixture they
 * are repeated.
 */
export function* covarianceProposal(
  target: MarginalTarget,
  typical: Float64Array,
  search: ProposalSearch = {},
): Pausing<MarginalProposal> {
  const { d, q } = target;
  const { share = 1, widening, local = false } = search;
  const worthwhile = d >= 2 && d <= LARGEST_LATTICE && share === 1;
  // A mixture that only shows a lattice where the mass is needs no more points than usual.
  const thinned: ProposalSearch = {
    ...search,
    ...(worthwhile && widening ? { widening: { ...widening, points: 1 } } : {}),
  };
  let fitted = yield* marginalProposal(target, typical, thinned);
  if (d === 0) return fitted;
  let modes = fitted.modes ?? [];
  if (!local) {
    let places: Float64Array[] = [];
    for (let refit = 0; refit < REFITS; refit += 1) {
      const found = yield* uncoveredPlaces(target, fitted, modes, share, createRng([8, refit]));
      if (found.places.length === 0) break;
      modes = found.modes;
      places = [...places, ...found.places];
      const { start } = fitted;
      fitted = yield* proposalAbout(target, Float64Array.from(modes[0]?.phi ?? start), modes, places, thinned);
    }
  }
  if (worthwhile) {
    const stream = createRng([4]);
    const proposal = yield* latticeProposal(marginalDensity(target), fitted.proposal, d, q, stream);
    if (proposal && (yield* isClose(proposal, fitted.proposal, target))) return { ...fitted, proposal, steps: 1 };
  }
  if (local || d === 1) return fitted;
  const trials = Math.round(share * MANY_TRIALS);
  const effective = yield* effectiveShare(fitted.proposal, target, trials);
  if (effective >= POOR) return fitted;
  if (target.estimatesSigma && !target.calibration().integrated) {
    return yield* covarianceProposal(target, fitted.start, { ...search, integrated: true });
  }
  let best = effective;
  let { proposal } = fitted;
  for (const make of robustProposals(target, fitted, share)) {
    if (best >= POOR) break;
    const other = yield* make();
    const own = other ? yield* effectiveShare(other, target, trials) : 0;
    if (!other || own <= best) continue;
    best = own;
    proposal = other;
  }
  return { ...fitted, proposal, steps: Math.min(MOST_STEPS, Math.ceil(STEPS_WORTH / Math.max(best, 1e-3))) };
}

/** Share of effective points (phi, sigma) of a proposal. */
function* effectiveShare(proposal: Proposal, target: MarginalTarget, trials: number): Pausing<number> {
  const stream = createRng([9]);
  const phi = new Float64Array(target.d);
  const logs = new Float64Array(trials);
  for (let n = 0; n < trials; n += 1) {
    proposal.draw(stream, phi);
    const weight = target.at(phi) ? target.logWeight(target.drawSigma(stream)) : -Infinity;
    logs[n] = weight < Infinity ? weight - proposal.logDensity(phi) : -Infinity;
    yield;
  }
  const { effective } = importanceWeights(logs);
  return Number.isFinite(effective) ? effective / trials : 0;
}

/**
 * Whether a proposal is nearly the posterior: importance weights of its own points (phi, sigma) are nearly equal, and
 * points of another proposal, `other`, find next to nothing that it leaves out.
 */
function* isClose(proposal: Proposal, other: Proposal, target: MarginalTarget): Pausing<boolean> {
  const stream = createRng([5]);
  const phi = new Float64Array(target.d);
  /** Log posterior density over the density of `by`, and over that of `proposal`, at points of `by`. */
  const logRatios = function* (by: Proposal): Pausing<{ own: Float64Array; against: Float64Array }> {
    const own = new Float64Array(TRIALS);
    const against = new Float64Array(TRIALS);
    for (let n = 0; n < TRIALS; n += 1) {
      by.draw(stream, phi);
      const weight = target.at(phi) ? target.logWeight(target.drawSigma(stream)) : -Infinity;
      const value = weight < Infinity ? weight : -Infinity;
      own[n] = value - by.logDensity(phi);
      against[n] = by === proposal ? own[n]! : value - proposal.logDensity(phi);
      yield;
    }
    return { own, against };
  };
  const { own } = yield* logRatios(proposal);
  if (!(importanceWeights(own).effective >= GOOD * TRIALS)) return false;
  const usual = own.sort()[TRIALS / 2]!;
  const found = yield* logRatios(other);
  const masses = importanceWeights(found.own);
  const missed = masses.weights.filter((_, n) => exp(found.against[n]! - usual) > ABOVE);
  return missed.reduce((sum, mass) => sum + mass, 0) <= LARGEST_SHARE * masses.sum;
}
