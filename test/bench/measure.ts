import { essBulk, essTail } from '../../diagnostics/index.ts';
import type { Frame, Table } from '../../src/data/frame.ts';
import type { ModelGraph } from '../../src/graph/node.ts';
import { scalarChains } from '../../src/mcmc/draws.ts';
import { gatheredDraws } from '../../src/mcmc/gatheredDraws.ts';
import { layoutSize, scalarNames } from '../../src/mcmc/layout.ts';
import { plan } from '../../src/mcmc/plan.ts';
import type { SampleSize } from '../../src/mcmc/sampleSize.ts';
import { startChain } from '../../src/mcmc/sampleSync.ts';
import { cpuSeconds } from './cpuSeconds.ts';

/** Effective sample sizes over all scalars of a fit: the smallest and the median. */
export interface Ess {
  readonly min: number;
  readonly median: number;
}

/** What four chains cost and gave. */
export interface Measured {
  /** CPU seconds from graph and rows to chains that can advance, of their warm-up, and of the recorded iterations. */
  readonly startSeconds: number;
  readonly warmupSeconds: number;
  readonly samplingSeconds: number;
  readonly draws: number;
  readonly kernels: string;
  readonly bulk: Ess;
  readonly tail: Ess;
  /** Of every scalar: its name, its chains and its own effective sample size. */
  readonly scalars: readonly {
    readonly name: string;
    readonly chains: readonly Float64Array[];
    readonly bulk: number;
  }[];
}

/** Runs all chains to their end, one after the other in this thread. */
export function run(graph: ModelGraph, rows: Frame | Table, size: SampleSize, kernels: string) {
  const begin = cpuSeconds();
  const model = plan(graph, { rows }, { kernels });
  const chains = Array.from({ length: size.chains }, (_, index) => startChain(model, size, index));
  const started = cpuSeconds();
  const gathered = gatheredDraws(model, size);
  for (const chain of chains) chain.advance(size.warmup, gathered.columns(chain.chain));
  const warm = cpuSeconds();
  for (const chain of chains) chain.advance(size.iterations, gathered.columns(chain.chain));
  return {
    model,
    draws: gathered.all().draws,
    startSeconds: started - begin,
    warmupSeconds: warm - started,
    samplingSeconds: cpuSeconds() - warm,
  };
}

/** Measures a fit after a short one has let the engine compile the kernels, as the peers' compilers had theirs. */
export function measure(graph: ModelGraph, rows: Frame | Table, size: SampleSize, kernels = 'auto'): Measured {
  run(graph, rows, { ...size, chains: 1, warmup: 200, iterations: 500 }, kernels);
  const { model, draws, ...seconds } = run(graph, rows, size, kernels);
  const names = model.variables.flatMap(scalarNames);
  const scalars = Array.from({ length: layoutSize(model.variables) }, (_, i) => {
    const own = scalarChains(draws, i);
    return { name: names[i]!, chains: own, bulk: essBulk(own), tail: essTail(own) };
  });
  return {
    ...seconds,
    draws: size.chains * size.iterations,
    kernels: model.kernels.map(({ name }) => name).join(', '),
    bulk: minAndMedian(scalars.map(({ bulk }) => bulk)),
    tail: minAndMedian(scalars.map(({ tail }) => tail)),
    scalars,
  };
}

function minAndMedian(values: readonly number[]): Ess {
  const sorted = [...values].sort((a, b) => a - b);
  const n = sorted.length;
  return { min: sorted[0]!, median: (sorted[(n - 1) >> 1]! + sorted[n >> 1]!) / 2 };
}
