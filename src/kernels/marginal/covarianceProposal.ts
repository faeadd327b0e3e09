import { exp } from '../../elementary.ts';
import type { Pausing } from '../../pausing.ts';
import { importanceWeights } from '../../proposals/importanceWeights.ts';
import { latticeProposal } from '../../proposals/latticeProposal.ts';
import type { Proposal } from '../../proposals/proposal.ts';
import { createRng, type Rng } from '../../random/rng.ts';
import { marginalDensity } from './marginalDensity.ts';
import { type MarginalProposal, marginalProposal, type ProposalSearch, proposalAbout } from './marginalProposal.ts';
import type { MarginalTarget } from './marginalTarget.ts';
import { robustProposals } from './robustProposals.ts';
import { tailStay } from './tailStay.ts';
import { uncoveredPlaces } from './uncoveredPlaces.ts';
import { writtenProposal } from './writtenCoordinates.ts';
import { writtenMixture } from './writtenMixture.ts';

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
/** The same of a proposal that is compared with one of the columns as written. */
const FAR_ABOVE = 10;
/** Points by which a mixture is judged: a heavy weight is rare. */
const MANY_TRIALS = 2000;
/** Fits anew about what walks have found. */
const REFITS = 2;
/** Share of effective points below which a power of sigma is given up, and steps are repeated. */
const POOR = 0.6;
/** Steps for which a proposal may hold a chain in a tail (see `tailStay`). */
const HELD = 2.5;
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
  // A mixture that only shows a lattice where the mass is needs few rounds, and no more points than usual.
  const thinned: ProposalSearch = {
    ...search,
    few: worthwhile,
    ...(worthwhile && widening ? { widening: { ...widening, points: 1 } } : {}),
  };
  let fitted = yield* marginalProposal(target, typical, thinned);
  if (d === 0) return fitted;
  let modes = fitted.modes ?? [];
  let left: Float64Array[] = [];
  /** The mixture about what is known by now. */
  const refitted = (by: ProposalSearch): Pausing<MarginalProposal> =>
    proposalAbout(target, Float64Array.from(modes[0]?.phi ?? fitted.start), modes, left, by);
  if (!local) {
    const further = search.further ? yield* search.further(share) : [];
    for (let refit = 0; refit < REFITS; refit += 1) {
      const found = yield* uncoveredPlaces(target, fitted, modes, share, createRng([8, refit]), further);
      if (found.places.length === 0) break;
      modes = found.modes;
      left = [...left, ...found.places];
      fitted = yield* refitted(thinned);
    }
  }
  const { written: coordinates = null, starts = [] } = search;
  const places = [fitted.start, ...modes.map(({ phi }) => phi), ...starts];
  const written = coordinates && !local ? yield* writtenMixture(target, coordinates, places, share) : null;
  /** The proposal in the coordinates of the columns as written, mixed with that about their means. */
  const mixed = (own: Proposal, part: number): MarginalProposal => ({
    ...fitted,
    proposal: writtenProposal(coordinates!, own, fitted.proposal, part),
    written: { own, moving: fitted.proposal, share: part },
  });
  const whole = written && mixed(written, 1).proposal;
  if (worthwhile) {
    const stream = createRng([4]);
    const proposal = yield* latticeProposal(marginalDensity(target), fitted.proposal, d, q, stream);
    if (
      proposal &&
      (yield* isClose(proposal, fitted.proposal, target)) &&
      !(whole && (yield* leavesOut(proposal, whole, target)))
    ) {
      return { ...fitted, proposal, steps: 1 };
    }
    fitted = yield* refitted(search);
  }
  if (local || d === 1) return fitted;
  const trials = Math.round(share * MANY_TRIALS);
  let best = yield* worthOf(fitted.proposal, target, trials);
  if (best >= POOR && whole && (yield* leavesOut(fitted.proposal, whole, target))) best = 0;
  if (best >= POOR) return fitted;
  if (target.estimatesSigma && !target.calibration().integrated) {
    return yield* covarianceProposal(target, fitted.start, { ...search, integrated: true });
  }
  let taken: MarginalProposal = fitted;
  let cloud: Float64Array | undefined;
  for (const part of written ? [0.5, 1] : []) {
    const other = mixed(written!, part);
    const own = yield* worthOf(other.proposal, target, trials);
    if (own <= best) continue;
    best = own;
    taken = other;
  }
  for (const make of robustProposals(target, fitted, share, coordinates)) {
    if (best >= POOR) break;
    const robust = yield* make();
    if (!robust) continue;
    cloud = robust.cloud;
    const other = coordinates ? mixed(robust.proposal, 1) : { ...fitted, proposal: robust.proposal };
    const own = yield* worthOf(other.proposal, target, trials);
    if (own <= best) continue;
    best = own;
    taken = other;
  }
  const steps = Math.min(MOST_STEPS, Math.ceil(STEPS_WORTH / Math.max(best, 1e-3)));
  return { ...taken, steps, ...(cloud && best < POOR ? { cloud } : {}) };
}

/**
 * Effective points (phi, sigma) of a proposal as a share of all, less where places that its points do not show hold a
 * chain long.
 */
function* worthOf(proposal: Proposal, target: MarginalTarget, trials: number): Pausing<number> {
  const { d } = target;
  const stream = createRng([9]);
  const points = new Float64Array(trials * d);
  const logs = new Float64Array(trials);
  for (let n = 0; n < trials; n += 1) {
    const phi = points.subarray(n * d, n * d + d);
    proposal.draw(stream, phi);
    const weight = target.at(phi) ? target.logWeight(target.drawSigma(stream)) : -Infinity;
    logs[n] = logRatio(weight, proposal, phi);
    yield;
  }
  const effective = importanceWeights(logs).effective / trials;
  if (!(effective >= POOR)) return Number.isFinite(effective) ? effective : 0;
  const stay = yield* tailStay(target, proposal, { points, logs }, createRng([13]));
  return stay > HELD ? POOR * (HELD / stay) : effective;
}

/**
 * Whether a proposal is nearly the posterior: importance weights of its own points (phi, sigma) are nearly equal, and
 * points of another proposal, `other`, find next to nothing that it leaves out.
 */
function* isClose(proposal: Proposal, other: Proposal, target: MarginalTarget): Pausing<boolean> {
  const stream = createRng([5]);
  const { own } = yield* logRatios(target, proposal, proposal, stream);
  if (!(importanceWeights(own).effective >= GOOD * TRIALS)) return false;
  return missedShare(own, yield* logRatios(target, other, proposal, stream), ABOVE) <= LARGEST_SHARE;
}

/** Whether points of another proposal find part of the posterior that this one leaves out by far. */
function* leavesOut(proposal: Proposal, other: Proposal, target: MarginalTarget): Pausing<boolean> {
  const stream = createRng([16]);
  const { own } = yield* logRatios(target, proposal, proposal, stream);
  return !(missedShare(own, yield* logRatios(target, other, proposal, stream), FAR_ABOVE) <= LARGEST_SHARE);
}

/** Log posterior density over the density of `by`, and over that of `of`, at points of `by`. */
interface LogRatios {
  readonly own: Float64Array;
  readonly against: Float64Array;
}

function* logRatios(target: MarginalTarget, by: Proposal, of: Proposal, stream: Rng): Pausing<LogRatios> {
  const phi = new Float64Array(target.d);
  const own = new Float64Array(TRIALS);
  const against = new Float64Array(TRIALS);
  for (let n = 0; n < TRIALS; n += 1) {
    by.draw(stream, phi);
    const weight = target.at(phi) ? target.logWeight(target.drawSigma(stream)) : -Infinity;
    own[n] = logRatio(weight, by, phi);
    against[n] = by === of ? own[n]! : logRatio(weight, of, phi);
    yield;
  }
  return { own, against };
}

/** The share of the posterior's mass, by points of another proposal, that lies `above` times over one beside usual. */
function missedShare(own: Float64Array, found: LogRatios, above: number): number {
  const usual = own.slice().sort()[TRIALS / 2]!;
  const { weights, sum } = importanceWeights(found.own);
  const missed = weights.filter((_, n) => exp(found.against[n]! - usual) > above);
  return missed.reduce((total, mass) => total + mass, 0) / sum;
}

/** A log weight over a proposal's density; minus infinity where there is none. */
function logRatio(weight: number, proposal: Proposal, phi: Float64Array): number {
  return weight > -Infinity && weight < Infinity ? weight - proposal.logDensity(phi) : Number.NEGATIVE_INFINITY;
}
