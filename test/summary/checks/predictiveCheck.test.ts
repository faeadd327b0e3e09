import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { plotPredictive } from '../../../src/plots/index.ts';
import { predictiveCheck } from '../../../src/summary/checks/predictiveCheck.ts';
import { predict } from '../../../src/summary/prediction/predict.ts';
import { simulate } from '../../../src/summary/prediction/simulate.ts';
import { faultOf } from '../../faultOf.ts';

const rows = {
  y: [1, 3, 2, 5, 4, 6, 8, 7, 0, 30],
  g: ['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd', 'd', 'a'],
};
const fit = sampleSync(formula('y ~ 1 + (1 | g)'), { rows }, { chains: 2, warmup: 100, iterations: 150 });

describe('predictiveCheck', () => {
  it('sets statistics of the data among those of the replicates', () => {
    const { rows: out, replicates, draws } = predictiveCheck(fit);
    expect(out.map(({ statistic, level }) => [statistic, level])).toEqual([
      ['mean', null],
      ['sd', null],
      ['smallest', null],
      ['largest', null],
    ]);
    expect(replicates).toBe(300);
    const { responses } = simulate(fit, { draws: 300 });
    const largest = Array.from({ length: 300 }, (_, d) => Math.max(...rows.y.map((_, i) => responses[i * 300 + d]!)));
    expect([...draws.subarray(900)]).toEqual(largest);
    expect(out[3]).toMatchObject({ observed: 30, p: largest.filter((value) => value >= 30).length / 300 });
    expect(out[3]!.mean).toBeCloseTo(largest.reduce((sum, value) => sum + value, 0) / 300, 10);
    // The picture shows these numbers.
    const shown = plotPredictive(fit).rows;
    expect(shown.map((row) => row['p'])).toEqual(out.map(({ p }) => p));
  });

  it('takes names, functions, and groups', () => {
    const range = (y: Float64Array) => Math.max(...y) - Math.min(...y);
    const { rows: out } = predictiveCheck(fit, { statistic: { range }, by: 'g', draws: 50 });
    expect(out.map(({ statistic, level, observed }) => [statistic, level, observed])).toEqual([
      ['range', 'a', 29],
      ['range', 'b', 3],
      ['range', 'c', 2],
      ['range', 'd', 8],
    ]);
    expect(predictiveCheck(fit, { statistic: range, draws: 20 }).rows[0]!.statistic).toBe('range');
    const named = predictiveCheck(fit, { statistic: ['median', 'zeros', 'skewness'], draws: 20 }).rows;
    expect(named.map(({ observed }) => observed).slice(0, 2)).toEqual([4.5, 0.1]);
    expect(named[2]!.observed).toBeGreaterThan(2);
    expect(predictiveCheck(fit, { groups: 'new', statistic: 'sd' }).rows[0]!.mean).not.toBe(
      predictiveCheck(fit, { statistic: 'sd' }).rows[0]!.mean,
    );
  });

  it('draws at the estimates of a maximum likelihood fit: moments of the rows, and levels of ordered answers', () => {
    const ml = maximumLikelihood(formula('y ~ 1 + (1 | g)'), { rows });
    const draws = 4000;
    const moments = (groups: 'observed' | 'new') => {
      const { responses } = simulate(ml, { draws, seed: 3, groups });
      return rows.y.map((_, i) => {
        const own = responses.subarray(i * draws, (i + 1) * draws);
        const mean = own.reduce((sum, value) => sum + value, 0) / draws;
        return { mean, variance: own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (draws - 1) };
      });
    };
    const [sigma2, tau2] = [ml.sigma! ** 2, ml.groups[0]!.Sigma[0]!];
    const fitted = predict(ml).rows;
    const intercept = ml.fixef.estimates[0]!;
    // Within five standard errors of each mean and variance of normal draws.
    const expectNear = (found: ReturnType<typeof moments>, means: (i: number) => number, variance: number) =>
      found.forEach((one, i) => {
        expect(Math.abs(one.mean - means(i))).toBeLessThan(5 * Math.sqrt(variance / draws));
        expect(Math.abs(one.variance / variance - 1)).toBeLessThan(5 * Math.sqrt(2 / draws));
      });
    expectNear(moments('observed'), (i) => fitted[i]!.estimate, sigma2);
    expectNear(moments('new'), () => intercept, sigma2 + tau2);
    const check = predictiveCheck(ml, { statistic: 'mean', by: 'g' });
    expect(check.replicates).toBe(400);
    expect(check.rows.map(({ level, observed }) => [level, observed])[1]).toEqual(['b', 3.5]);
    expect(simulate(ml, { draws: 2, seed: 9 }).responses).toEqual(simulate(ml, { draws: 2, seed: 9 }).responses);
    expect(faultOf(() => simulate(ml, { draws: 0 })).message).toMatch(/a whole number from 1 to 1000000/);
    const answers = { y: rows.y.map((value) => 'abc'[Math.min(2, Math.floor(value / 3))]!), g: rows.g };
    const ordered = maximumLikelihood(formula('y ~ 1 + (1 | g)', { family: 'ordinal' }), { rows: answers });
    expect(new Set(simulate(ordered, { draws: 50 }).responses)).toEqual(new Set([1, 2, 3]));
  });

  it('refuses statistics that there are not', () => {
    expect(faultOf(() => predictiveCheck(fit, { statistic: 'variance' as never })).message).toBe(
      'statistic: got "variance"; accepted is mean, sd, smallest, largest, median, zeros, skewness, or a function of the responses',
    );
    expect(faultOf(() => predictiveCheck(fit, { statistic: () => Number.NaN })).code).toBe('not-finite');
    expect(faultOf(() => predictiveCheck(fit, { by: 'h' })).code).toBe('unknown-factor');
  });
});
