import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { plotPredictive } from '../../../src/plots/index.ts';
import { predictiveCheck } from '../../../src/summary/checks/predictiveCheck.ts';
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

  it('refuses statistics that there are not', () => {
    expect(faultOf(() => predictiveCheck(fit, { statistic: 'variance' as never })).message).toBe(
      'statistic: got "variance"; accepted is mean, sd, smallest, largest, median, zeros, skewness, or a function of the responses',
    );
    expect(faultOf(() => predictiveCheck(fit, { statistic: () => Number.NaN })).code).toBe('not-finite');
    expect(faultOf(() => predictiveCheck(fit, { by: 'h' })).code).toBe('unknown-factor');
  });
});
