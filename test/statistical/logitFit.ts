import { quantile } from '../../diagnostics/quantile.ts';
import type { ModelData } from '../../src/data/frame.ts';
import { formula } from '../../src/formula/formula.ts';
import type { Prior } from '../../src/graph/priors.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import type { namedChains, Reference } from './agreement.ts';

export interface LogitOptions {
  readonly kernels?: string;
  readonly iterations: number;
  readonly priors?: Readonly<Record<string, Prior>>;
}

/** A logit model sampled with the seed that its tests share. */
export function logitFit(
  text: string,
  data: ModelData,
  { kernels = 'auto', iterations, priors = {} }: LogitOptions,
): Fit {
  const graph = formula(text, { family: 'binomialLogit', priors });
  return sampleSync(graph, data, { kernels, iterations, warmup: 300, seed: 711 });
}

/** Moments known without Monte Carlo error, or whose error is not counted. */
export function exact(name: string, { mean, sd }: { readonly mean: number; readonly sd: number }): Reference {
  return { name, mean, sd, mcseMean: 0, mcseSd: 0 };
}

/** Draws of one scalar of all chains, in chain order. */
export function drawsOf(chains: ReturnType<typeof namedChains>, name: string): Float64Array {
  return Float64Array.from(chains.get(name)!.flatMap((chain) => Array.from(chain)));
}

export function summaryOf(draws: Float64Array): {
  readonly mean: number;
  readonly sd: number;
  readonly median: number;
} {
  const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
  const squares = draws.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / (draws.length - 1)), median: quantile([draws], 0.5) };
}
