import { exp } from '../elementary.ts';
import { createRng } from '../random/rng.ts';
import { latticeProposal } from './latticeProposal.ts';
import { type MarginalProposal, marginalDensity, marginalProposal } from './marginalProposal.ts';
import type { MarginalTarget } from './marginalTarget.ts';
import type { Proposal } from './proposal.ts';

/** Most coordinates of a lattice. */
const LARGEST_LATTICE = 3;
/** Points by which a lattice is compared with the density, and the share of effective ones from which it takes the mixture's place. */
const TRIALS = 500;
const GOOD = 0.85;

/**
 * The proposal of the marginal covariance kernel: that of `marginalProposal`, but with two or three covariance parameters its density is tabulated at the knots of a
 * lattice. Steps from a lattice are nearly always accepted, so that one a sweep does what two did.
 */
export function covarianceProposal(target: MarginalTarget, typical: Float64Array): MarginalProposal {
  const fitted = marginalProposal(target, typical);
  const { d, q } = target;
  if (d < 2 || d > LARGEST_LATTICE) return fitted;
  const stream = createRng([4]);
  const proposal = latticeProposal(marginalDensity(target), fitted.proposal, d, q, stream);
  if (!proposal || efficiency(proposal, target) < GOOD) return fitted;
  return { ...fitted, proposal, steps: 1 };
}

/** Effective share of importance weights of points (phi, sigma) from a proposal: 1 means that it is the posterior. */
function efficiency(proposal: Proposal, target: MarginalTarget): number {
  const stream = createRng([5]);
  const phi = new Float64Array(target.d);
  const logs: number[] = [];
  for (let n = 0; n < TRIALS; n += 1) {
    proposal.draw(stream, phi);
    const value = target.at(phi)
      ? target.logWeight(target.drawSigma(stream)) - proposal.logDensity(phi)
      : Number.NEGATIVE_INFINITY;
    logs.push(Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value);
  }
  const top = Math.max(...logs);
  let sum = 0;
  let squares = 0;
  for (const value of logs) {
    const weight = exp(value - top);
    sum += weight;
    squares += weight * weight;
  }
  return (sum * sum) / (squares * TRIALS);
}
