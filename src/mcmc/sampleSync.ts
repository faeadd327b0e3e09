import type { ModelData, Table } from '../data/frame.ts';
import type { DefaultFamily, FamilyName, FamilySpelled, FamilySpelling } from '../families/family.ts';
import type { FormulaOptions, GivenPriors } from '../formula/formula.ts';
import { type Model, readModel } from '../formula/readModel.ts';
import type { ModelGraph } from '../graph/node.ts';
import { callback, seedValue, wholeNumber } from '../input/acceptedValue.ts';
import { checkFit } from '../input/checkFit.ts';
import { optionError } from '../input/optionError.ts';
import { toTheEnd } from '../pausing.ts';
import { createRng } from '../random/rng.ts';
import { type Chain, type ChainCheckpoint, createChain } from './chain.ts';
import { runningSummaries } from './chainSummary.ts';
import type { Recorded } from './draws.ts';
import { checkRoom } from './drawsRoom.ts';
import type { Fit } from './fit.ts';
import { gatheredDraws } from './gatheredDraws.ts';
import { initialValues } from './initialValues.ts';
import { KEEP_OPTIONS, type KeepOptions, keepOf } from './keep.ts';
import { type KeptQuantiles, pooledQuantiles, withoutQuantiles } from './keptQuantiles.ts';
import { emptyState } from './layout.ts';
import {
  departures,
  keeping,
  PLAN_OPTIONS,
  type Plan,
  type PlanOptions,
  type Preparation,
  plan,
  prepare,
} from './plan.ts';
import { planOfFit } from './planOfFit.ts';
import { checkKept, type SampleSize, sampleSize } from './sampleSize.ts';

/** How to sample. Equal graph, data and options give equal draws. */
export interface SampleOptions extends PlanOptions, KeepOptions {
  /** Number of chains, 1 to 1000; default 4. */
  readonly chains?: number;
  /** Iterations of each chain before the first recorded one; default 1000. */
  readonly warmup?: number;
  /** Iterations of each chain after warm-up, of which at least 4 are to be kept; default 1000. */
  readonly iterations?: number;
  /** Integer from 0 to 4294967295; default 1. Chain c draws from the stream of [seed, c]. */
  readonly seed?: number;
  /** Called between slices of each chain. */
  readonly onProgress?: (progress: Progress) => void;
  /** A clock in seconds, for the times in the fit; without one they are null. */
  readonly clock?: () => number;
}

/** How far sampling has come. */
export interface Progress {
  readonly chain: number;
  readonly chains: number;
  /** Iterations of this chain done, of `total`. */
  readonly done: number;
  readonly total: number;
}

/** The options of both forms of sampling. */
export const SAMPLE_OPTIONS = {
  ...PLAN_OPTIONS,
  ...KEEP_OPTIONS,
  chains: wholeNumber(1, 1000),
  warmup: wholeNumber(0, 1e7),
  iterations: wholeNumber(4, 1e7),
  seed: seedValue,
  onProgress: callback,
};

/**
 * Fits a model by Markov chain Monte Carlo, chains in turn, blocking. `sample` is the asynchronous form; both give the
 * same draws. The model is a graph or the text of a formula, which takes its options (family, priors, level2, nu) among
 * these; data are a table, or `{ rows, groups }`.
 * Throws `ModelError` for every fault of model, data or options, before sampling starts.
 */
export function sampleSync<F extends FamilyName>(
  graph: ModelGraph<string, F>,
  data: ModelData | Table,
  options?: SampleOptions,
): Fit<F>;
export function sampleSync<const P extends GivenPriors = GivenPriors, const S extends FamilySpelling = DefaultFamily>(
  text: string,
  data: ModelData | Table,
  options?: SampleOptions & FormulaOptions<P, S>,
): Fit<FamilySpelled<S>>;
export function sampleSync(model: Model, data: ModelData | Table, given: SampleOptions & FormulaOptions = {}): Fit {
  const { graph, options } = readModel<SampleOptions>('sampleSync', model, given, {
    ...SAMPLE_OPTIONS,
    clock: callback,
  });
  const { missing, rankDeficient, kernels } = options;
  const size = sampleSize(options);
  const own = plan(graph, data, { missing, rankDeficient, kernels });
  const keep = keepOf(own.variables, options);
  checkKept(keep, size);
  const kept = keeping(own, keep);
  if (options.memory !== undefined) checkRoom(kept, size, 1e9 * options.memory);
  return runChains(kept, size, options);
}

/** Iterations between two progress reports. */
const SLICE = 250;

function runChains(model: Plan, size: SampleSize, options: SampleOptions): Fit {
  const times = { warmup: 0, sampling: 0 };
  const { clock, onProgress } = options;
  const total = size.warmup + size.iterations;
  const gathered = gatheredDraws(model, size);
  const checkpoints = Array.from({ length: size.chains }, (_, index) => {
    let before = clock?.() ?? 0;
    const chain = startChain(model, size, index);
    while (chain.done() < total) {
      const warming = chain.done() < size.warmup;
      chain.advance(warming ? Math.min(SLICE, size.warmup - chain.done()) : SLICE, gathered.columns(index));
      const now = clock?.() ?? 0;
      times[warming ? 'warmup' : 'sampling'] += now - before;
      before = now;
      onProgress?.({ chain: index, chains: size.chains, done: chain.done(), total });
    }
    return chain.checkpoint();
  });
  return assembleFit(model, size, gathered.all(), checkpoints, clock ? times : null, toTheEnd(prepare(model)));
}

/** Chain `index` of a plan, at its start or where a checkpoint left it. */
export function startChain(model: Plan, size: SampleSize, index: number, from?: ChainCheckpoint): Chain {
  const state = emptyState(model.variables);
  const rng = createRng([size.seed, index]);
  initialValues(model, state, rng);
  const { keep, recorded, variables } = model;
  return createChain(
    model.kernels,
    state,
    rng,
    {
      chain: index,
      warmup: size.warmup,
      iterations: size.iterations,
      record: model.record,
      scalars: recorded,
      thin: keep.thin,
      summaries: runningSummaries(model.design, variables, keep, size.iterations, from?.summaries),
      stats: model.stats.length,
    },
    from,
  );
}

/**
 * The fit of chains that ended, or were stopped, at `checkpoints`; `made` is what their kernels had fitted, null where
 * it is not known; `before` are quantiles of what they drew before they went on.
 */
export function assembleFit(
  model: Plan,
  size: SampleSize,
  recorded: Recorded,
  checkpoints: readonly ChainCheckpoint[],
  seconds: { readonly warmup: number; readonly sampling: number } | null,
  made: Preparation | null,
  before?: KeptQuantiles,
): Fit {
  const { thin, without } = model.keep;
  const departed = departures(model, made);
  return {
    kind: 'mcmc',
    graph: model.graph,
    design: model.design,
    priors: model.priors,
    ...recorded,
    sampling: {
      ...size,
      ...(thin > 1 ? { thin } : {}),
      ...(Object.keys(without).length > 0 ? { keep: without } : {}),
      rule: model.rule,
      kernels: model.kernels.map(({ name, updates, why, stats }, k) => ({
        name,
        updates,
        why,
        ...(departed[k] ? { departure: departed[k] } : {}),
        stats: recorded.sampleStats ? stats : [],
      })),
      warmupSeconds: seconds ? seconds.warmup : null,
      samplingSeconds: seconds ? seconds.sampling : null,
    },
    checkpoints: withoutQuantiles(checkpoints),
    ...(checkpoints.some(({ summaries }) => summaries) ? { quantiles: pooledQuantiles(before, checkpoints) } : {}),
  };
}

/**
 * Goes on from where a fit stopped: `iterations` further draws of every chain, joined to those it has. The draws are
 * those of a single run of the summed length. `extend` is the asynchronous form.
 */
export function extendSync<F extends FamilyName>(fit: Fit<F>, iterations: number): Fit<F>;
export function extendSync(fit: Fit, iterations: number): Fit {
  checkFit('extendSync', fit, 'mcmc');
  const accepted = wholeNumber(1, 1e7);
  if (!accepted.accepts(iterations)) throw optionError('iterations', iterations, accepted.words);
  const { chains, warmup, seed } = fit.sampling;
  const before = fit.sampling.iterations;
  const size = { chains, warmup, iterations: before + iterations, seed };
  const model = planOfFit(fit);
  const gathered = gatheredDraws(model, size);
  gathered.takeAll(fit);
  const checkpoints = fit.checkpoints.map((checkpoint, index) => {
    const chain = startChain(model, size, checkpoint.chain, checkpoint);
    chain.advance(iterations, gathered.columns(index));
    return chain.checkpoint();
  });
  return assembleFit(model, size, gathered.all(), checkpoints, null, toTheEnd(prepare(model)), fit.quantiles);
}
