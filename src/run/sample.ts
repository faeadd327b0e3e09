import type { ModelData, Table } from '../data/frame.ts';
import type { DefaultFamily, FamilyName, FamilySpelled, FamilySpelling } from '../families/family.ts';
import type { FormulaOptions, GivenPriors } from '../formula/formula.ts';
import { type Model, readModel } from '../formula/readModel.ts';
import type { ModelGraph } from '../graph/node.ts';
import { wholeNumber } from '../input/acceptedValue.ts';
import type { OptionTable } from '../input/checkOptions.ts';
import { optionError } from '../input/optionError.ts';
import { checkRoom } from '../mcmc/drawsRoom.ts';
import type { Fit } from '../mcmc/fit.ts';
import { type KeepOptions, keepOf } from '../mcmc/keep.ts';
import { keeping, type PlanOptions, plan } from '../mcmc/plan.ts';
import { checkKept, sampleSize } from '../mcmc/sampleSize.ts';
import { SAMPLE_OPTIONS } from '../mcmc/sampleSync.ts';
import { fromTheBeginning } from './chainStart.ts';
import { memoryLimit } from './memoryLimit.ts';
import { RUN_OPTIONS, type RunOptions, runChains } from './runChains.ts';

/**
 * How to sample without blocking. Equal graph, data, chains, warmup, iterations, seed and kernels give equal draws,
 * whatever the workers.
 */
export interface SampleAsyncOptions extends PlanOptions, KeepOptions, RunOptions {
  /** Number of chains, 1 to 1000; default 4. */
  readonly chains?: number;
  /** Iterations of each chain before the first recorded one; default 1000. */
  readonly warmup?: number;
  /** Iterations of each chain after warm-up, of which at least 4 are to be kept; default 1000. */
  readonly iterations?: number;
  /** Integer from 0 to 4294967295; default 1. Chain c draws from the stream of [seed, c]. */
  readonly seed?: number;
  /**
   * These chains alone, by number from 1 to `chains`: they are those of a run of all of them, which `combine` joins
   * again. So that several machines share a fit.
   */
  readonly only?: readonly number[];
}

const SAMPLE_ASYNC_OPTIONS: OptionTable<SampleAsyncOptions> = {
  ...SAMPLE_OPTIONS,
  ...RUN_OPTIONS,
  only: { words: 'a list of numbers of chains', accepts: (value) => Array.isArray(value) },
};

/**
 * Fits a model by Markov chain Monte Carlo and gives way to other events while it runs. The model is a graph or the
 * text of a formula, which takes its options (family, priors, level2, nu) among these; data are a table, or `{ rows,
 * groups }`. The draws are those of `sampleSync`, bit for bit, in workers or in turn: a chain depends on [seed, chain]
 * alone. All chains advance by the same number of iterations in each round, so that a fit stopped early has chains of
 * one length.
 * Throws (rejects with) `ModelError` for every fault of model, data or options before sampling starts; `worker-start`
 * when `workers` is a number and they cannot be started (`auto` goes on in turn); a `ChainFailure` when a chain failed,
 * after the others have run to their end, with their fit; and the signal's reason when stopped before every chain had
 * four draws.
 */
export async function sample<F extends FamilyName>(
  graph: ModelGraph<string, F>,
  data: ModelData | Table,
  options?: SampleAsyncOptions,
): Promise<Fit<F>>;
export async function sample<const P extends GivenPriors = GivenPriors, const S extends FamilySpelling = DefaultFamily>(
  text: string,
  data: ModelData | Table,
  options?: SampleAsyncOptions & FormulaOptions<P, S>,
): Promise<Fit<FamilySpelled<S>>>;
export async function sample(
  given: Model,
  data: ModelData | Table,
  all: SampleAsyncOptions & FormulaOptions = {},
): Promise<Fit> {
  const { graph, options } = readModel<SampleAsyncOptions>('sample', given, all, SAMPLE_ASYNC_OPTIONS);
  const { missing, rankDeficient, kernels, only } = options;
  const whole = sampleSize(options);
  const chains = only === undefined ? fromTheBeginning(whole).chains : onlyChains(only, whole.chains);
  const model = plan(graph, data, { missing, rankDeficient, kernels });
  const keep = keepOf(model.variables, options);
  checkKept(keep, whole);
  const size = { ...whole, chains: chains.length };
  const kept = keeping(model, keep);
  checkRoom(kept, size, options.memory === undefined ? await memoryLimit() : 1e9 * options.memory);
  return runChains(kept, size, { chains, from: null }, options);
}

/** Positions of the chains that are asked for by number, from 1 on. */
function onlyChains(only: readonly number[], chains: number): number[] {
  const wanted = [...new Set(only)].sort((a, b) => a - b);
  const accepted = wholeNumber(1, chains);
  if (wanted.length > 0 && wanted.length === only.length && wanted.every(accepted.accepts))
    return wanted.map((k) => k - 1);
  throw optionError('only', only, `numbers of chains from 1 to ${chains}, each once`);
}
