import { ModelError } from '../errors.ts';
import type { Chain } from '../mcmc/chain.ts';
import { BATCH, type GatheredDraws } from '../mcmc/gatheredDraws.ts';
import type { Plan } from '../mcmc/plan.ts';
import { type SampleSize, startChain } from '../mcmc/sampleSync.ts';
import type { ChainTeam } from './chainTeam.ts';
import { yieldToEvents } from './yieldToEvents.ts';

/** A team in this thread, whose chains can be handed to another one. */
export interface ChainsInTurn extends ChainTeam {
  /** The chains that have not failed, all their draws being gathered. */
  chains(): readonly Chain[];
}

/**
 * Starts the chains of a plan in this thread. `checkStop` is called between two chains and throws to give up. A chain whose kernel fails is
 * left out and its error kept; every other error passes through.
 */
export async function chainsInTurn(
  model: Plan,
  size: SampleSize,
  gathered: GatheredDraws,
  checkStop: () => void,
): Promise<ChainsInTurn> {
  const failures = new Map<number, ModelError>();
  let running: Chain[] = [];
  let taken = 0;
  for (let index = 0; index < size.chains; index += 1) {
    attempt(index, failures, () => running.push(startChain(model, size, index)));
    await yieldToEvents();
    checkStop();
  }

  /** Takes the draws of the running chains when at least so many wait. */
  const takeDraws = (fewest: number): void => {
    const drawn = (running[0]?.done() ?? 0) - size.warmup;
    if (drawn - taken < fewest) return;
    for (const chain of running) {
      gathered.take(chain.chain, taken, drawn, { values: chain.draws(), row: size.iterations, at: taken });
    }
    taken = drawn;
  };

  return {
    failures,
    chains() {
      takeDraws(1);
      return running;
    },
    async advance(count) {
      const start = performance.now();
      for (const chain of running) attempt(chain.chain, failures, () => chain.advance(count));
      running = running.filter(({ chain }) => !failures.has(chain));
      takeDraws(BATCH);
      const spent = performance.now() - start;
      await yieldToEvents();
      return { summed: spent, longest: spent };
    },
    async stop() {
      takeDraws(1);
      return running.map((chain) => chain.checkpoint());
    },
    close() {},
  };
}

/** Runs a part of a chain; a numeric failure in it is noted, anything else thrown. */
export function attempt(chain: number, failures: Map<number, ModelError>, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    failures.set(chain, error);
  }
}
