import { describe, expect, it } from 'vitest';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import { formula } from '../../../src/formula/formula.ts';
import { coefficientCovariance } from '../../../src/likelihood/gaussian/coefficientCovariance.ts';
import { profiledDeviance } from '../../../src/likelihood/gaussian/profiledDeviance.ts';
import { lowerTriangle } from '../../../src/likelihood/relativeFactor.ts';
import { gaussianProducts } from '../../../src/products/gaussianProducts.ts';
import { createRng } from '../../../src/random/rng.ts';
import { denseDeviance } from '../../oracle/denseDeviance.ts';
import { exactDeviance } from '../../oracle/exactDeviance.ts';

/** Columns that vary within groups of g, before and after those that do not (z, zf), which the groups span. */
const MODELS = [
  'y ~ x + z + (1 | g)',
  'y ~ z + x + (1 | g)',
  'y ~ f + z + (1 | g)',
  'y ~ x + zf + (1 | g)',
  'y ~ x + (0 + x | g)',
  'y ~ x * z + (1 + x | g)',
  'y ~ x * z + (1 + x || g)',
  'y ~ x + z + (1 | g) + (1 | h)',
  'y ~ x + z + (1 + x | g) + (1 | h)',
  'y ~ x + I(x^2) + (1 + x + I(x^2) | g)',
];

/**
 * Sds of up to t residual sds: in proportions of up to t, either sign; some columns of a factor 0; or of rank 1 in a
 * direction that is no column's.
 */
type Shape = 'any' | 'with zeros' | 'of rank 1';

function setUp(text: string, method: 'ML' | 'REML', t: number, seed: number, shape: Shape) {
  const rng = createRng([1811, seed]);
  const [n, J] = [24, 5];
  const g = Array.from({ length: n }, (_, i) => i % J);
  const draws = (count: number, sd = 1) => Array.from({ length: count }, () => sd * rng.normal());
  const [z, levels, others] = [draws(J), draws(J, t), draws(3, t)];
  const h = g.map(() => Math.floor(3 * rng.uniform()));
  const x = g.map(() => 3 + rng.normal());
  const rows = {
    g: g.map((j) => `g${j}`),
    h: h.map((j) => `h${j}`),
    z: g.map((j) => z[j]!),
    zf: g.map((j) => 'uvw'[j % 3]!),
    f: g.map(() => 'abc'[Math.floor(3 * rng.uniform())]!),
    x,
    y: x.map((value, i) => value + levels[g[i]!]! + (text.includes('h)') ? others[h[i]!]! : 0) + rng.normal()),
  };
  const design = buildDesign(formula(text), { rows });
  const profiled = profiledDeviance(gaussianProducts(design), design, method);
  const at = Float64Array.from({ length: profiled.factors.size }, () =>
    shape === 'with zeros' && rng.uniform() < 0.4 ? 0 : t ** rng.uniform() * (rng.uniform() < 0.5 ? -1 : 1),
  );
  if (shape === 'of rank 1') {
    at.fill(0);
    for (const { offset, size } of profiled.factors.blocks)
      for (let a = 0; a < size; a++) at[offset + a] = t * (1 - 0.3 * a);
  }
  return { design, profiled, at };
}

describe('the deviance in 400 binary digits', () => {
  it('is the dense one where that has its digits', () => {
    const { design, profiled, at } = setUp('y ~ x * z + (1 + x | g)', 'REML', 2, 5, 'any');
    const lambdas = profiled.factors.fromSearch(at);
    const dense = denseDeviance(design, lambdas, 'REML');
    const exact = exactDeviance(design, lambdas, 'REML');
    expect(Math.abs(exact.deviance - dense.deviance)).toBeLessThan(1e-10);
    expect(Math.abs(exact.beta[0]! - dense.beta[0]!)).toBeLessThan(1e-10);
  });
});

/**
 * Rounding: of a few dozen operations on terms of size t beside 1, 40 eps t; a factor of the cross-products is taken
 * while it errs by less than 1e-9. The gradient G counts in steps that are relative to Lambda, L'G, and in steps of a
 * residual sd, as it is: across a long direction of Lambda that is a covariance's own scale.
 */
describe.each(['ML', 'REML'] as const)('%s with sds of up to 1e8 residual sds', (method) => {
  it.each(MODELS)('criterion, gradient, sigma and standard errors to eps t: %s', (text) => {
    for (const shape of ['any', 'with zeros', 'of rank 1'] as const) {
      for (const [seed, t] of [1, 1e2, 1e4, 1e6, 1e8, 1e8].entries()) {
        const { design, profiled, at } = setUp(text, method, t, seed, shape);
        const { factors } = profiled;
        const gradient = new Float64Array(factors.size);
        const value = profiled.search(at, gradient);
        const directions = Array.from(at, (_, k) => factors.fromSearch(at.map((_v, i) => (i === k ? 1 : 0))));
        const exact = exactDeviance(design, factors.fromSearch(at), method, directions);
        const limit = 1e-9 + 40 * Number.EPSILON * t;
        expect(Math.abs(value - exact.deviance)).toBeLessThan(limit);
        const sigma = Math.sqrt(profiled.sigma2());
        expect(Math.abs(sigma / exact.sigma - 1)).toBeLessThan(limit);
        const vcov = coefficientCovariance(profiled, design.p, sigma);
        exact.se.forEach((se, k) => {
          expect(Math.abs(Math.sqrt(vcov[k * (design.p + 1)]!) / se - 1)).toBeLessThan(limit);
        });
        const error = gradient.map((entry, k) => entry - exact.gradient[k]!);
        for (const block of factors.blocks) {
          const [L, G] = [lowerTriangle(at, block), lowerTriangle(error, block)];
          const { size } = block;
          for (let a = 0; a < size; a++) {
            for (let b = 0; b <= a; b++) {
              let along = 0;
              for (let k = 0; k < size; k++) along += L[k * size + a]! * G[k * size + b]!;
              expect(Math.abs(along)).toBeLessThan(limit);
              expect(Math.abs(G[a * size + b]!)).toBeLessThan(limit);
            }
          }
        }
      }
    }
  });
});
