import { describe, expect, it } from 'vitest';
import {
  cauchy,
  type Fit,
  formula,
  fromJson,
  horseshoe,
  laplace,
  maximumLikelihood,
  normal,
  type Prior,
  priorDensity,
  sampleSync,
  sensitivity,
  simulatePrior,
  studentT,
  toJson,
} from '../../src/index.ts';
import { scalarDraws } from '../../src/mcmc/draws.ts';
import { createRng } from '../../src/random/rng.ts';
import { priorSample } from '../../src/summary/checks/priorSample.ts';
import { logPriorDraws } from '../../src/summary/comparison/logPriorDraws.ts';
import { horseshoeIntegral } from '../oracle/horseshoeIntegral.ts';

const rows = {
  y: Array.from({ length: 24 }, (_, i) => Math.sin(3.1 * i) + (i % 3)),
  ...Object.fromEntries(
    ['a', 'b', 'c'].map((name, k) => [name, Array.from({ length: 24 }, (_, i) => Math.cos((k + 1.3) * i))]),
  ),
};
const hs = { distribution: 'horseshoe', globalScale: 0.3, slabDf: 4, slabScale: 1 } as const;

function fitted(priors: Readonly<Record<string, Prior>>, iterations = 40): Fit {
  return sampleSync(formula('y ~ a + b + c', { priors }), { rows }, { chains: 2, warmup: 60, iterations, seed: 6 });
}
const mixed = fitted({
  'beta[Intercept]': normal(0, 2),
  'beta[a]': studentT(3, 0.5, 1),
  'beta[b]': cauchy(0, 0.5),
  'beta[c]': laplace(-1, 0.7),
  sigma: normalHalf(),
});
const shared = fitted({ beta: horseshoe(0.3, 4, 1), 'beta[Intercept]': normal(0, 2) });

function normalHalf(): Prior {
  return { kind: 'prior', distribution: 'halfNormal', scale: 1 };
}

const written: Readonly<Record<string, (x: number) => number>> = {
  'beta[a]': (x) => 2 / (Math.PI * Math.sqrt(3) * (1 + (x - 0.5) ** 2 / 3) ** 2),
  'beta[b]': (x) => 0.5 / (Math.PI * (0.25 + x * x)),
  'beta[c]': (x) => Math.exp(-Math.abs(x + 1) / 0.7) / 1.4,
};

describe('a scale mixture as a prior', () => {
  it('has the density written', () => {
    const grid = [-4, -1, -0.3, 0, 0.5, 2, 7];
    for (const [name, density] of Object.entries(written)) {
      priorDensity(mixed, name, grid)!.forEach((value, i) => {
        expect(Math.abs(value / density(grid[i]!) - 1)).toBeLessThan(1e-12);
      });
    }
    priorDensity(shared, 'beta[b]', grid)!.forEach((value, i) => {
      if (grid[i] !== 0) expect(Math.abs(Math.log(value / horseshoeIntegral(hs, [grid[i]!])))).toBeLessThan(0.005);
    });
  });

  it('is part of the log prior of every draw', () => {
    const at = (fit: Fit, s: number): number[] => [0, 1, 2, 3].map((k) => scalarDraws(fit.draws, k)[s]!);
    const sigma = scalarDraws(mixed.draws, 4);
    const value = (s: number): number => {
      const [intercept, a, b, c] = at(mixed, s) as [number, number, number, number];
      const logs = [written['beta[a]']!(a), written['beta[b]']!(b), written['beta[c]']!(c)].map(Math.log);
      return logs.reduce((sum, log) => sum + log, -0.5 * (intercept / 2) ** 2 - 0.5 * sigma[s]! ** 2);
    };
    const found = logPriorDraws(mixed);
    expect(Math.abs(found[17]! - found[3]! - (value(17) - value(3)))).toBeLessThan(1e-11);
    const both = logPriorDraws(shared);
    const scale = scalarDraws(shared.draws, 4);
    const t = (s: number): number =>
      -2 * Math.log1p((scale[s]! / (shared.priors.sigma as { scale: number }).scale) ** 2 / 3);
    const joint = (s: number): number =>
      Math.log(horseshoeIntegral(hs, at(shared, s).slice(1))) - 0.5 * (at(shared, s)[0]! / 2) ** 2 + t(s);
    expect(Math.abs(both[17]! - both[3]! - (joint(17) - joint(3)))).toBeLessThan(0.03);
  });

  it('is drawn with its distribution', () => {
    const count = 4000;
    const draws = priorSample(mixed.design, mixed.priors, count, createRng([3]));
    // Shares below the quartiles, in binomial standard errors; four of them.
    const quartiles = { 'beta[a]': 0.5 + 0.7648923284, 'beta[b]': 0.5, 'beta[c]': -1 + 0.7 * Math.LN2 };
    for (const [name, quartile] of Object.entries(quartiles)) {
      const share = draws.get(name)!.filter((value) => value < quartile).length / count;
      expect(Math.abs(share - 0.75) / Math.sqrt((0.75 * 0.25) / count), name).toBeLessThan(4);
    }
    const slabs = priorSample(shared.design, shared.priors, count, createRng([4]));
    const [a, b] = ['beta[a]', 'beta[b]'].map((name) => slabs.get(name)!);
    // P(|x| < 0.3) by the density.
    let inside = 0;
    const density = priorDensity(
      shared,
      'beta[a]',
      Array.from({ length: 3000 }, (_, i) => (i + 0.5) * 1e-4),
    )!;
    for (const value of density) inside += 2e-4 * value;
    const share = a!.filter((value) => Math.abs(value) < 0.3).length / count;
    expect(Math.abs(share - inside) / Math.sqrt((inside * (1 - inside)) / count)).toBeLessThan(4.5);
    // One tau and one c for both: their sizes go together.
    const small = a!.map((value) => (Math.abs(value) < 0.1 ? 1 : 0));
    const alike = small.reduce((sum, one, s) => sum + (one === (Math.abs(b![s]!) < 0.1 ? 1 : 0) ? 1 : 0), 0) / count;
    const own = small.reduce((sum, one) => sum + one, 0) / count;
    expect(alike - (own * own + (1 - own) * (1 - own))).toBeGreaterThan(0.05);
  });

  it('simulates data', () => {
    const graph = formula('y ~ a + b + c', {
      priors: { beta: horseshoe(0.3, 4, 1), 'beta[Intercept]': cauchy(0, 1), sigma: normalHalf() },
    });
    const { responses } = simulatePrior(graph, { rows }, { draws: 20, seed: 2 });
    expect(responses.every(Number.isFinite)).toBe(true);
    expect(new Set(responses).size).toBe(responses.length);
  });

  it('may be scaled: halving it moves the coefficient towards its location', () => {
    const fit = fitted({ 'beta[a]': studentT(3, 2, 0.3), beta: laplace(0, 1) }, 600);
    const { rows: found, halved, paretoK } = sensitivity(fit);
    expect(found.find(({ variable }) => variable === 'beta[a]')!.diagnosis).toBe('priorDataConflict');
    expect(paretoK.prior).toBeLessThan(0.7);
    const row = halved.find(({ variable }) => variable === 'beta[a]')!;
    expect(row.prior).toBe('studentT(3, 2, 0.3)');
    expect(row.halved === null || row.halved > row.mean).toBe(true);
    expect(sensitivity(shared).halved.map(({ variable }) => variable)).toContain('beta[c]');
  });

  it('comes back from a fit file', () => {
    for (const fit of [mixed, shared]) {
      const text = toJson(fit);
      const read = fromJson(text);
      expect(read.priors.beta).toEqual(fit.priors.beta);
      expect(toJson(read)).toBe(text);
    }
    const own = (JSON.parse(toJson(shared)) as { partial_pooling: { priors: { beta: unknown[] } } }).partial_pooling;
    expect(own.priors.beta[1]).toEqual({ term: 'a', ...hs, source: 'beta' });
  });

  it('is nothing to maximum likelihood', () => {
    const graph = formula('y ~ a + b + c', { priors: { beta: horseshoe(0.3, 4, 1) } });
    const found = maximumLikelihood(graph, { rows });
    expect(found.fixef).toEqual(maximumLikelihood('y ~ a + b + c', { rows }).fixef);
  });
});
