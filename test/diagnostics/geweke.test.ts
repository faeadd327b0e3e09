import { describe, expect, it } from 'vitest';
import { geweke } from '../../diagnostics/index.ts';
import { spectrumAtZero } from '../../diagnostics/spectrumAtZero.ts';
import { referenceAnswer, referenceChains, referenceNames } from './referenceDraws.ts';
import { autoregressiveChains, replaced } from './seededDraws.ts';

describe('geweke', () => {
  it("agrees with coda's geweke.diag to 1e-10 on every reference array where coda is finite", () => {
    let compared = 0;
    for (const name of referenceNames) {
      const want = referenceAnswer(name, 'coda_geweke_chain1');
      if (typeof want !== 'number') continue;
      const got = geweke(referenceChains(name))[0]!;
      expect(Math.abs(got - want), `${name}: ${got}, coda ${want}`).toBeLessThanOrEqual(1e-10 * Math.abs(want));
      compared++;
    }
    expect(compared).toBeGreaterThan(20);
  });

  it('compares draws 1 to ceil(1 + 0.1 (N - 1)) with draws floor(N - 0.5 (N - 1)) to N', () => {
    const [chain] = autoregressiveChains(95, 1, 102, 0.3);
    const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const early = chain!.slice(0, 12);
    const late = chain!.slice(50);
    const error = Math.sqrt(spectrumAtZero(early) / 12 + spectrumAtZero(late) / 52);
    expect(geweke([chain!])[0]).toBeCloseTo((mean(early) - mean(late)) / error, 12);
  });

  it('gives one z per chain, standard normal for stationary chains', () => {
    const z = geweke(autoregressiveChains(91, 300, 500, 0.5));
    expect(z).toHaveLength(300);
    const meanSquare = z.reduce((sum, value) => sum + value * value, 0) / 300;
    // Mean of 300 chi-square(1): sd 0.08; four of those, and some for the estimated spectrum of a window of 50 draws.
    expect(Math.abs(meanSquare - 1)).toBeLessThan(0.45);
  });

  it('is far from zero for a chain that drifts, and the same on every scale', () => {
    const drifting = autoregressiveChains(92, 1, 1000)[0]!.map((x, i) => x + i / 250);
    expect(Math.abs(geweke([drifting])[0]!)).toBeGreaterThan(5);
    const small = geweke([drifting.map((x) => x * 2 ** -40)])[0]!;
    expect(small).toBeCloseTo(geweke([drifting])[0]!, 10);
  });

  it('is NaN for a constant chain and for one with a NaN, and throws when the windows overlap', () => {
    const [good] = autoregressiveChains(93, 1, 100);
    const z = geweke([good!, new Array(100).fill(1), replaced(good!, 5, Number.NaN)]);
    expect(z[0]).not.toBeNaN();
    expect(z.slice(1)).toEqual([Number.NaN, Number.NaN]);
    expect(() => geweke([good!], { first: 0.6 })).toThrow('sum to at most 1');
  });
});

describe('spectrumAtZero', () => {
  it('is sigma^2 / (1 - phi)^2 for a first-order autoregression', () => {
    const phi = 0.7;
    const got = spectrumAtZero(autoregressiveChains(94, 1, 50_000, phi)[0]!);
    const want = (1 - phi * phi) / (1 - phi) ** 2;
    expect(Math.abs(got / want - 1)).toBeLessThan(0.1); // relative sd of the estimate about 0.025
  });

  it('is zero for a straight line', () => {
    expect(spectrumAtZero([1, 2, 3, 4, 5])).toBe(0);
  });
});
