import { describe, expect, it } from 'vitest';
import { quantile } from '../../diagnostics/index.ts';
import { poolDraws } from '../../diagnostics/pooledDraws.ts';
import { expectAgreement } from './referenceDraws.ts';

describe('quantile', () => {
  it("agrees with R's quantiles, mean and sd on the reference arrays", () => {
    expectAgreement('q05', (chains) => quantile(chains, 0.05));
    expectAgreement('q50', (chains) => quantile(chains, 0.5));
    expectAgreement('q95', (chains) => quantile(chains, 0.95));
    expectAgreement('median', (chains) => quantile(chains, 0.5));
    expectAgreement('mean', (chains) => poolDraws(chains).mean());
    expectAgreement('sd', (chains) => poolDraws(chains).sd());
  });

  it('interpolates linearly between order statistics pooled over chains', () => {
    expect(
      quantile(
        [
          [4, 1],
          [3, 2],
        ],
        [0, 0.5, 0.75, 1],
      ),
    ).toEqual([1, 2.5, 3.25, 4]);
  });

  it('keeps infinities as order statistics', () => {
    const draws = [[Number.NEGATIVE_INFINITY, 0, 1, Number.POSITIVE_INFINITY]];
    expect(quantile(draws, [0, 0.5, 1])).toEqual([Number.NEGATIVE_INFINITY, 0.5, Number.POSITIVE_INFINITY]);
  });
});
