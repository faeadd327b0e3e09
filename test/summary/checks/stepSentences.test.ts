import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import type { Draws } from '../../../src/mcmc/draws.ts';
import type { Fit } from '../../../src/mcmc/fit.ts';
import { statVariables } from '../../../src/mcmc/layout.ts';
import { sampleSync } from '../../../src/mcmc/sampleSync.ts';
import { describe as describeModel } from '../../../src/report/describe.ts';
import { checkText } from '../../../src/report/text.ts';
import { check } from '../../../src/summary/checks/check.ts';
import { stepSentences } from '../../../src/summary/checks/stepSentences.ts';
import { fixtureFrame } from '../../fixtures/fixtureFrame.ts';

const size = { chains: 2, warmup: 30, iterations: 50, seed: 4 };
const herds = sampleSync(
  formula('incidence | trials(size) ~ period + (1 | herd)', { family: 'binomial' }),
  { rows: fixtureFrame('cbpp') },
  { ...size, kernels: 'polyaGamma' },
);

/** The fit with other statistics, each a share at every iteration. */
function telling(kernels: readonly (readonly [string, Readonly<Record<string, readonly number[]>>])[]): Fit {
  const all = kernels.flatMap(([, stats]) => Object.entries(stats));
  const sampleStats: Draws = {
    variables: statVariables(all.map(([name]) => name)),
    chains: 1,
    iterations: all[0]![1].length,
    values: Float64Array.from(all.flatMap(([, values]) => values)),
  };
  const notes = kernels.map(([name, stats]) => ({ name, updates: [], why: '', stats: Object.keys(stats) }));
  return { ...herds, sampleStats, sampling: { ...herds.sampling, kernels: notes } };
}

describe('what the steps came to', () => {
  it('is one line a kernel, of 100 steps how many were accepted', () => {
    const fit = telling([
      ['one', { acceptance_rate: [1, 1, 0.5, 1], independent_rate: [1, 1, 0.5, 0.5], log_marginal: [3, 4, 5, 6] }],
      ['two', { covariance_independent_rate: [0.5, 0, 0, 0.5], covariance_walk_rate: [1, 0.5, 0.5, 0.5] }],
    ]);
    expect(stepSentences(fit)).toEqual([
      'one: 75 of 100 independent steps accepted, 13 more by a walk',
      'two: 25 of 100 independent steps of the covariances accepted, 63 of 100 walks',
    ]);
  });

  it('tells blocks apart, and neither none from few nor all from nearly all', () => {
    const few = (count: number) => Array.from({ length: 1000 }, (_, i) => (i < count ? 1 : 0));
    const fit = telling([
      [
        'three',
        {
          acceptance_rate: few(1000),
          independent_rate: few(999),
          block_acceptance_rate: few(3),
          block_independent_rate: few(0),
        },
      ],
    ]);
    expect(stepSentences(fit)).toEqual([
      'three: more than 99 of 100 independent steps accepted, fewer than 1 more by a walk; 0 of 100 independent steps of single groups accepted, fewer than 1 more by a walk',
    ]);
  });

  it('is in the verdict, its text and the description of a fit', () => {
    const { values } = herds.sampleStats!;
    const percent = (stat: number) => values.slice(100 * stat, 100 * stat + 100).reduce((sum, value) => sum + value, 0);
    expect(percent(0)).toBeLessThan(99);
    const [steps, walks] = [percent(0), percent(1)].map(Math.round);
    const line = `polyaGamma: ${steps} of 100 independent steps of the covariances accepted, ${walks} of 100 walks`;
    const verdict = check(herds);
    expect(verdict.kernels).toEqual([line]);
    expect(checkText(verdict).split('\n').at(-1)).toBe(`  ${line}`);
    expect(describeModel(herds).split('\n').at(-1)).toBe(`  ${line}`);
  });

  it('is nothing where nothing was recorded, or nothing can be refused', () => {
    expect(stepSentences({ ...herds, sampleStats: null })).toEqual([]);
    expect(check({ ...herds, sampleStats: null }).kernels).toEqual([]);
  });
});
