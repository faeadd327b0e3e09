import type { ModelError } from '../errors.ts';
import type { ChainCheckpoint } from '../mcmc/chain.ts';

/** What one round took, in milliseconds: of the processors together, and until the last chain was through. */
export interface RoundTime {
  readonly summed: number;
  readonly longest: number;
}

/**
 * Chains that advance by equal numbers of iterations, in this thread or in workers; their draws go where the team was
 * told.
 */
export interface ChainTeam {
  /** Rounds that may be asked for before the first of them is through. */
  readonly ahead: number;
  /** What ended chains before their time, by chain. They take no further part. */
  readonly failures: ReadonlyMap<number, ModelError>;
  /** Runs `count` further iterations of every chain that has not failed. */
  advance(count: number): Promise<RoundTime>;
  /**
   * Where the chains that have not failed stand, in order, all their draws being gathered; no round may be under way.
   * They may go on.
   */
  stop(): Promise<readonly ChainCheckpoint[]>;
  /** Frees whatever the team holds. */
  close(): void;
}
