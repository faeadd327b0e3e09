import type { Rng } from '../random/rng.ts';
import type { ProposalTable } from './proposalTable.ts';

/** An independence proposal: it owns its workspace and allocates nothing. */
export interface Proposal {
  /** Draws a point into `out`. */
  draw(rng: Rng, out: Float64Array): void;
  /** Log density at a point, up to one constant. */
  logDensity(x: Float64Array): number;
  /** Plain data of which `tabulatedProposal` makes the same proposal in another thread. */
  readonly table?: ProposalTable;
}
