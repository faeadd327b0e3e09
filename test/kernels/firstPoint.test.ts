import { describe, expect, it } from 'vitest';
import { formula } from '../../src/formula/formula.ts';
import { uniform } from '../../src/graph/priors.ts';
import { firstPoint } from '../../src/kernels/firstPoint.ts';
import { sampleSync } from '../../src/mcmc/sampleSync.ts';
import { summarize } from '../../src/summary/summarize.ts';
import { faultOf } from '../faultOf.ts';

describe('the first point of a chain', () => {
  it('is the first of the drawn points with a positive density, and no further one is tried', () => {
    let tried = 0;
    firstPoint('k', (last) => {
      tried += 1;
      expect(last).toBe(false);
      return tried === 7;
    });
    expect(tried).toBe(7);
  });

  it('is the highest point known where 100 drawn ones fail', () => {
    const seen: boolean[] = [];
    firstPoint('k', (last) => {
      seen.push(last);
      return last;
    });
    expect(seen).toEqual([...Array.from({ length: 100 }, () => false), true]);
  });

  it('is not made up: where all fail the error says how many were tried and what can be done', () => {
    const error = faultOf(() => firstPoint('k', () => false));
    expect(error.code).toBe('no-start');
    expect(error.where).toBe('k');
    expect(error.message).toMatch(/100 points.*widen priors.*kernels/u);
  });
});

describe('a prior that excludes what the data say', () => {
  const y = Array.from({ length: 40 }, (_, i) => Math.sin(3 * (i % 8)) + Math.cos(0.37 * i * i));
  const g = y.map((_, i) => `g${i % 8}`);
  const success = y.map((value) => (value > 0 ? 1 : 0));
  const data = { rows: { y, g, success } };
  /** sds of y are near 1; within so narrow bounds the posterior is the prior. */
  const within = (width: number) => ({ sigma: uniform(50, 50 + width), tau_g: uniform(1e-4, 1e-4 * (1 + width)) });
  const far = within(1e-12);

  it.each([
    ['marginalCovariance', formula('y ~ 1 + (1 | g)', { priors: far })],
    ['scaleMixture', formula('y ~ 1 + (1 | g)', { family: 'studentT', priors: far })],
    [
      'whitenedMetropolis',
      formula('success ~ 1 + (1 | g)', { family: 'binomial', priors: { tau_g: uniform(1e300, 1.0000001e300) } }),
    ],
  ] as const)('ends %s before the first draw, not in draws that stand still', (kernel, graph) => {
    const error = faultOf(() => sampleSync(graph, data, { seed: 1, chains: 1, warmup: 10, iterations: 10 }));
    expect(error.code).toBe('no-start');
    expect(error.where).toBe(kernel);
  });

  it.each(['gaussian', 'studentT'] as const)('is sampled where its bounds leave room, %s', (family) => {
    for (const width of [1e-3, 1e-8]) {
      const graph = formula('y ~ 1 + (1 | g)', { family, priors: within(width) });
      const fit = sampleSync(graph, data, { seed: 1, chains: 2, warmup: 100, iterations: 1000 });
      const [sigma] = summarize(fit, { variables: ['sigma'] });
      // Some 2 000 independent draws of a uniform: 4.5 standard errors of the mean and of the sd, which is the width
      // over sqrt(12).
      const size = Math.sqrt(sigma!.essBulk!);
      expect(Math.abs((sigma!.mean! - 50) / width - 0.5)).toBeLessThan((4.5 * 0.2887) / size);
      expect(Math.abs((sigma!.sd! / width) * Math.sqrt(12) - 1)).toBeLessThan((4.5 * 0.45) / size);
    }
  });

  it('is sampled by the rule that the error names', () => {
    const graph = formula('y ~ 1 + (1 | g)', { priors: within(1e-3) });
    const fit = sampleSync(graph, data, { seed: 1, chains: 1, warmup: 100, iterations: 100, kernels: 'gibbs' });
    const [sigma] = summarize(fit, { variables: ['sigma'] });
    expect(sigma!.q5).toBeGreaterThan(50);
    expect(sigma!.q95).toBeLessThan(50.001);
    expect(sigma!.sd).toBeGreaterThan(1e-4);
  });
});
