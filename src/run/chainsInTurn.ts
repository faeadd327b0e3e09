import { ModelError } from '../errors.ts';
import type { Chain } from '../mcmc/chain.ts';
import { allocateColumns } from '../mcmc/columns.ts';
import type { GatheredDraws } from '../mcmc/gatheredDraws.ts';
import { keptDraws } from '../mcmc/keep.ts';
import { type Plan, type Preparation, prepare } from '../mcmc/plan.ts';
import type { SampleSize } from '../mcmc/sampleSize.ts';
import { startChain } from '../mcmc/sampleSync.ts';
import type { Pausing } from '../pausing.ts';
import { type ChainStart, fromTheBeginning } from './chainStart.ts';
import type { ChainTeam } from './chainTeam.ts';
import { givingWay } from './givingWay.ts';
import { yieldToEvents } from './yieldToEvents.ts';

/** A team in this thread, whose chains can be handed to another one. */
export interface ChainsInTurn extends ChainTeam {
  /** The chains that have not failed. */
  chains(): readonly Chain[];
}

/**
 * Starts chains of a plan in this thread, all from their beginning unless `start` says otherwise, and gives way to
 * other events meanwhile. `checkStop` is called many times a second and throws to give up. A chain whose kernel fails
 * is left out and its error kept; every other error passes through.
 */
export async function chainsInTurn(
  model: Plan,
  size: SampleSize,
  gathered: GatheredDraws,
  checkStop: () => void,
  start: ChainStart = fromTheBeginning(size),
): Promise<ChainsInTurn> {
  const failures = new Map<number, ModelError>();
  await givingWay(fitKernels(model), checkStop);
  let running: Chain[] = [];
  for (const [i, chain] of start.chains.entries()) {
    attempt(chain, failures, () => running.push(startChain(model, size, chain, start.from?.[i])));
    await yieldToEvents();
    checkStop();
  }

  const drawn = (chain: Chain, further: number): number =>
    keptDraws(model.keep, Math.min(size.iterations, Math.max(0, chain.done() + further - size.warmup)));

  const record = (chain: Chain, count: number): void => {
    if (!gathered.apart) {
      chain.advance(count, gathered.columns(chain.chain));
      return;
    }
    const [from, to] = [drawn(chain, 0), drawn(chain, count)];
    const columns = allocateColumns(model.recorded.length + model.stats.length, from, to);
    chain.advance(count, columns);
    gathered.take(chain.chain, from, to, columns);
  };

  return {
    ahead: 1,
    failures,
    chains: () => running,
    async advance(count) {
      const began = performance.now();
      for (const chain of running) attempt(chain.chain, failures, () => record(chain, count));
      running = running.filter(({ chain }) => !failures.has(chain));
      const spent = performance.now() - began;
      await yieldToEvents();
      return { summed: spent, longest: spent };
    },
    stop: async () => running.map((chain) => chain.checkpoint()),
    close() {},
  };
}

/** `prepare`; null where it fails: each of the chains will fail in the same way when it starts, and say so. */
export function* fitKernels(model: Plan, made?: Preparation): Pausing<Preparation | null> {
  try {
    return yield* prepare(model, made);
  } catch {
    return null;
  }
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
