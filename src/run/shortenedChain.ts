import type { StoppedChain } from './chainTeam.ts';

/** The chain as if it had been asked for its first `drawn` iterations only: draws [scalar][drawn], and the checkpoint it stands at. */
export function shortenedChain(chain: StoppedChain, iterations: number, drawn: number): StoppedChain {
  return {
    chain: chain.chain,
    checkpoint: () => chain.checkpoint(),
    draws() {
      const all = chain.draws();
      const scalars = all.length / iterations;
      const kept = new Float64Array(scalars * drawn);
      for (let i = 0; i < scalars; i += 1) kept.set(all.subarray(i * iterations, i * iterations + drawn), i * drawn);
      return kept;
    },
  };
}
