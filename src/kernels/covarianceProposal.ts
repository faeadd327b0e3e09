import { exp } from '../elementary.ts';
import { createRng } from '../random/rng.ts';
import type { Widening } from './adaptiveProposal.ts';
import { importanceWeights } from './importanceWeights.ts';
import { latticeProposal } from './latticeProposal.ts';
import { type MarginalProposal, marginalDensity, marginalProposal } from './marginalProposal.ts';
import type { MarginalTarget } from './marginalTarget.ts';
import type { Pausing } from './pausing.ts';
import type { Proposal } from './proposal.ts';

/** Most coordinates of a lattice. */
const LARGEST_LATTICE = 3;
/** Points by which a lattice is compared with the density, and the share of effective ones from which it takes the mixture's place. */
const TRIALS = 500;
const GOOD = 0.85;
/** The posterior may lie this many times above the lattice (beside where they usually stand to each other) in no more than this share of its mass. */
const ABOVE = 3;
const LARGEST_SHARE = 0.01;

/**
 * The proposal of covariance parameters: that of `marginalProposal`, but with two or three of them the density is tabulated at the knots of a
 * lattice, unless evaluations are dear (`share` below 1). Steps from a lattice are nearly always accepted, so that one a sweep does what two did.
 */
export function* covarianceProposal(
  target: MarginalTarget,
  typical: Float64Array,
  share = 1,
  widening?: Widening,
): Pausing<MarginalProposal> {
  const { d, q } = target;
  const worthwhile = d >= 2 && d <= LARGEST_LATTICE && share === 1;
  // A mixture that only shows a lattice where the mass is needs no more points than usual.
  const fitted = yield* marginalProposal(
    target,
    typical,
    share,
    worthwhile && widening ? { ...widening, points: 1 } : widening,
  );
  if (!worthwhile) return fitted;
  const stream = createRng([4]);
  const proposal = yield* latticeProposal(marginalDensity(target), fitted.proposal, d, q, stream);
  if (!proposal || !(yield* isClose(proposal, fitted.proposal, target))) return fitted;
  return { ...fitted, proposal, steps: 1 };
}

/**
 * Whether a proposal is nearly the posterior: importance weights of its own points (phi, sigma) are nearly equal, and points of another proposal, `other`, find
 * next to nothing that it leaves out.
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
      const value = Number.isNaN(weight) ? -Infinity : weight;
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
