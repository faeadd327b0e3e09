import { describe, expect, it } from 'vitest';
import type { CovarianceBlock, Design } from '../../src/design/design.ts';
import type { BlockPrior, Priors, ScalePrior } from '../../src/priors/priors.ts';
import { residualScaleExponent } from '../../src/priors/residualScaleExponent.ts';
import { crossProducts } from '../../src/products/crossProducts.ts';
import { handDesign } from '../oracle/handDesign.ts';
import { uniforms } from '../oracle/randomDesign.ts';
import { logDensityOfSigma, logDensityOfSigmaPairs } from '../oracle/sigmaDensity.ts';

const HALF_T: ScalePrior = { distribution: 'halfT', df: 3, scale: 2 };

/** The priors of the oracle: flat beta, half-t sds, LKJ(1). */
function priorsOf({ p, groupTerms }: Design): Priors {
  return {
    beta: { mean: new Float64Array(p), sd: new Float64Array(p).fill(Infinity), source: [] },
    sigma: HALF_T,
    groups: groupTerms.map(({ blocks }) =>
      blocks.map(
        ({ size }): BlockPrior => ({ kind: 'separation', tau: Array.from({ length: size }, () => HALF_T), eta: 1 }),
      ),
    ),
  };
}

/** Every varying column a block of its own. */
function uncorrelated(design: Design): Design {
  return {
    ...design,
    groupTerms: design.groupTerms.map((term) => ({
      ...term,
      blocks: Array.from({ length: term.q }, (_, k): CovarianceBlock => ({ start: k, size: 1, cov: `s${k}` })),
    })),
  };
}

const exponentOf = (design: Design): number =>
  residualScaleExponent(design, crossProducts(design), priorsOf(design)).exponent;

/** The slope of log p(sigma | y) in log sigma near 0, plus 1. */
function measured(logDensity: (sigma: number) => number): number {
  const [far, near] = [2e-3, 5e-4];
  return 1 + (logDensity(far) - logDensity(near)) / Math.log(far / near);
}

/**
 * Exponents are whole numbers here; where two ways are equally large there is a logarithm, which is worth 1 / log(1 /
 * sigma) = 0.14 at these sigma.
 */
const TOLERANCE = 0.2;

/**
 * A small design of one or two factors, an intercept and perhaps a slope, whose response is fitted exactly by X and by
 * coefficients of the factors that are left out with chance 1/2 each: coefficients are whole numbers, so that the fit
 * is exact in floating point. Perhaps a row is repeated.
 */
function exactDesign(seed: number): Design {
  const uniform = uniforms(7919 * seed + 1);
  const whole = (most: number): number => Math.floor(uniform() * most);
  for (let burn = 0; burn < 9; burn += 1) uniform();
  const n = 3 + whole(4);
  const slope = uniform() < 0.5;
  const x = Array.from({ length: n }, (_, i) => i * i - 2 * i + whole(3));
  const factors = 1 + whole(2);
  const X = x.map((value) => (slope ? [1, value] : [1]));
  const y = x.map((value) => 3 + (slope ? 2 * value : 0));
  const groups = Array.from({ length: factors }, (_, f) => {
    const J = 2 + whole(n - 1);
    const index = x.map((_, i) => (i < J ? i : whole(J)));
    if (f > 0) index.reverse();
    const both = slope && factors === 1 && uniform() < 0.5;
    const Z = x.map((value) => (both ? [1, value] : [1]));
    const takes = Z[0]!.map(() => uniform() < 0.5);
    const coefficients = Array.from({ length: J }, () => takes.map((take) => (take ? 1 + whole(40) : 0)));
    index.forEach((j, i) => {
      Z[i]!.forEach((value, a) => {
        y[i] = y[i]! + coefficients[j]![a]! * value;
      });
    });
    return { factor: `f${f}`, J, index, Z };
  });
  const repeated = uniform() < 0.4;
  const rows = [...x.keys(), ...(repeated ? [0] : [])];
  const weighted = uniform() < 0.3;
  return uncorrelated(
    handDesign({
      y: rows.map((i) => y[i]!),
      X: rows.map((i) => X[i]!),
      groups: groups.map((group) => ({
        ...group,
        index: rows.map((i) => group.index[i]!),
        Z: rows.map((i) => group.Z[i]!),
      })),
      ...(weighted ? { weights: rows.map((i) => 1 + (i % 3)) } : {}),
    }),
  );
}

describe('the power of sigma at 0 in its posterior', () => {
  const found = new Map<number, number>();
  it.each(Array.from({ length: 40 }, (_, seed) => seed))('is that of quadrature: exact design %d', (seed) => {
    const design = exactDesign(seed);
    const exponent = exponentOf(design);
    found.set(exponent, (found.get(exponent) ?? 0) + 1);
    expect(exponent).toBeLessThan(Infinity);
    expect(Math.abs(measured((sigma) => logDensityOfSigma(design, sigma, 0.3)) - exponent)).toBeLessThan(TOLERANCE);
  });

  it('was seen on both sides of what is proper', () => {
    const proper = [...found].filter(([exponent]) => exponent > 0).reduce((sum, [, count]) => sum + count, 0);
    expect(proper).toBeGreaterThan(5);
    expect(40 - proper).toBeGreaterThan(5);
    expect(found.get(0) ?? 0).toBeGreaterThan(0);
  });

  it('is infinite, the density falling faster, where nothing fits the response', () => {
    const design = uncorrelated(
      handDesign({
        y: [1, 2, 4, 3, 7],
        X: [[1], [1], [1], [1], [1]],
        groups: [{ factor: 'g', J: 2, index: [0, 1, 0, 1, 1], Z: [[1], [1], [1], [1], [1]] }],
      }),
    );
    expect(exponentOf(design)).toBe(Infinity);
    expect(measured((sigma) => logDensityOfSigma(design, 100 * sigma))).toBeGreaterThan(50);
  });

  /** Pairs of two treatments; those of group j have the responses first_j and line x first_j, less 1. */
  const pairs = (first: readonly number[], line: number): Design => {
    const index = first.flatMap((_, j) => [j, j]);
    const Z = first.flatMap(() => [
      [1, 0],
      [0, 1],
    ]);
    return handDesign({
      y: first.flatMap((value) => [value, line * value - 1]),
      X: Z,
      groups: [{ factor: 'g', J: first.length, index, Z }],
    });
  };
  it.each([
    [[1, 5, 2, 9, 4], 1, 0],
    [[1, 5, 2, 9, 4, 3], -2, -1],
  ] as const)('takes coefficients on one line, correlation 1: %j times %d', (first, line, exponent) => {
    const design = pairs(first, line);
    expect(exponentOf(design)).toBe(exponent);
    const value = measured((sigma) => logDensityOfSigmaPairs(design, sigma, line, 0.6));
    expect(Math.abs(value - exponent)).toBeLessThan(TOLERANCE);
  });

  it('is 1 where pairs are on no line', () => {
    const design = pairs([1, 5, 2, 9, 4], 1);
    design.response.y[1] = 17;
    expect(exponentOf(design)).toBe(1);
  });
});
