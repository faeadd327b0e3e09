import type { ChainCheckpoint } from '../mcmc/chain.ts';
import type { SampleSize } from '../mcmc/sampleSize.ts';

/**
 * Which chains are run, by their numbers from 0 on in ascending order, and from where: their beginning (null), or a
 * checkpoint each, all of them after equally many iterations.
 */
export interface ChainStart {
  readonly chains: readonly number[];
  readonly from: readonly ChainCheckpoint[] | null;
}

/** All chains of a fit, from their beginning. */
export function fromTheBeginning({ chains }: SampleSize): ChainStart {
  return { chains: Array.from({ length: chains }, (_, chain) => chain), from: null };
}

/** Chains that go on from where they stand. */
export function fromCheckpoints(checkpoints: readonly ChainCheckpoint[]): ChainStart {
  return { chains: checkpoints.map(({ chain }) => chain), from: checkpoints };
}
