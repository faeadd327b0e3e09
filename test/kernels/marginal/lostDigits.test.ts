import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import { formula } from '../../../src/formula/formula.ts';
import { coefficientsKernel } from '../../../src/kernels/gibbs/coefficients.ts';
import { arrowMarginalLikelihood } from '../../../src/kernels/marginal/arrowMarginalLikelihood.ts';
import { emptyState, layout } from '../../../src/mcmc/layout.ts';
import { workingCoefficientPrior } from '../../../src/priors/workingCoefficientPrior.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';
import { triangularRows } from '../../../src/products/triangularRows.ts';
import { createRng } from '../../../src/random/rng.ts';

const [a, b] = [7, 5];
const SIGMA = 0.5;

/** A row a cell of a x b, sds of s and t times sigma. */
function crossed(seed: number) {
  const rng = createRng([61, seed]);
  const cells = Array.from({ length: a * b }, (_, i) => i);
  const y = cells.map(() => 3 + rng.normal());
  const design = buildDesign(formula('y ~ 1 + (1 | g) + (1 | h)'), {
    rows: { y, g: cells.map((i) => `g${Math.floor(i / b)}`), h: cells.map((i) => `h${i % b}`) },
  });
  const products = crossProducts(design);
  const flat = { mean: Float64Array.of(0), sd: Float64Array.of(Infinity), source: [] };
  const prior = workingCoefficientPrior(products, flat);
  const likelihood = arrowMarginalLikelihood(products, prior, design.n, () => triangularRows(design, products));
  return { design, products, prior, likelihood, mean: y.reduce((sum, value) => sum + value, 0) / (a * b) };
}

/**
 * |I + s^2 Z_g Z_g' + t^2 Z_h Z_h'| = (1 + b s^2 + a t^2) (1 + b s^2)^(a - 1) (1 + a t^2)^(b - 1), and 1'V^-1 1 =
 * a b / (1 + b s^2 + a t^2): beta ~ N(mean of y, sigma^2 (1 + b s^2 + a t^2) / (a b)).
 */
describe('sds beside which the cross-products have no digits left', () => {
  const sizes = [1, 1e4, 1e6, 1e8].flatMap((t) => [1, 2].map((seed) => [t, seed] as const));
  it.each(sizes)('leave the density right to rounding of the rows: %d residual sds, data %d', (t, seed) => {
    const { likelihood, products } = crossed(seed);
    const s = 0.6 * t;
    likelihood.evaluate([Float64Array.of(s), Float64Array.of(t)]);
    likelihood.solve(SIGMA);
    const all = 1 + b * s * s + a * t * t;
    const logK = Math.log(all) + (a - 1) * Math.log1p(b * s * s) + (b - 1) * Math.log1p(a * t * t);
    // Errors of eps t in the smallest pivots, a dozen of them, or of eps n t^2 as long as those keep five digits.
    const tolerance = 1e-9 + 20 * Number.EPSILON * t * Math.min(t, 1e5);
    expect(Math.abs(likelihood.logDeterminantK() - logK)).toBeLessThan(tolerance);
    // A working column of beta has length sqrt(n) T.
    const T = products.coordinates.beta.T[0]!;
    const logP = Math.log((a * b * T * T) / all);
    expect(Math.abs(likelihood.logDeterminantP() - logP)).toBeLessThan(tolerance);
  });

  it.each(sizes)('leave the draw of beta the closed form: %d residual sds, data %d', (t, seed) => {
    const { design, products, prior, likelihood, mean } = crossed(seed);
    const s = 0.6 * t;
    let asked = 0;
    const kernel = coefficientsKernel(design, products, prior, false, false, (_state, sigma) => {
      asked += 1;
      likelihood.evaluate([Float64Array.of(s), Float64Array.of(t)]);
      likelihood.solve(sigma);
      return likelihood;
    });
    const state = emptyState(layout(design));
    state.at['sigma']![0] = SIGMA;
    state.at['tau_g']![0] = s * SIGMA;
    state.at['tau_h']![0] = t * SIGMA;
    const beta = (last: number): number => {
      const rng = {
        ...createRng([1]),
        fillNormals: (out: Float64Array, count: number) => {
          out.fill(0, 0, count);
          out[count - 1] = last;
        },
      };
      kernel.step(state, rng, 'sampling', new Float64Array(0));
      return state.at['beta']![0]!;
    };
    const sd = SIGMA * Math.sqrt((1 + b * s * s + a * t * t) / (a * b));
    // The mean is known to some eps t of the sd, the sd to the error of a pivot.
    const tolerance = 1e-6 + 20 * Number.EPSILON * t;
    const centre = beta(0);
    expect(Math.abs(centre - mean) / sd).toBeLessThan(tolerance);
    expect(Math.abs(Math.abs(beta(1) - centre) / sd - 1)).toBeLessThan(tolerance);
    // Where the digits last, the draw is its own.
    expect(asked > 0).toBe(t >= 1e6);
  });
});
