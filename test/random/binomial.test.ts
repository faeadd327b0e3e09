import { describe, expect, it } from 'vitest';
import { drawBinomial, logBinomialCoefficient } from '../../src/random/binomial.ts';
import { createRng } from '../../src/random/rng.ts';

/** The coefficient in whole numbers of any size. */
function exact(n: bigint, k: bigint): bigint {
  let value = 1n;
  for (let i = 1n; i <= k; i++) value = (value * (n - k + i)) / i;
  return value;
}

/** log of a large whole number: its first digits and their count. */
function logOf(value: bigint): number {
  const digits = value.toString();
  const head = digits.slice(0, 15);
  return Math.log(Number(head)) + (digits.length - head.length) * Math.LN10;
}

describe('logBinomialCoefficient', () => {
  it.each([
    [1, 0],
    [1, 1],
    [5, 2],
    [60, 30],
    [100, 49],
    [103, 51],
    [103, 52],
    [1000, 50],
    [1000, 500],
    [1000000, 51],
    [1000000, 3],
    [100000, 40000],
    [1000000000, 45],
  ])('is exact to rounding for %i over %i', (n, k) => {
    const truth = logOf(exact(BigInt(n), BigInt(Math.min(k, n - k))));
    // The truth is known to 15 digits of its argument; what is left is rounding relative to its size.
    expect(Math.abs(logBinomialCoefficient(n, k) - truth)).toBeLessThan(3e-14 * Math.max(1, truth));
  });
});

describe('drawBinomial', () => {
  it('counts failures so rare that successes have the probability 1 to all digits', () => {
    const rng = createRng([4004]);
    const [n, failure, draws] = [2 ** 53, 5e-17, 4000];
    let sum = 0;
    for (let i = 0; i < draws; i++) sum += n - drawBinomial(n, 1 - failure, failure, rng);
    // Poisson: mean and variance n * failure.
    const mean = n * failure;
    expect(Math.abs(sum / draws - mean)).toBeLessThan(4 * Math.sqrt(mean / draws));
  });

  it('has the mean and the variance of the binomial for large counts and rare events, within 4 standard errors', () => {
    const rng = createRng([4003]);
    for (const [n, p] of [
      [1000, 0.3],
      [100000, 0.9],
      [1000000, 2e-6],
      [17, 0.5],
    ] as const) {
      const draws = 4000;
      const values = Float64Array.from({ length: draws }, () => drawBinomial(n, p, 1 - p, rng));
      const mean = values.reduce((sum, value) => sum + value, 0) / draws;
      const variance = values.reduce((sum, value) => sum + (value - n * p) ** 2, 0) / draws;
      const truth = n * p * (1 - p);
      const kurtosis = 3 + (1 - 6 * p * (1 - p)) / truth;
      expect(Math.abs(mean - n * p)).toBeLessThan(4 * Math.sqrt(truth / draws));
      expect(Math.abs(variance / truth - 1)).toBeLessThan(4 * Math.sqrt((kurtosis - 1) / draws));
      expect(values.every((value) => Number.isInteger(value) && value >= 0 && value <= n)).toBe(true);
    }
  });

  it('is certain where the probability is 0 or 1', () => {
    const rng = createRng([4004]);
    expect(drawBinomial(1000, 0, 1, rng)).toBe(0);
    expect(drawBinomial(1000, 1, 0, rng)).toBe(1000);
    expect(drawBinomial(0, 0.5, 0.5, rng)).toBe(0);
  });
});
