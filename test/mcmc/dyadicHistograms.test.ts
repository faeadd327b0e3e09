import { describe, expect, it } from 'vitest';
import { quantileOfSorted } from '../../diagnostics/quantile.ts';
import {
  addDraw,
  copyHistograms,
  type DyadicHistograms,
  emptyHistograms,
  histogramCount,
  histogramQuantile,
  poolHistograms,
} from '../../src/mcmc/dyadicHistograms.ts';
import { createRng } from '../../src/random/rng.ts';

const rng = createRng([20261128]);

/** Draws of many kinds, constants, zeros, powers of two and far outliers among them. */
const KINDS: Readonly<Record<string, () => number>> = {
  normal: () => rng.normal(),
  'far from zero': () => 1e6 + 1e-3 * rng.normal(),
  'very small': () => 1e-300 * rng.normal(),
  'very large': () => 1e300 * rng.normal(),
  cauchy: () => rng.normal() / rng.normal(),
  'at zero or not': () => (rng.uniform() < 0.5 ? 0 : rng.normal()),
  constant: () => -0.1,
  zero: () => 0,
  'powers of two': () => (rng.uniform() < 0.5 ? -1 : 1) * 2 ** Math.floor(20 * rng.normal()),
  'next to a power of two': () => -(2 ** 3) + 2 ** -50 * Math.floor(4 * rng.normal()),
  skewed: () => Math.exp(2 * rng.normal()),
};

function histogramOf(draws: readonly number[]): DyadicHistograms {
  const histograms = emptyHistograms(1);
  for (const draw of draws) addDraw(histograms, 0, draw);
  return histograms;
}

describe.each(Object.keys(KINDS))('the histogram of draws that are %s', (kind) => {
  const draws = Array.from({ length: 1500 }, KINDS[kind]!);
  const whole = histogramOf(draws);

  it('counts every draw, in 64 bins at most', () => {
    expect(histogramCount(whole, 0)).toBe(draws.length);
    expect(whole.highest[0]! - whole.lowest[0]!).toBeLessThan(64);
  });

  it('has every quantile within a bin, of less than 1/31 of the range', () => {
    const sorted = Float64Array.from(draws).sort();
    const width = 2 ** whole.exponent[0]!;
    const range = sorted.at(-1)! - sorted[0]!;
    // A bin is no narrower than what tells doubles of that size apart.
    expect(width).toBeLessThanOrEqual(Math.max(range / 31, 2 ** -48 * Math.max(...draws.map(Math.abs)), 2 ** -1000));
    for (const p of [0.001, 0.05, 0.5, 0.95, 0.999]) {
      const below = sorted[Math.max(0, Math.ceil(p * draws.length) - 1)]!;
      const found = histogramQuantile(whole, 0, p);
      expect(Math.abs(found - below)).toBeLessThanOrEqual(width * (1 + 1e-9));
    }
  });

  it('is that of the same draws in any order, and of parts that are pooled', () => {
    const mixed = draws.map((draw) => [rng.uniform(), draw] as const).sort((a, b) => a[0] - b[0]);
    expect(histogramOf(mixed.map(([, draw]) => draw))).toEqual(whole);
    const cuts = [0, 1, 2, 40, 700, 1500];
    const parts = cuts.slice(1).map((end, i) => histogramOf(draws.slice(cuts[i], end)));
    for (const order of [parts, [...parts].reverse()]) {
      const all = emptyHistograms(1);
      for (const part of order) {
        const before = copyHistograms(part);
        poolHistograms(all, part);
        expect(part).toEqual(before);
      }
      expect(all).toEqual(whole);
    }
  });
});

describe('quantiles of a histogram', () => {
  it('of normal draws are off by less than a hundredth of their sd on the whole', () => {
    const squares = [0.05, 0.5, 0.95].map((p) => {
      let sum = 0;
      for (let k = 0; k < 100; k += 1) {
        const draws = Float64Array.from({ length: 4000 }, () => rng.normal());
        const found = histogramQuantile(histogramOf(Array.from(draws)), 0, p);
        sum += (found - quantileOfSorted(draws.sort(), p)) ** 2;
      }
      return Math.sqrt(sum / 100);
    });
    // The Monte Carlo error of these quantiles is .033, .020 and .033 sd.
    expect(Math.max(...squares)).toBeLessThan(0.012);
    expect(squares[1]!).toBeLessThan(0.005);
  });

  it('of no draws are not numbers', () => {
    expect(histogramQuantile(emptyHistograms(2), 1, 0.5)).toBeNaN();
  });
});
