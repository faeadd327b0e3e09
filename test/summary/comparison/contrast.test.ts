import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { scalarDraws } from '../../../src/mcmc/draws.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { contrast } from '../../../src/summary/comparison/contrast.ts';
import { fixtureFrame } from '../../fixtures/fixtureFrame.ts';

describe('a contrast', () => {
  const graph = formula('Reaction ~ Days + (Days | Subject)');
  const data = { rows: fixtureFrame('sleepstudy') };
  const fit = sampleSync(graph, data, { iterations: 500, seed: 9 });

  it('of draws is the posterior of the combination', () => {
    const row = contrast(fit, 'Intercept + 9 * Days = 340', { level: 0.9 });
    const values = Array.from(scalarDraws(fit.draws, 0), (a, i) => a + 9 * scalarDraws(fit.draws, 1)[i]!);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(row.estimate - mean)).toBeLessThan(1e-9);
    expect(row.probability).toBe(values.filter((value) => value > 340).length / values.length);
    const share = values.filter((value) => value > row.lower && value < row.upper).length / values.length;
    expect(Math.abs(share - 0.9)).toBeLessThan(0.002);
    expect([row.df, row.t, row.pValue]).toEqual([null, null, null]);
  });

  it('of a REML fit is the Wald test', () => {
    const row = contrast(maximumLikelihood(graph, data, { method: 'REML' }), 'Days');
    // lmerTest's published table of this fit: 10.467 (1.546), df 17, t 6.77.
    expect(row.estimate).toBeCloseTo(10.467, 3);
    expect(row.se).toBeCloseTo(1.546, 3);
    expect(row.df!).toBeCloseTo(17, 2);
    expect(row.t!).toBeCloseTo(6.771, 2);
    expect(row.probability).toBeNull();
  });

  it('that names no coefficient says which there are', () => {
    expect(() => contrast(fit, 'Day')).toThrow('cannot read "Day"');
  });
});
