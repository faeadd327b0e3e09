import type { ModelData } from '../../src/data/frame.ts';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { correlationPairs } from '../../src/design/correlationPairs.ts';
import type { ModelGraph } from '../../src/graph/node.ts';
import type { Fit } from '../../src/mcmc/fit.ts';
import { emptyState, layout, layoutSize } from '../../src/mcmc/layout.ts';
import { resolvePriors } from '../../src/priors/resolvePriors.ts';
import { createRng } from '../../src/random/rng.ts';

/**
 * A fit whose draws come from no posterior: normals for coefficients and deviations, random sds, correlations in (-0.8,
 * 0.8) (one pair per factor, so that every matrix is a correlation matrix). For tests of what is computed from draws.
 */
export function syntheticFit(
  graph: ModelGraph,
  data: ModelData,
  options: { readonly chains?: number; readonly iterations?: number; readonly seed?: number } = {},
): Fit {
  const { chains = 2, iterations = 25, seed = 11 } = options;
  const design = buildDesign(graph, data);
  const variables = layout(design);
  const state = emptyState(variables);
  const rng = createRng([seed, 0]);
  const scalars = layoutSize(variables);
  const values = new Float64Array(scalars * chains * iterations);
  for (let s = 0; s < chains * iterations; s++) {
    for (let i = 0; i < scalars; i++) state.position[i] = rng.normal();
    for (const { factor, q, blocks } of design.groupTerms) {
      for (let k = 0; k < q; k++) state.at[`tau_${factor}`]![k] = 0.2 + rng.exponential();
      correlationPairs(blocks).forEach((_, pair) => {
        state.at[`corr_${factor}`]![pair] = 1.6 * rng.uniform() - 0.8;
      });
    }
    if (state.at['sigma']) state.at['sigma'][0] = 0.5 + rng.exponential();
    for (let i = 0; i < scalars; i++) values[i * chains * iterations + s] = state.position[i]!;
  }
  return {
    kind: 'mcmc',
    sampleStats: null,
    graph: design.graph,
    design,
    priors: resolvePriors(design),
    draws: { variables, chains, iterations, values },
    sampling: {
      chains,
      warmup: 0,
      iterations,
      seed,
      rule: 'auto',
      kernels: [],
      warmupSeconds: null,
      samplingSeconds: null,
    },
    checkpoints: [],
  };
}

/** The value of a scalar at draw s (chain after chain) by variable and position: the obvious way to read a draw. */
export function drawOf(fit: Fit, variable: string, position: number, s: number): number {
  const { offset } = fit.draws.variables.find(({ name }) => name === variable)!;
  return fit.draws.values[(offset + position) * fit.draws.chains * fit.draws.iterations + s]!;
}
