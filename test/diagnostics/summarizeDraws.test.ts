import { describe, expect, it } from 'vitest';
import { essBulk, essMean, essTail, mcseMean, quantile, rhat, summarizeDraws } from '../../diagnostics/index.ts';
import { quantileKey } from '../../diagnostics/summarizeDraws.ts';
import { referenceAnswer, referenceChains, referenceNames } from './referenceDraws.ts';

const variables = referenceNames.map((name) => ({ name, chains: referenceChains(name) }));

describe('summarizeDraws', () => {
  it('gives the numbers of the single functions, for variables of many shapes in one list', () => {
    const rows = summarizeDraws(variables);
    expect(rows.map(({ variable }) => variable)).toEqual(referenceNames);
    rows.forEach((row, v) => {
      const { chains } = variables[v]!;
      expect(row).toMatchObject({
        q5: quantile(chains, 0.05),
        q50: quantile(chains, 0.5),
        q95: quantile(chains, 0.95),
        mcseMean: mcseMean(chains),
        rhat: rhat(chains),
        essBulk: essBulk(chains),
        essTail: essTail(chains),
      });
      const mean = referenceAnswer(row.variable, 'mean');
      if (typeof mean === 'number') expect(Math.abs(row.mean - mean)).toBeLessThanOrEqual(1e-10 * Math.abs(mean));
    });
  });

  it('gives the same row wherever a variable stands in the list', () => {
    const forwards = summarizeDraws(variables);
    const backwards = summarizeDraws([...variables].reverse()).reverse();
    expect(backwards).toEqual(forwards);
  });

  it('has the documented columns in their order', () => {
    expect(Object.keys(summarizeDraws(variables)[0]!)).toEqual([
      'variable',
      'mean',
      'sd',
      'q5',
      'q50',
      'q95',
      'mcseMean',
      'rhat',
      'essBulk',
      'essTail',
    ]);
  });

  it('takes other probabilities and measures', () => {
    const chains = referenceChains('iid');
    const [row] = summarizeDraws([{ name: 'x', chains }], {
      probs: [0.025, 0.9],
      measures: ['median', 'quantiles', 'essMean'],
    });
    expect(row).toEqual({
      variable: 'x',
      median: quantile(chains, 0.5),
      'q2.5': quantile(chains, 0.025),
      q90: quantile(chains, 0.9),
      essMean: essMean(chains),
    });
  });

  it('names quantiles without the noise of binary fractions', () => {
    expect([0.07, 0.29, 0.975, 1 / 3, 0, 1].map(quantileKey)).toEqual([
      'q7',
      'q29',
      'q97.5',
      'q33.3333333333',
      'q0',
      'q100',
    ]);
  });

  it('throws for an empty list, a variable without a name and an unknown measure', () => {
    expect(() => summarizeDraws([])).toThrow('there are no variables; give a list of { name, chains }');
    expect(() => summarizeDraws([{ chains: [[1]] } as unknown as { name: string; chains: number[][] }])).toThrow(
      'has no name',
    );
    expect(() => summarizeDraws(variables, { measures: ['rhat', 'mode' as 'mean'] })).toThrow(
      'measure "mode" is not known; give some of',
    );
  });
});
