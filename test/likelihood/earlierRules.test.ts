import { afterEach, describe, expect, it, vi } from 'vitest';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { formula } from '../../src/formula/formula.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { crossProducts } from '../../src/products/crossProducts.ts';
import { caseData } from './caseFrame.ts';

/**
 * Rules as they once were, put in the place of those that are: each is noticed by what the tests of this room ask of
 * the same data.
 */
const earlier = vi.hoisted(() => ({ singleStart: false, curvatureAlone: false, ridgeOnAll: false }));

vi.mock('../../src/likelihood/search/searchStarts.ts', async (original) => {
  const real = await original<typeof import('../../src/likelihood/search/searchStarts.ts')>();
  const furtherStarts: typeof real.furtherStarts = (...given) =>
    earlier.singleStart ? [] : real.furtherStarts(...given);
  return { ...real, furtherStarts };
});

vi.mock('../../src/likelihood/flatDirections.ts', async (original) => {
  const real = await original<typeof import('../../src/likelihood/flatDirections.ts')>();
  const flatDirections: typeof real.flatDirections = (...given) =>
    earlier.curvatureAlone ? [] : real.flatDirections(...given);
  return { ...real, flatDirections };
});

vi.mock('../../src/products/referenceFit.ts', async (original) => {
  const real = await original<typeof import('../../src/products/referenceFit.ts')>();
  const referenceFit: typeof real.referenceFit = (A, p, ridge, residualSide) =>
    real.referenceFit(A, earlier.ridgeOnAll ? 0 : p, ridge, residualSide);
  return { ...real, referenceFit };
});

afterEach(() => {
  Object.assign(earlier, { singleStart: false, curvatureAlone: false, ridgeOnAll: false });
});

describe('a search from a single start', () => {
  it.each([
    ['reml_basins_a', 'y ~ x1 + (1 + x1 || g)', 162.431],
    ['reml_basins_b', 'y ~ x1 + x2 + (1 + x2 || g)', 6827.589369],
    ['reml_basins_c', 'y ~ 1 + (1 | g)', 37.79844],
    ['reml_basins_d', 'y | se(s) ~ x1 + (1 | g) + (1 | h)', -132.4696],
  ])('ends above the lowest minimum, and several starts do not: %s', (name, text, lowest) => {
    const above = () => maximumLikelihood(formula(text), caseData(name)).deviance - lowest;
    expect(above()).toBeLessThan(1e-3);
    earlier.singleStart = true;
    expect(above()).toBeGreaterThan(5e-3);
  });
});

describe('flat directions by the curvature that is left', () => {
  // Curvatures of 1e-8 to 1e-7 of the largest, from rounding: no threshold on them tells these from an optimum.
  it.each([
    ['cv_470138', 'y ~ (1 + female | person)', true],
    ['cv_488428', 'Y ~ a + (0 + a | G)', false],
  ])('are not seen, or called a search that failed; those of the design are: %s', (name, text, converged) => {
    const answer = () => maximumLikelihood(formula(text), caseData(name));
    const { df } = answer();
    expect(answer()).toMatchObject({ identified: false, convergence: { converged: true } });
    earlier.curvatureAlone = true;
    expect(answer()).toMatchObject({ identified: true, convergence: { converged }, df: df + 1 });
  });
});

describe('a ridge on all coefficients at once', () => {
  it('turns the rounding of a large mean into differences among groups, and the population part first does not', () => {
    const at = Array.from({ length: 20_000 }, (_, i) => i);
    const large = at.map((i) => 1e7 + Math.sin(3 * (i % 10)) + 1.4 * Math.sin(0.37 * i * i));
    const reference = (y: readonly number[]) => {
      const rows = { g: at.map((i) => `g${i % 10}`), x: at.map((i) => 2000 + ((i * 7919) % 21)), y };
      const products = crossProducts(buildDesign(formula('y ~ x + (1 | g)'), { rows }));
      return products.reference.subarray(0, products.size - products.p);
    };
    // Both have the same rounding of the response.
    const small = reference(large.map((y) => y - 1e7));
    const off = () => Math.max(...reference(large).map((u, j) => Math.abs(u - small[j]!)));
    expect(off()).toBeLessThan(1e-6);
    earlier.ridgeOnAll = true;
    expect(off()).toBeGreaterThan(1e-4);
  });
});
