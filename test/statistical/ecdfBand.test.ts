import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/random/rng.ts';
import { rankHistograms } from '../oracle/rankHistograms.ts';
import { ecdfTest } from './ecdfBand.ts';

describe('the simultaneous band of an empirical distribution function', () => {
  it.each([
    [4, 3],
    [7, 4],
    [6, 6],
    [12, 5],
  ])('has p-values that are the chance of one no larger, by enumeration of all outcomes: N = %i, K = %i', (N, K) => {
    const test = ecdfTest(N, K);
    const all = rankHistograms(N, K).map(({ counts, p }) => ({ p, value: test.pValue(counts) }));
    for (const { value } of all.filter((_, i) => i % 7 === 0)) {
      const chance = all.reduce((sum, each) => sum + (each.value <= value * (1 + 1e-8) ? each.p : 0), 0);
      expect(Math.abs(value - chance)).toBeLessThan(1e-9);
    }
  });

  it('holds uniform ranks with the coverage stated, in simulation', () => {
    const N = 200;
    const K = 50;
    const RUNS = 4000;
    const test = ecdfTest(N, K);
    const { low, high } = test.band(0.05);
    const rng = createRng([20260703]);
    let left = 0;
    for (let run = 0; run < RUNS; run += 1) {
      const histogram = new Int32Array(K);
      for (let s = 0; s < N; s += 1) histogram[Math.floor(K * rng.uniform())]! += 1;
      let sum = 0;
      let out = false;
      for (let i = 0; i < K - 1; i += 1) {
        sum += histogram[i]!;
        out ||= sum < low[i]! || sum > high[i]!;
      }
      if (out) left += 1;
      if (run < 200) expect(test.pValue(histogram) <= 0.05).toBe(out);
    }
    // Counts are whole: the band may be a little wider than asked for. 4 standard errors of a share of 0.05.
    const error = Math.sqrt((0.05 * 0.95) / RUNS);
    expect(left / RUNS).toBeLessThan(0.05 + 4 * error);
    expect(left / RUNS).toBeGreaterThan(0.045 - 4 * error);
  });

  it('is wider than the band of each point by itself and narrower than a Bonferroni bound over the points', () => {
    const test = ecdfTest(1000, 100);
    for (const level of [0.05, 0.01, 1e-5]) {
      const { gamma } = test.band(level);
      expect(gamma).toBeLessThan(level / 2);
      expect(gamma).toBeGreaterThan(level / 99);
      expect(test.outside(gamma)).toBeLessThanOrEqual(level);
    }
  });

  it('has no place for ranks that lie too low, too high, too wide or too narrow', () => {
    const N = 1000;
    const K = 100;
    const test = ecdfTest(N, K);
    const rng = createRng([20260704]);
    const p = (transform: (u: number) => number): number => {
      const histogram = new Int32Array(K);
      for (let s = 0; s < N; s += 1) histogram[Math.min(K - 1, Math.floor(K * transform(rng.uniform())))]! += 1;
      return test.pValue(histogram);
    };
    expect(p((u) => u)).toBeGreaterThan(0.01);
    expect(p((u) => u ** 1.2)).toBeLessThan(1e-4);
    expect(p((u) => u ** 0.8)).toBeLessThan(1e-4);
    expect(p((u) => 0.5 + 0.5 * Math.sign(u - 0.5) * Math.abs(2 * u - 1) ** 0.7)).toBeLessThan(1e-4);
    expect(p((u) => 0.5 + 0.5 * Math.sign(u - 0.5) * Math.abs(2 * u - 1) ** 1.4)).toBeLessThan(1e-4);
  });
});
