import { describe, expect, it } from 'vitest';
import { rankHistogram } from '../../diagnostics/index.ts';
import { chiSquareUpperTail } from '../../src/special/distributions.ts';
import { autoregressiveChains, replaced } from './seededDraws.ts';

describe('rankHistogram', () => {
  it('counts the pooled ranks of each chain in equal bins', () => {
    const { counts, expected } = rankHistogram(
      [
        [1, 2, 3, 4],
        [5, 6, 7, 8],
      ],
      { bins: 4 },
    );
    expect(counts).toEqual([
      [2, 2, 0, 0],
      [0, 0, 2, 2],
    ]);
    expect(expected).toEqual([1, 1, 1, 1]);
  });

  it('has the chi-square of the table of chains by bins, by hand', () => {
    // Two chains of 8, two bins; counts 6 2 | 2 6, expected 4: sum (O - E)^2 / E = 2 per chain, 4 over the table.
    const a = [1, 9, 2, 3, 10, 4, 5, 6];
    const b = [11, 12, 7, 13, 14, 8, 15, 16];
    const { counts, thin, chains, overall } = rankHistogram([a, b], { bins: 2 });
    expect(counts).toEqual([
      [6, 2],
      [2, 6],
    ]);
    expect(thin).toBe(1);
    expect(overall).toEqual({ chiSquare: 4, degreesOfFreedom: 1, pValue: chiSquareUpperTail(4, 1) });
    expect(chains[0]!.chiSquare).toBeCloseTo((2 * 15) / 8, 12);
    expect(chains[0]!.degreesOfFreedom).toBe(1);
  });

  it('keeps its level for independent and for autocorrelated chains that agree', () => {
    for (const [seed, rho] of [
      [101, 0],
      [102, 0.5],
      [103, 0.9],
    ] as const) {
      let rejected = 0;
      for (let r = 0; r < 200; r++) {
        if (rankHistogram(autoregressiveChains(1000 * seed + r, 4, 500, rho)).overall.pValue < 0.05) rejected++;
      }
      // Binomial(200, 0.05) has mean 10 and sd 3.1; four sds above, and thinning leaves a little dependence.
      expect(rejected, `rho ${rho}`).toBeLessThanOrEqual(26);
    }
  });

  it('finds a chain that is shifted and one that is wider than the others', () => {
    for (const change of [(x: number) => x + 0.5, (x: number) => 2 * x]) {
      const chains = autoregressiveChains(104, 4, 1000, 0.5);
      const { chains: tests, overall } = rankHistogram([...chains.slice(0, 3), chains[3]!.map(change)]);
      expect(overall.pValue).toBeLessThan(1e-4);
      expect(tests[3]!.pValue).toBeLessThan(1e-4);
    }
  });

  it('leaves empty bins out for draws of few values', () => {
    const chains = autoregressiveChains(105, 4, 300).map((chain) => chain.map((x) => Math.sign(x)));
    expect(rankHistogram(chains).overall.degreesOfFreedom).toBe(3);
    expect(rankHistogram(chains).overall.pValue).toBeGreaterThan(0.001);
  });

  it('is NaN for non-finite and constant draws and for a single chain', () => {
    const [chain] = autoregressiveChains(106, 1, 50);
    expect(rankHistogram([chain!]).overall.pValue).toBeNaN();
    expect(rankHistogram([chain!]).chains.map(({ chiSquare }) => chiSquare)).toEqual([0]);
    expect(rankHistogram([new Array(50).fill(1), new Array(50).fill(1)]).overall.pValue).toBeNaN();
    const broken = rankHistogram([chain!, replaced(chain!, 3, Number.POSITIVE_INFINITY)]);
    expect([broken.counts[0]![0], broken.chains[1]!.pValue]).toEqual([Number.NaN, Number.NaN]);
  });

  it('throws for a number of bins that is not a whole number of at least 2', () => {
    for (const bins of [1, 2.5, Number.NaN]) expect(() => rankHistogram([[1, 2]], { bins })).toThrow('bins is');
  });
});
