import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import { formula } from '../../../src/formula/formula.ts';
import { albertChibKernel, polyaGammaKernel } from '../../../src/kernels/augmented/augmentedKernels.ts';
import { emptyState, layout } from '../../../src/mcmc/layout.ts';
import { createRng } from '../../../src/random/rng.ts';

const x = [-1.2, 0.4, 2, -0.3, 0.8, 1.1, -2, 0.1];
const y = [0, 1, 1, 0, 0, 1, 0, 1];
/** A flat prior: moving beta changes nothing but the predictors. */
const priors = {
  beta: { mean: new Float64Array(2), sd: new Float64Array(2).fill(Infinity), source: [] },
  sigma: null,
  groups: [],
};

describe('a draw by data augmentation', () => {
  it.each([
    ['binomialLogit', polyaGammaKernel],
    ['bernoulliProbit', albertChibKernel],
  ] as const)('takes an offset of 3 + 0.7 x for the coefficients less (3, 0.7): %s', (family, kernelOf) => {
    const draw = (text: string, start: readonly number[]): number[] => {
      const rows = { y, x, o: x.map((value) => 3 + 0.7 * value) };
      const design = buildDesign(formula(text, { family }), { rows });
      const none = (): never => {
        throw new Error('there are no covariances to propose');
      };
      const kernel = kernelOf(design, priors, { get: none, prepare: none });
      const state = emptyState(layout(design));
      state.at['beta']!.set(start);
      const rng = createRng([62]);
      kernel.init(state, rng);
      for (let i = 0; i < 3; i += 1) kernel.step(state, rng, 'sampling', new Float64Array(kernel.stats.length));
      return [...state.at['beta']!];
    };
    const plain = draw('y ~ x', [0.2, -0.5]);
    const offset = draw('y ~ x + offset(o)', [0.2 - 3, -0.5 - 0.7]);
    expect(offset[0]).toBeCloseTo(plain[0]! - 3, 9);
    expect(offset[1]).toBeCloseTo(plain[1]! - 0.7, 9);
    expect(Math.abs(plain[0]! - 0.2)).toBeGreaterThan(1e-3);
  });
});
