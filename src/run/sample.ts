import type { ModelData } from '../data/frame.ts';
import type { ModelGraph } from '../graph/nodes.ts';
import type { Chain } from '../mcmc/chain.ts';
import type { Fit } from '../mcmc/fit.ts';
import { type Plan, type PlanOptions, plan } from '../mcmc/plan.ts';
import { assembleFit, type SampleSize, sampleSize, startChain } from '../mcmc/sampleSync.ts';
import { shortenedChain } from './shortenedChain.ts';
import { yieldToEvents } from './yieldToEvents.ts';

/** How to sample without blocking. Equal graph, data, chains, warmup, iterations, seed and kernels give equal draws. */
export interface SampleAsyncOptions extends PlanOptions {
  /** Number of chains, 1 to 1000; default 4. */
  readonly chains?: number;
  /** Iterations of each chain before the first recorded one; default 1000. */
  readonly warmup?: number;
  /** Recorded iterations of each chain, at least 4; default 1000. */
  readonly iterations?: number;
  /** Integer from 0 to 4294967295; default 1. Chain c draws from the stream of [seed, c]. */
  readonly seed?: number;
  /** Called about 40 times a second, and once at the end. */
  readonly onProgress?: (progress: SampleProgress) => void;
  /**
   * An AbortSignal: stops sampling within a tenth of a second, unless a single iteration of every chain takes longer. With at least four draws in every chain the
   * promise resolves to the fit of what was drawn, all chains of one length; with fewer it rejects with the signal's reason.
   */
  readonly signal?: StopSignal;
}

/** What `sample` uses of an AbortSignal. */
export interface StopSignal {
  readonly aborted: boolean;
  throwIfAborted(): void;
}

/** How far sampling has come. */
export interface SampleProgress {
  readonly phase: 'warmup' | 'sampling';
  readonly chains: number;
  /** Iterations done, summed over chains, warm-up included; of `total`. */
  readonly done: number;
  readonly total: number;
  /** Estimated seconds to the end, at the pace so far; null before there is one. */
  readonly secondsLeft: number | null;
}

/** Milliseconds between two yields to the event loop. */
const ROUND = 25;

/** The fewest draws of a chain that make a fit, as `iterations` demands. */
const FEWEST = 4;

/**
 * Fits a model by Markov chain Monte Carlo and gives way to other events while it runs. The draws are those of `sampleSync`, bit for bit: a chain depends
 * on [seed, chain] alone. All chains advance by the same number of iterations in each round, so that a fit stopped early has chains of one length.
 * Throws (rejects with) `ModelError` for every fault of graph, data or options before sampling starts, `numeric-failure` inside the loop, and the
 * signal's reason when stopped before every chain had four draws.
 */
export async function sample(graph: ModelGraph, data: ModelData, options: SampleAsyncOptions = {}): Promise<Fit> {
  const { signal, onProgress, ...rest } = options;
  const size = sampleSize(rest);
  const model = plan(graph, data, rest);
  signal?.throwIfAborted();
  const chains: Chain[] = [];
  for (let index = 0; index < size.chains; index += 1) {
    chains.push(startChain(model, size, index));
    await yieldToEvents();
    signal?.throwIfAborted();
  }
  const seconds = await runRounds(chains, size, signal, onProgress);
  return gather(model, size, chains, seconds, signal);
}

/** Runs every chain to its end, or to where the signal stopped them all; returns the seconds of each phase, summed over chains. */
async function runRounds(
  chains: readonly Chain[],
  size: SampleSize,
  signal: StopSignal | undefined,
  onProgress: SampleAsyncOptions['onProgress'],
): Promise<{ warmup: number; sampling: number }> {
  const seconds = { warmup: 0, sampling: 0 };
  const length = size.warmup + size.iterations;
  const begin = performance.now();
  let count = 1;
  for (let done = 0; done < length && !signal?.aborted; ) {
    const warming = done < size.warmup;
    const step = Math.min(count, (warming ? size.warmup : length) - done);
    const start = performance.now();
    for (const chain of chains) chain.advance(step);
    const spent = performance.now() - start;
    seconds[warming ? 'warmup' : 'sampling'] += spent / 1000;
    done += step;
    // Twice at most: the first iterations, before the engine has compiled them, say little of the later ones.
    count = Math.max(1, Math.min(2 * step, Math.floor((step * ROUND) / Math.max(spent, 0.01))));
    onProgress?.({
      phase: warming ? 'warmup' : 'sampling',
      chains: chains.length,
      done: done * chains.length,
      total: length * chains.length,
      secondsLeft: ((performance.now() - begin) / 1000) * (length / done - 1),
    });
    await yieldToEvents();
  }
  return seconds;
}

function gather(
  model: Plan,
  size: SampleSize,
  chains: readonly Chain[],
  seconds: { warmup: number; sampling: number },
  signal: StopSignal | undefined,
): Fit {
  const drawn = chains[0]!.done() - size.warmup;
  if (drawn >= size.iterations) return assembleFit(model, size, chains, seconds);
  if (drawn < FEWEST) signal?.throwIfAborted();
  const shorter = chains.map((chain) => shortenedChain(chain, size.iterations, drawn));
  return assembleFit(model, { ...size, iterations: drawn }, shorter, seconds);
}
