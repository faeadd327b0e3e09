import type { ModelError } from '../errors.ts';
import type { ChainCheckpoint } from '../mcmc/chain.ts';

/** A chain at its end, or where it was stopped. */
export interface StoppedChain {
  readonly chain: number;
  /** [scalar][iteration], `iterations` columns; those not drawn are zero. */
  draws(): Float64Array;
  checkpoint(): ChainCheckpoint;
}

/** What one round took, in milliseconds: of the processors together, and until the last chain was through. */
export interface RoundTime {
  readonly summed: number;
  readonly longest: number;
}

/** Chains that advance by equal numbers of iterations, in this thread or in workers. */
export interface ChainTeam {
  /** What ended chains before their time, by chain. They take no further part. */
  readonly failures: ReadonlyMap<number, ModelError>;
  /** Runs `count` further iterations of every chain that has not failed. */
  advance(count: number): Promise<RoundTime>;
  /** The chains that have not failed, in order. The team is not to be used afterwards. */
  stop(): Promise<readonly StoppedChain[]>;
  /** Frees whatever the team holds. */
  close(): void;
}
