import erfcx from '@stdlib/math/base/special/erfcx';
import normalCdf from '@stdlib/stats/base/dists/normal/cdf';
import { describe, expect, it } from 'vitest';
import { inverseGaussian } from '../../src/random/inverseGaussian.ts';
import { createRng } from '../../src/random/rng.ts';
import { KS_BOUND, kolmogorovSmirnov } from '../oracle/goodnessOfFit.ts';

const DRAWS = 100_000;

function inverseGaussianCdf(x: number, mean: number, shape: number): number {
  const root = Math.sqrt(shape / x);
  const upper = root * (x / mean + 1);
  const lower = root * (x / mean - 1);
  return normalCdf(lower, 0, 1) + 0.5 * erfcx(upper / Math.SQRT2) * Math.exp(-0.5 * lower * lower);
}

// Seeds chosen before the first run; ten comparisons at 6e-5 each.
describe('inverseGaussian', () => {
  it.each([
    [1, 1],
    [0.01, 2],
    [3, 0.2],
    [1e4, 0.5],
    [Number.POSITIVE_INFINITY, 1],
  ])('follows InverseGaussian(mean %d, shape %d) and has its mean', (mean, shape) => {
    const rng = createRng([4301, Math.min(1e6, 100 * mean)]);
    const x = Float64Array.from({ length: DRAWS }, () => inverseGaussian(mean, shape, rng));
    expect(kolmogorovSmirnov(x, (value) => inverseGaussianCdf(value, mean, shape))).toBeLessThan(KS_BOUND);
    // Where the mean is judged by a hundred thousand draws: shape / mean small makes it a sum of rare large ones.
    if (mean < 1e3) {
      const error = Math.sqrt(mean ** 3 / shape / DRAWS);
      expect(Math.abs(x.reduce((sum, value) => sum + value, 0) / DRAWS - mean) / error).toBeLessThan(4);
    }
  });

  it('is 0 for a mean that has underflowed to 0', () => {
    expect(inverseGaussian(0, 1, createRng([4302]))).toBe(0);
  });
});
