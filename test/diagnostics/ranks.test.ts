import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { poolDraws } from '../../diagnostics/pooledDraws.ts';
import { ranks } from '../../diagnostics/ranks.ts';
import { normalQuantile } from '../../src/special/distributions.ts';
import { naiveRanks } from '../oracle/naiveDiagnostics.ts';
import { autoregressiveChains } from './seededDraws.ts';

describe('ranks', () => {
  it('counts draws over all chains and gives equal draws their average rank', () => {
    expect(
      ranks([
        [3, 1],
        [1, 2],
      ]).map((chain) => [...chain]),
    ).toEqual([
      [4, 1.5],
      [1.5, 3],
    ]);
  });

  it('is the O(S^2) count on draws with ties', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -5, max: 5 }), { minLength: 1, maxLength: 60 }), (draws) => {
        expect([...ranks([draws])[0]!]).toEqual(naiveRanks(draws));
      }),
      { seed: 20260102, numRuns: 100 },
    );
  });

  it('ranks infinities, takes -0 for 0, and is NaN throughout when a draw is NaN', () => {
    expect([...ranks([[Number.POSITIVE_INFINITY, -0, 0, Number.NEGATIVE_INFINITY]])[0]!]).toEqual([4, 2.5, 2.5, 1]);
    expect([...ranks([[1, Number.NaN]])[0]!].every(Number.isNaN)).toBe(true);
  });
});

describe('normal scores of split and of folded draws', () => {
  const scoresOf = (values: readonly number[]) =>
    naiveRanks(values).map((rank) => normalQuantile((rank - 3 / 8) / (values.length + 1 / 4)));

  it('are the scores of ranks taken without the middle draw of odd chains', () => {
    for (const n of [6, 7]) {
      const chains = autoregressiveChains(31, 3, n).map((chain) => chain.map((x) => Math.round(2 * x)));
      const half = Math.floor(n / 2);
      const split = chains.flatMap((chain) => [...chain.slice(0, half), ...chain.slice(n - half)]);
      expect([...poolDraws(chains).splitScores().values]).toEqual(scoresOf(split));
    }
  });

  it('fold about the median of all draws, the middle ones included', () => {
    for (const n of [6, 7]) {
      const chains = autoregressiveChains(32, 3, n);
      const half = Math.floor(n / 2);
      const sorted = chains.flat().sort((a, b) => a - b);
      const median = (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
      const folded = chains.map((chain) => chain.map((x) => Math.abs(x - median)));
      const split = folded.flatMap((chain) => [...chain.slice(0, half), ...chain.slice(n - half)]);
      expect([...poolDraws(chains).splitFoldedScores()!.values]).toEqual(scoresOf(split));
    }
  });
});
