import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Design } from '../../../src/design/design.ts';
import { profiledDeviance } from '../../../src/likelihood/gaussian/profiledDeviance.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';
import { denseDeviance } from '../../oracle/denseDeviance.ts';
import { type DesignShape, randomDesign, uniforms } from '../../oracle/randomDesign.ts';

const SHAPES: Readonly<Record<string, DesignShape>> = {
  'one varying intercept': { n: 40, p: 2, factors: [{ J: 8, columns: [0] }] },
  'intercept and slope, weights': { n: 60, p: 3, factors: [{ J: 12, columns: [0, 1] }], weights: true },
  'slope without intercept, offset': { n: 50, p: 3, factors: [{ J: 9, columns: [2] }], offset: true },
  'three columns crossed with a second factor': {
    n: 80,
    p: 3,
    factors: [
      { J: 12, columns: [0, 1, 2] },
      { J: 5, columns: [0] },
    ],
  },
  'three crossed factors in blocks, known standard errors': {
    n: 80,
    p: 3,
    factors: [
      { J: 5, columns: [0, 1] },
      { J: 12, columns: [0, 1, 2], blocks: [1, 2] },
      { J: 4, columns: [2, 0], blocks: [1, 1] },
    ],
    standardErrors: true,
  },
  'columns of mean 100 and sd 5, diagonal covariance': {
    n: 80,
    p: 4,
    factors: [{ J: 12, columns: [0, 1, 2], blocks: [1, 1, 1] }],
    centre: 100,
    spread: 5,
  },
  'more groups than a few rows each': { n: 60, p: 2, factors: [{ J: 45, columns: [0, 1] }] },
};
const METHODS = ['ML', 'REML'] as const;
const cases = Object.keys(SHAPES).flatMap((name) => METHODS.map((method) => [name, method] as const));

function setUp(name: string, method: 'ML' | 'REML', seed: number) {
  const design: Design = randomDesign(SHAPES[name]!, seed);
  return { design, profiled: profiledDeviance(crossProducts(design), design, method) };
}

/**
 * Lambda Lambda' of the size of the noise: on columns of mean 100 the dense V loses digits that the working coordinates
 * keep.
 */
const reach = (name: string) => (SHAPES[name]!.centre === undefined ? 2 : 0.05);

describe('profiled deviance', () => {
  it.each(cases)('equals the dense oracle to 1e-10 at any theta: %s, %s', (name, method) => {
    const { design, profiled } = setUp(name, method, 20260101);
    const entry = fc.double({ min: -reach(name), max: reach(name), noNaN: true });
    fc.assert(
      fc.property(fc.array(entry, { minLength: profiled.factors.size, maxLength: profiled.factors.size }), (theta) => {
        const dense = denseDeviance(design, profiled.factors.fromTheta(theta), method).deviance;
        expect(Math.abs(profiled.deviance(theta) - dense)).toBeLessThan(1e-10 * Math.max(1, Math.abs(dense)));
      }),
      { seed: 1, numRuns: 30 },
    );
  });

  it.each(METHODS)('equals the dense oracle where the group-level sds are 40 to 120 times the noise: %s', (method) => {
    const { design, profiled } = setUp('intercept and slope, weights', method, 20260101);
    // All directions of Lambda beyond the limit where the levels are centred, and one of two. V has a condition number
    // of some 1e6, and so errs by 1e-10 of its terms.
    for (const theta of [
      [60, 25, 80],
      [120, -40, 0.4],
    ]) {
      const dense = denseDeviance(design, profiled.factors.fromTheta(theta), method);
      const value = profiled.deviance(theta);
      expect(Math.abs(value - dense.deviance)).toBeLessThan(1e-9 * Math.abs(dense.deviance));
    }
  });

  it.each(cases)('is regular on the boundary: theta = 0 is complete pooling: %s, %s', (name, method) => {
    const { design, profiled } = setUp(name, method, 7);
    const theta = new Float64Array(profiled.factors.size);
    const dense = denseDeviance(design, profiled.factors.fromTheta(theta), method).deviance;
    expect(Math.abs(profiled.deviance(theta) - dense)).toBeLessThan(1e-10 * Math.abs(dense));
  });

  it.each(cases)('has the gradient that central differences give: %s, %s', (name, method) => {
    const { profiled } = setUp(name, method, 3);
    const uniform = uniforms(17);
    for (const scale of [0.02, 0.5, 3, 40]) {
      const x = Float64Array.from({ length: profiled.factors.size }, () => scale * (2 * uniform() - 1));
      const gradient = new Float64Array(x.length);
      const scratch = new Float64Array(x.length);
      profiled.search(x, gradient);
      const at = (k: number, by: number) => {
        const point = Float64Array.from(x);
        point[k]! += by;
        return profiled.search(point, scratch);
      };
      x.forEach((value, k) => {
        // Five-point differences: truncation h^4 and rounding 1e-12 / h are both below 1e-7 here.
        const h = 2e-3 * Math.max(0.05, Math.abs(value));
        const slope = (8 * (at(k, h) - at(k, -h)) - (at(k, 2 * h) - at(k, -2 * h))) / (12 * h);
        expect(Math.abs(gradient[k]! - slope)).toBeLessThan(1e-6 * Math.max(1, Math.abs(slope)));
      });
    }
  });

  // Factors of rank 1 that are t long, in a direction that is no column's: there the gradient is about 1 / t, and as D
  // times Lambda it would have errors of eps n t.
  it.each(
    (['three columns crossed with a second factor', 'more groups than a few rows each'] as const).flatMap((name) =>
      [1e2, 1e4, 1e6].flatMap((t) => METHODS.map((method) => [name, t, method] as const)),
    ),
  )('has its gradient where a singular Lambda is large: %s, %d, %s', (name, t, method) => {
    const design = randomDesign(SHAPES[name]!, 7);
    const profiled = profiledDeviance(crossProducts(design), design, method);
    const x = new Float64Array(profiled.factors.size);
    for (const { offset, size } of profiled.factors.blocks)
      for (let a = 0; a < size; a++) x[offset + a] = t * (1 - 0.3 * a);
    const gradient = new Float64Array(x.length);
    profiled.search(x, gradient);
    const unused = new Float64Array(x.length);
    x.forEach((value, k) => {
      if (value === 0) {
        expect(Math.abs(gradient[k]!)).toBeLessThan(1e-7);
        return;
      }
      const h = 1e-4 * t;
      const at = (step: number) =>
        profiled.search(
          Float64Array.from(x, (v, i) => v + (i === k ? step : 0)),
          unused,
        );
      const slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
      // Differences err by the rounding of the deviance, 1e-11 or, at large sds, 1e-15 t, over a step. REML has columns
      // of X beside the groups that span them: eps t of a slope across the long direction, which counts in steps of 1
      // there (exactDeviance.test.ts) and not of t.
      const limit = 1e-6 + 4e-11 * t + (method === 'REML' ? 4e-15 * t * t : 0);
      expect(Math.abs(gradient[k]! - slope) * t).toBeLessThan(limit);
    });
  });

  it('does not depend on the signs of the columns of Lambda', () => {
    const { profiled } = setUp('intercept and slope, weights', 'REML', 5);
    const value = profiled.deviance([0.7, -0.3, 0.4]);
    expect(profiled.deviance([-0.7, 0.3, 0.4])).toBeCloseTo(value, 10);
    expect(profiled.deviance([0.7, -0.3, -0.4])).toBeCloseTo(value, 10);
  });

  it('profiles sigma out: no sigma gives a lower deviance than its own', () => {
    const { profiled } = setUp('intercept and slope, weights', 'REML', 5);
    const lambdas = profiled.factors.fromTheta([0.7, -0.3, 0.4]);
    const best = profiled.at(lambdas);
    const sigma = Math.sqrt(profiled.sigma2());
    expect(profiled.at(lambdas, sigma)).toBeCloseTo(best, 9);
    expect(profiled.at(lambdas, 1.01 * sigma)).toBeGreaterThan(best);
    expect(profiled.at(lambdas, 0.99 * sigma)).toBeGreaterThan(best);
  });

  it('gives beta and the modes of generalised least squares', () => {
    const { design, profiled } = setUp('three columns crossed with a second factor', 'REML', 9);
    const theta = Float64Array.from({ length: profiled.factors.size }, (_, k) => 0.3 + 0.1 * k);
    profiled.deviance(theta);
    const { beta } = profiled.coefficients();
    const dense = denseDeviance(design, profiled.factors.fromTheta(theta), 'REML');
    beta.forEach((value, k) => {
      expect(value).toBeCloseTo(dense.beta[k]!, 10);
    });
    expect(profiled.system.r2).toBeCloseTo(dense.r2, 9);
  });

  it('stays exact where Lambda is huge: hierarchical centring keeps the digits of beta', () => {
    // With Z_j = X_j = 1 the closed form is beta = the mean of the group means as Lambda grows, X'V^-1 X = sum_j n_j /
    // (1 + n_j Lambda^2).
    const design = randomDesign({ n: 40, p: 1, factors: [{ J: 8, columns: [0] }] }, 4);
    const profiled = profiledDeviance(crossProducts(design), design, 'REML');
    const { counts } = design.groupTerms[0]!;
    for (const lambda of [1e2, 1e4, 1e6, 1e8]) {
      profiled.deviance([lambda]);
      let precision = 0;
      for (const n of counts) precision += n / (1 + n * lambda * lambda);
      const { system } = profiled;
      const { logDeterminant } = system.crossProducts.coordinates.beta;
      expect(Math.abs(system.logDetX - 2 * logDeterminant - Math.log(precision))).toBeLessThan(1e-10);
    }
  });
});
