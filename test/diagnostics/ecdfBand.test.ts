import { describe, expect, it } from 'vitest';
import { ecdfBand } from '../../diagnostics/index.ts';
import { createRng } from '../../src/index.ts';

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
    expect(() => ecdfBand(1, 250)).toThrow('chainCount is 1');
    expect(() => ecdfBand(2, 250, { coverage: 2 })).toThrow('coverage');
  });
});
