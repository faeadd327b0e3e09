import { describe, expect, it } from 'vitest';
import { residualScaleKernel } from '../../../src/kernels/gibbs/residualScale.ts';
import { emptyState, layout } from '../../../src/mcmc/layout.ts';
import { logScaleDensity, type ScalePrior } from '../../../src/priors/priors.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';
import { createRng } from '../../../src/random/rng.ts';
import { denseColumns } from '../../oracle/denseGaussian.ts';
import { gaussianCases } from '../../oracle/gaussianCases.ts';

const cases = gaussianCases.filter(([, { design }]) => !design.response.standardErrors);

describe('the draw of sigma given the coefficients', () => {
  it.each(cases)(
    'is sqrt((scale + rss / 2) / Gamma(shape + n / 2)) under an inverse gamma: %s',
    (_name, { design }) => {
      const state = emptyState(layout(design));
      const rng = createRng([64]);
      for (const name of Object.keys(state.at)) {
        if (name !== 'beta' && !name.startsWith('u_')) continue;
        state.at[name]!.forEach((_, i) => {
          state.at[name]![i] = 0.001 * rng.normal();
        });
      }
      state.at['beta']![0] = 95;
      const x = [...design.groupTerms.flatMap(({ factor }) => [...state.at[`u_${factor}`]!]), ...state.at['beta']!];
      const A = denseColumns(design);
      let rss = 0;
      for (let i = 0; i < design.n; i += 1) {
        const fitted = A.getRow(i).reduce((sum, value, k) => sum + value * x[k]!, 0);
        const weight = design.response.weights?.[i] ?? 1;
        rss += weight * (design.response.y[i]! - (design.response.offset?.[i] ?? 0) - fitted) ** 2;
      }
      const asked: number[] = [];
      const kernel = residualScaleKernel(design, crossProducts(design), {
        distribution: 'inverseGamma',
        shape: 2.5,
        scale: 7,
      });
      kernel.step(
        state,
        {
          ...rng,
          gamma: (shape, rate) => {
            asked.push(shape, rate);
            return 3;
          },
        },
        'sampling',
        new Float64Array(0),
      );
      expect(asked).toEqual([2.5 + design.n / 2, 1]);
      expect(state.at['sigma']![0]! ** 2 / ((7 + rss / 2) / 3)).toBeCloseTo(1, 9);
    },
  );

  it('leaves sigma^-n exp(-rss / (2 sigma^2)) p(sigma) invariant under any other prior', () => {
    const [, { design }] = cases[0]!;
    const products = crossProducts(design);
    const prior: ScalePrior = { distribution: 'halfCauchy', scale: 0.05 };
    const state = emptyState(layout(design));
    state.at['beta']!.set([100, 0, 0, 0]);
    state.at['sigma']![0] = 2;
    const A = denseColumns(design);
    let rss = 0;
    for (let i = 0; i < design.n; i += 1) {
      const fitted = 100 * A.get(i, A.columns - design.p);
      rss +=
        (design.response.weights?.[i] ?? 1) *
        (design.response.y[i]! - (design.response.offset?.[i] ?? 0) - fitted) ** 2;
    }
    const peak = Math.sqrt(rss / design.n);
    let mass = 0;
    let mean = 0;
    let square = 0;
    for (let s = 0.3 * peak; s < 3 * peak; s += 1e-3 * peak) {
      const log = -design.n * Math.log(s / peak) - 0.5 * rss * (1 / s ** 2 - 1 / peak ** 2) + logScaleDensity(prior, s);
      const density = Math.exp(log);
      mass += density;
      mean += s * density;
      square += s * s * density;
    }
    mean /= mass;
    const sd = Math.sqrt(square / mass - mean * mean);
    const kernel = residualScaleKernel(design, products, prior);
    const rng = createRng([65]);
    const draws = 20_000;
    let own = 0;
    for (let i = 0; i < draws; i += 1) {
      kernel.step(state, rng, 'sampling', new Float64Array(kernel.stats.length));
      own += state.at['sigma']![0]! / draws;
    }
    // Neighbouring draws of a slice sampler on a bell are nearly independent: a third of them at least.
    expect(Math.abs(own - mean)).toBeLessThan((4 * sd) / Math.sqrt(draws / 3));
  });
});
