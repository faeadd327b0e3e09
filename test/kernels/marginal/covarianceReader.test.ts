import { describe, expect, it } from 'vitest';
import { correlationPairs } from '../../../src/design/correlationPairs.ts';
import { arrowMarginalLikelihood } from '../../../src/kernels/marginal/arrowMarginalLikelihood.ts';
import { covarianceReader } from '../../../src/kernels/marginal/covarianceReader.ts';
import { covarianceWriter } from '../../../src/kernels/marginal/covarianceWriter.ts';
import { marginalTarget } from '../../../src/kernels/marginal/marginalTarget.ts';
import { emptyState, layout } from '../../../src/mcmc/layout.ts';
import type { BlockPrior } from '../../../src/priors/priors.ts';
import { workingCoefficientPrior } from '../../../src/priors/workingCoefficientPrior.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';
import { createRng } from '../../../src/random/rng.ts';
import { gaussianCases } from '../../oracle/gaussianCases.ts';

const grouped = gaussianCases.filter(([, { design }]) => design.groupTerms.length > 0);

describe('covariances read from the state', () => {
  it.each(grouped)('are written back as they were from where they lead the target: %s', (_name, { design, Sigmas }) => {
    const products = crossProducts(design);
    const flat = { mean: new Float64Array(design.p), sd: new Float64Array(design.p).fill(Infinity), source: [] };
    const likelihood = arrowMarginalLikelihood(products, workingCoefficientPrior(products, flat), design.n);
    const priors = design.groupTerms.map(({ blocks }) =>
      blocks.map(({ size }): BlockPrior => ({ kind: 'halfTCov', df: 2, scale: new Float64Array(size).fill(1) })),
    );
    const target = marginalTarget(likelihood, design.groupTerms, priors, null);
    const state = emptyState(layout(design));
    const rng = createRng([63]);
    design.groupTerms.forEach(({ factor, q, blocks }, f) => {
      for (let k = 0; k < q; k += 1)
        state.at[`tau_${factor}`]![k] = Math.sqrt(Sigmas[f]!.get(k, k)) * (1 + rng.uniform());
      correlationPairs(blocks).forEach((_, i) => {
        state.at[`corr_${factor}`]![i] = 0.3 * rng.uniform();
      });
    });
    const before = Float64Array.from(state.position);
    const phi = new Float64Array(target.d);
    covarianceReader(design.groupTerms)(state, phi);
    expect(target.at(phi)).toBe(true);
    state.position.fill(0);
    covarianceWriter(design.groupTerms).write(target, state, 1);
    before.forEach((value, i) => {
      expect(Math.abs(state.position[i]! - value)).toBeLessThan(1e-13 * Math.max(1e-3, Math.abs(value)));
    });
  });
});
