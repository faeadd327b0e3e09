import normalCdf from '@stdlib/stats/base/dists/normal/cdf';
import { describe, expect, it } from 'vitest';
import { ModelError } from '../../src/errors.ts';
import { createRng } from '../../src/random/rng.ts';
import { truncatedNormal, truncatedNormalAbove, truncatedNormalBelow } from '../../src/random/truncatedNormal.ts';
import { KS_BOUND, kolmogorovSmirnov } from '../oracle/goodnessOfFit.ts';
import { truncatedNormalCdf } from '../oracle/truncatedNormalCdf.ts';

const DRAWS = 100_000;
const INFINITY = Number.POSITIVE_INFINITY;

// Seeds chosen before the first run; about 40 comparisons at 6e-5 each: family-wise below 1%.
describe('truncatedNormalAbove and truncatedNormalBelow', () => {
  it.each([-40, -3, -0.5, 0, 0.5, 0.51, 1, 3, 8, 20, 40])(
    'follow the normal beyond %d sd, and each other as mirror images',
    (a) => {
      const seed = [4401, 100 + Math.round(10 * Math.abs(a)), a < 0 ? 1 : 0];
      const above = createRng(seed);
      const below = createRng(seed);
      const excess = Float64Array.from({ length: DRAWS }, () => truncatedNormalAbove(-2 * a, 2, 0, above));
      expect(excess.every((x) => x >= 0)).toBe(true);
      const cdf = a < -8 ? (t: number) => normalCdf(t / 2 + a, 0, 1) : truncatedNormalCdf(-2 * a, 2, 0, INFINITY);
      expect(kolmogorovSmirnov(excess, cdf)).toBeLessThan(KS_BOUND);
      const mirror = Array.from({ length: 1000 }, () => truncatedNormalBelow(2 * a, 2, 0, below));
      expect(mirror).toEqual(Array.from(excess.subarray(0, 1000), (x) => -x));
    },
  );

  it('keep their digits and their bound at 1e6 sd', () => {
    const rng = createRng([4402]);
    const excess = Float64Array.from({ length: DRAWS }, () => truncatedNormalAbove(-1e6, 1, 0, rng));
    // There the excess is exponential with rate 1e6, to 1e-12.
    expect(kolmogorovSmirnov(excess, (t) => -Math.expm1(-1e6 * t))).toBeLessThan(KS_BOUND);
    expect(excess.every((x) => x > 0)).toBe(true);
    for (let i = 0; i < 1000; i++) expect(truncatedNormalAbove(0, 1, 40, rng)).toBeGreaterThanOrEqual(40);
  });

  it('without a bound draw the normal itself', () => {
    const rng = createRng([4403]);
    const x = Float64Array.from({ length: DRAWS }, () => truncatedNormalAbove(3, 0.5, -INFINITY, rng));
    expect(kolmogorovSmirnov(x, (value) => normalCdf(value, 3, 0.5))).toBeLessThan(KS_BOUND);
  });
});

describe('truncatedNormal', () => {
  it.each([
    [-1, 1],
    [-0.1, 3],
    [-3, 0.1],
    [-5, 6],
    [0.1, 0.2],
    [0.1, 4],
    [2, 2.3],
    [2, 3.5],
    [7.9, 8],
    [40, 40.001],
    [40, 41],
    [-41, -40],
    [-2.5, -2],
  ])('follows the normal between %d and %d sd', (a, b) => {
    const mean = 5;
    const sd = 0.25;
    const [low, high] = [mean + sd * a, mean + sd * b];
    const rng = createRng([4404, Math.round(10 * a) + 1000, Math.round(10 * b) + 1000]);
    const x = Float64Array.from({ length: DRAWS }, () => truncatedNormal(mean, sd, low, high, rng) - low);
    expect(x.every((distance) => distance >= 0 && distance <= high - low)).toBe(true);
    expect(kolmogorovSmirnov(x, truncatedNormalCdf(mean, sd, low, high))).toBeLessThan(KS_BOUND);
  });

  // A million draws where a wrong factor in an acceptance probability would show most: wide intervals for each
  // proposal.
  it.each([
    ['uniforms around the mean', -1.25, 1.25],
    ['uniforms to its right', 0.05, 1.5],
    ['the exponential', 0.51, INFINITY],
    ['the exponential, cut', 0.51, 3],
  ])('follows the normal by %s, between %d and %d sd', (_, a, b) => {
    const rng = createRng([4407, Math.round(100 * (a + 2))]);
    const x = Float64Array.from({ length: 1_000_000 }, () => truncatedNormal(0, 1, a, b, rng) - a);
    expect(kolmogorovSmirnov(x, truncatedNormalCdf(0, 1, a, b))).toBeLessThan(KS_BOUND);
  });

  it('with an infinite bound is the one-sided form', () => {
    const first = (draw: (rng: ReturnType<typeof createRng>) => number) => draw(createRng([4405]));
    expect(first((rng) => truncatedNormal(1, 2, 3, INFINITY, rng))).toBe(
      first((rng) => truncatedNormalAbove(1, 2, 3, rng)),
    );
    expect(first((rng) => truncatedNormal(1, 2, -INFINITY, 3, rng))).toBe(
      first((rng) => truncatedNormalBelow(1, 2, 3, rng)),
    );
  });

  it('gives the numbers it gave when it was written', () => {
    const rng = createRng([20260101, 0]);
    const golden = [
      truncatedNormalAbove(1, 1, 0, rng),
      truncatedNormalAbove(-9, 1, 0, rng),
      truncatedNormalBelow(2, 1, 0, rng),
      truncatedNormal(0, 1, -1, 1, rng),
      truncatedNormal(0, 1, 2, 2.5, rng),
      truncatedNormal(0, 1, -60, -40, rng),
    ];
    expect(golden).toEqual([
      1.467232923127631, 0.018997174563658927, -0.48597641742732867, 0.11221193788296158, 2.084761149047463,
      -40.00131668595101,
    ]);
  });

  it.each([
    [Number.NaN, 1, 0, 1],
    [0, 0, 0, 1],
    [0, -1, 0, 1],
    [0, INFINITY, 0, 1],
    [0, 1, 1, 1],
    [0, 1, 2, 1],
    [0, 1, Number.NaN, 1],
    [0, 1, INFINITY, INFINITY],
  ])('refuses mean %d, sd %d, low %d, high %d with a ModelError that quotes them', (mean, sd, low, high) => {
    const rng = createRng([4406]);
    expect(() => truncatedNormal(mean, sd, low, high, rng)).toThrow(ModelError);
    expect(() => truncatedNormal(mean, sd, low, high, rng)).toThrow(
      `got mean ${mean}, sd ${sd}, low ${low}, high ${high}; the mean is finite`,
    );
  });
});
