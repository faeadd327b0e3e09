import { createRng } from '../random/rng.ts';
import { adaptiveProposal, type Widening } from './adaptiveProposal.ts';
import { gridProposal } from './gridProposal.ts';
import type { MarginalTarget } from './marginalTarget.ts';
import type { Pausing } from './pausing.ts';
import type { Proposal } from './proposal.ts';
import type { ProposalTable } from './proposalTable.ts';
import { climb } from './simplex.ts';
import { tabulatedProposal } from './tabulatedProposal.ts';

/** What is fitted to the marginal posterior of the covariance parameters before sampling. */
export interface MarginalProposal {
  readonly proposal: Proposal;
  /** Lower Cholesky factor of a random walk's covariance, d x d. */
  readonly walk: Float64Array;
  /** The mode. */
  readonly start: Float64Array;
  /**
   * Independence steps worth their time per recorded draw. A second removes most repeats where the proposal is a mixture (effective draws of the worst
   * parameter from some 0.65 to 0.9 of the recorded ones); a tabulated density is accepted 19 times of 20.
   */
  readonly steps: number;
}

/** A fitted proposal as plain data. */
export interface PreparedProposal {
  readonly table: ProposalTable;
  readonly walk: Float64Array;
  readonly start: Float64Array;
  readonly steps: number;
}

/** What another thread needs to take a proposal; null where the proposal has no table. */
export function preparedProposal({ proposal, walk, start, steps }: MarginalProposal): PreparedProposal | null {
  return proposal.table ? { table: proposal.table, walk, start, steps } : null;
}

/** The proposal that another thread fitted. */
export function takeProposal({ table, walk, start, steps }: PreparedProposal): MarginalProposal {
  return { proposal: tabulatedProposal(table), walk, start, steps };
}

/** log p(phi | y) up to a constant, sigma integrated out under the target's power approximation; -Infinity outside the support. */
export function marginalDensity(target: MarginalTarget): (phi: Float64Array) => number {
  return (phi) => {
    for (let k = 0; k < target.q; k += 1) if (!(phi[k]! > 0)) return -Infinity;
    return target.at(phi) ? target.logMarginal() : -Infinity;
  };
}

/**
 * Fits an independence proposal to a marginal target: a table of the density where phi has one coordinate, a mixture of t distributions around the mode
 * otherwise, nothing where phi has none. `typical` is where the search for the mode starts. It is a function of the target alone: its random stream is its own. `share` thins the evaluations where they are dear.
 */
export function* marginalProposal(
  target: MarginalTarget,
  typical: Float64Array,
  share = 1,
  widening?: Widening,
): Pausing<MarginalProposal> {
  const { d, q } = target;
  const logDensity = marginalDensity(target);
  const mode = new Float64Array(d);
  mode.set(typical.subarray(0, Math.min(d, typical.length)));
  if (d === 0) {
    target.calibrate(mode);
    return { proposal: tabulatedProposal({ kind: 'none' }), walk: new Float64Array(0), start: mode, steps: 1 };
  }
  target.confine(mode);
  target.calibrate(mode);
  if (d === 1) {
    const scale = mode[0]!;
    const point = new Float64Array(1);
    const noise = new Float64Array(1);
    const scalar = (x: number): number => {
      point[0] = x;
      return logDensity(point);
    };
    // The first table finds the mode, where the power of sigma is then set.
    const rough = yield* gridProposal(scalar, scale);
    const stream = createRng([1]);
    let best = -Infinity;
    for (let i = 0; i < 40; i += 1) {
      rough.draw(stream, noise);
      const value = scalar(noise[0]!);
      if (value > best) {
        best = value;
        mode[0] = noise[0]!;
      }
    }
    target.calibrate(mode);
    target.tabulate(rough.table.knots);
    return {
      proposal: yield* gridProposal(scalar, scale),
      walk: Float64Array.of(0.5 * mode[0]!),
      start: mode,
      steps: 1,
    };
  }
  yield* climb(logDensity, mode, 0.3, Math.round(share * 150 * (d + 1)));
  target.calibrate(mode);
  yield* climb(logDensity, mode, 0.1, 50 * (d + 1));
  const { proposal, walk } = yield* adaptiveProposal(logDensity, mode, q, createRng([1]), share, widening);
  return { proposal, walk, start: mode, steps: 2 };
}
