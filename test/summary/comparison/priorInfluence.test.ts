import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { halfT, normal } from '../../../src/graph/priors.ts';
import { scalarDraws } from '../../../src/mcmc/draws.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { createRng } from '../../../src/random/rng.ts';
import { posteriorMode } from '../../../src/summary/comparison/posteriorMode.ts';
import { priorParts } from '../../../src/summary/comparison/priorInfluence.ts';
import { priorCovariance } from '../../../src/summary/comparison/priorQuantities.ts';
import { drawOf, syntheticFit } from '../syntheticFit.ts';

describe('a normal prior of a normal mean with known errors, widened', () => {
  // Twenty responses of se 1 with mean 2: the likelihood of beta is N(2, 1 / 20), so that the mean under N(0, s^2) is 2
  // * 20 / (20 + 1 / s^2).
  const n = 20;
  const rows = {
    y: Array.from({ length: n }, (_, i) => 2 + (i % 2 === 0 ? 0.5 : -0.5)),
    s: new Array<number>(n).fill(1),
  };
  const size = { chains: 4, warmup: 100, iterations: 2000, seed: 6 };

  it.each([10, 2, 1, 0.5, 0.3, 0.15, 0.1])('prior sd %d', (sd) => {
    const fit = sampleSync(formula('y | se(s) ~ 1', { priors: { beta: normal(0, sd) } }), { rows }, size);
    const [part] = priorParts(fit);
    expect(part!.parameter).toBe('beta[Intercept]');
    const { mean, error, factor } = part!.relaxed(scalarDraws(fit.draws, 0), 8000)!;
    const exact = (2 * n) / (n + 1 / (sd * factor) ** 2);
    // Four standard errors of the change and of the mean itself, and for weights their smoothing: a fifth of the
    // posterior sd with the wider prior.
    const wide = Math.sqrt(1 / (n + 1 / (sd * factor) ** 2));
    expect(Math.abs(mean - exact)).toBeLessThan(4 * (error + wide / Math.sqrt(8000)) + 0.05 * wide);
    if (sd >= 0.3) expect(factor).toBeGreaterThanOrEqual(3);
  });

  it('says nothing of a flat prior', () => {
    const fit = sampleSync(formula('y | se(s) ~ 1'), { rows }, size);
    expect(priorParts(fit)).toEqual([]);
  });
});

describe('the mode of draws', () => {
  const rng = createRng([12]);
  const S = 8000;
  const of = (draw: () => number) => Float64Array.from({ length: S }, draw);
  it.each([
    ['a normal', of(() => 3 + 2 * rng.normal()), [], 3, 0.5],
    ['a gamma of shape 3', of(() => rng.exponential() + rng.exponential() + rng.exponential()), [0], 2, 0.25],
    ['an exponential, at its end', of(() => rng.exponential()), [0], 0, 0.1],
    ['1 less an exponential, at its other end', of(() => 1 - rng.exponential()), [Number.NEGATIVE_INFINITY, 1], 1, 0.1],
  ] as [string, Float64Array, number[], number, number][])('of %s', (_, draws, [low, high], mode, tolerance) => {
    expect(Math.abs(posteriorMode(draws, low, high) - mode)).toBeLessThan(tolerance);
  });

  it('of draws that are all equal is that number', () => {
    expect(posteriorMode(new Float64Array(50).fill(7))).toBe(7);
  });
});

describe('what a default prior is of', () => {
  it('is the sd of the line at the mean of the column, and its correlation with the slope', () => {
    const n = 40;
    const x = Array.from({ length: n }, (_, i) => 2000 + ((i * 7) % 11));
    const rows = { y: x.map((_, i) => Math.sin(i * i)), x, g: x.map((_, i) => `g${i % 5}`) };
    const fit = syntheticFit(formula('y ~ x + (1 + x | g)'), { rows });
    const m = x.reduce((sum, value) => sum + value, 0) / n;
    const { tau, corr } = priorCovariance(fit, 0, 0);
    for (let s = 0; s < 50; s++) {
      const [a, b, r] = [drawOf(fit, 'tau_g', 0, s), drawOf(fit, 'tau_g', 1, s), drawOf(fit, 'corr_g', 0, s)];
      const sd = Math.sqrt(a * a + 2 * m * r * a * b + m * m * b * b);
      expect(tau[0]!.draws[s]! / sd).toBeCloseTo(1, 9);
      expect(tau[1]!.draws[s]).toBeCloseTo(b, 12);
      expect(corr[0]!.draws[s]).toBeCloseTo((r * a * b + m * b * b) / (sd * b), 8);
    }
    expect([tau[0]!.where, tau[1]!.where]).toEqual([' at the means of the columns', '']);
  });

  it('is a sd as written where the prior is given', () => {
    const rows = { y: [1, 2, 4, 3, 5, 9], x: [5, 6, 7, 5, 6, 8], g: ['a', 'a', 'a', 'b', 'b', 'b'] };
    const fit = syntheticFit(formula('y ~ x + (1 + x | g)', { priors: { tau_g: halfT(3, 2) } }), { rows });
    const { tau } = priorCovariance(fit, 0, 0);
    expect(tau.map(({ where }) => where)).toEqual(['', '']);
    expect(tau[0]!.draws[3]).toBe(drawOf(fit, 'tau_g', 0, 3));
  });
});
