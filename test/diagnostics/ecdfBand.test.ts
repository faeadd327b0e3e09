import { describe, expect, it } from 'vitest';
import { ecdfBand } from '../../diagnostics/index.ts';
import { createRng } from '../../src/index.ts';
import { rankHistograms } from '../oracle/rankHistograms.ts';

/** How often all chains stay inside, of R shuffles of the ranks. */
function coverage(M: number, N: number, R: number, points: number): number {
  const rng = createRng([5, M, N]);
  const { halfWidth } = ecdfBand(M, N, { points });
  const total = M * N;
  const chain = Int32Array.from({ length: total }, (_, i) => i % M);
  let inside = 0;
  for (let r = 0; r < R; r += 1) {
    for (let i = total - 1; i > 0; i -= 1) {
      const j = Math.floor(rng.uniform() * (i + 1));
      [chain[i], chain[j]] = [chain[j]!, chain[i]!];
    }
    const counts = new Float64Array(M);
    let rank = 0;
    let all = true;
    for (let i = 1; i < points; i += 1) {
      const to = Math.round((i * total) / points);
      for (; rank < to; rank += 1) counts[chain[rank]!]! += 1;
      for (const c of counts) if (Math.abs(c / N - to / total) > halfWidth[i]! + 1e-9) all = false;
    }
    if (all) inside += 1;
  }
  return inside / R;
}

describe('ecdfBand', () => {
  it.each([
    [2, 100],
    [4, 100],
    [4, 40],
  ])('holds all of %i chains of %i draws with 95%%', (M, N) => {
    const R = 4000;
    const share = coverage(M, N, R, 20);
    // Four Monte Carlo standard errors; above, counts are whole numbers and Bonferroni's bound is not attained.
    const error = 4 * Math.sqrt((0.95 * 0.05) / R);
    expect(share).toBeGreaterThan(0.95 - error);
    expect(share).toBeLessThan(0.975 + error);
  });

  it('is closed at both ends, wider for more chains, and refuses what is no count', () => {
    const { share, halfWidth } = ecdfBand(4, 250, { points: 10 });
    expect([share[0], share[10], halfWidth[0], halfWidth[10]]).toEqual([0, 1, 0, 0]);
    expect(ecdfBand(4, 250, { coverage: 0.99 }).halfWidth[20]!).toBeGreaterThan(ecdfBand(4, 250).halfWidth[20]!);
    expect(() => ecdfBand(0, 250)).toThrow('chainCount is 0');
    expect(() => ecdfBand(4, 250, { cells: 10 })).toThrow('cells is 10; it is accepted with one sample');
    expect(() => ecdfBand(1, 250, { cells: 1 })).toThrow('cells is 1; give a whole number of at least 2');
    expect(() => ecdfBand(2, 250, { coverage: 2 })).toThrow('coverage');
  });

  it.each([
    [6, 5],
    [9, 4],
    [12, 3],
  ])('of one sample is the narrowest that holds the coverage, by all outcomes: %i ranks among %i', (N, K) => {
    const all = rankHistograms(N, K);
    for (const coverage of [0.5, 0.8, 0.95]) {
      const { share, halfWidth } = ecdfBand(1, N, { cells: K, coverage });
      expect(Array.from(share)).toEqual(Array.from({ length: K + 1 }, (_, i) => i / K));
      // The chance to stay within z sd, by every outcome with its probability.
      const inside = (wider: number) =>
        all.reduce((sum, { counts, p }) => {
          let below = 0;
          const stays = counts.slice(0, -1).every((own, i) => {
            below += own;
            return Math.abs(below / N - share[i + 1]!) <= wider * halfWidth[i + 1]! + 1e-9;
          });
          return sum + (stays ? p : 0);
        }, 0);
      expect(inside(1)).toBeGreaterThan(coverage - 1e-9);
      // z is found to 0.02.
      const z = halfWidth[1]! / Math.sqrt((share[1]! * (1 - share[1]!)) / N);
      expect(inside((z - 0.03) / z) < coverage || z < 1.03).toBe(true);
    }
  });
});
