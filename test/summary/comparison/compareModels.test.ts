import { describe, expect, it } from 'vitest';
import { loo } from '../../../diagnostics/loo.ts';
import { looCompare } from '../../../diagnostics/looCompare.ts';
import { formula } from '../../../src/formula/formula.ts';
import { compareModelsText } from '../../../src/report/text.ts';
import { compareModels } from '../../../src/summary/comparison/compareModels.ts';
import { leaveOneOut } from '../../../src/summary/comparison/leaveOneOut.ts';
import { logLikelihood } from '../../../src/summary/comparison/logLikelihood.ts';
import { fixef } from '../../../src/summary/estimates.ts';
import { syntheticFit } from '../syntheticFit.ts';
import { herds, voters } from '../voterData.ts';

const logit = { family: 'binomialLogit' } as const;
const options = { chains: 2, iterations: 100 };
const pooled = syntheticFit(formula('vote ~ income', logit), voters, options);
const partial = syntheticFit(formula('vote ~ income + avg + (1 + income | state)', logit), voters, options);
const probit = syntheticFit(formula('vote ~ 1', { family: 'probit' }), voters, options);

describe('compareModels', () => {
  it('has the estimates of every model by name, null where a model lacks one', () => {
    const { names, parameters } = compareModels({ pooled, partial });
    expect(names).toEqual(['pooled', 'partial']);
    expect(parameters.map(({ parameter }) => parameter)).toEqual([
      'beta[Intercept]',
      'beta[income]',
      'beta[avg]',
      'tau_state[Intercept]',
      'tau_state[income]',
      'corr_state[Intercept,income]',
    ]);
    const income = parameters[1]!.estimates;
    expect(income['pooled']!.mean).toBe(fixef(pooled)[1]!.estimate);
    expect(income['partial']!.sd).toBe(fixef(partial)[1]!.se);
    expect(parameters[2]!.estimates['pooled']).toBeNull();
  });

  it('ranks the models as looCompare does, and names the rows with a large Pareto k', () => {
    const { models } = compareModels({ pooled, partial, probit });
    const results = { pooled, partial, probit };
    const loos = Object.fromEntries(Object.entries(results).map(([name, fit]) => [name, loo(logLikelihood(fit))]));
    looCompare(loos).forEach((row, i) => {
      expect(models[i]).toMatchObject({
        model: row.model,
        elpd: row.elpd,
        elpdSe: row.seElpd,
        elpdDiff: row.elpdDiff,
        elpdDiffSe: row.seDiff,
        looic: row.ic,
        p: row.p,
      });
      const { above } = loos[row.model]!;
      expect(models[i]!.paretoK.above).toEqual(above.map((at) => at + 1));
      expect(models[i]!.paretoK.warning === null).toBe(above.length === 0);
    });
    // Draws from no posterior: some row is bound to be an outlier among the weights.
    const warned = models.find(({ paretoK }) => paretoK.warning !== null)!;
    expect(warned.paretoK.warning).toMatch(/\d+ of 16 rows ha(s|ve) a Pareto k above 0\.\d\d/);
    const text = compareModelsText(compareModels({ pooled, partial, probit }));
    expect(text).toContain(warned.paretoK.warning);
    expect(text).toMatch(/^parameter +pooled +partial +probit$/m);
    expect(text).toMatch(/^model +elpd +se +difference +se +looic +se +p +weight +k above$/m);
  });

  it('says which predicts a new group better, of a model without the factor, too', () => {
    const { newGroups, models } = compareModels({ pooled, partial });
    expect(newGroups.map(({ by, reason }) => [by, reason])).toEqual([['state', null]]);
    const rows = new Map(newGroups[0]!.models.map((row) => [row.model, row]));
    const left = leaveOneOut(partial, { by: 'state' });
    expect(rows.get('partial')!.elpd).toBe(left.elpd.estimate);
    expect(rows.get('partial')!.paretoK.above).toEqual(left.above.map((j) => left.levels[j]));
    // Without deviations the rows of a group are independent.
    const { values, draws, observations } = logLikelihood(pooled);
    const { index } = partial.design.groupTerms[0]!;
    const sums = new Float64Array(draws * 4);
    for (let s = 0; s < draws; s++) {
      for (let i = 0; i < observations; i++) sums[s * 4 + index[i]!]! += values[s * observations + i]!;
    }
    const summed = loo({ values: sums, draws, observations: 4, chains: 2 }).elpd.estimate;
    expect(rows.get('pooled')!.elpd).toBeCloseTo(summed, 9);
    for (const each of [models, newGroups[0]!.models]) {
      expect(each.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
    }
    expect(compareModels({ pooled, partial }, { by: [] }).newGroups).toEqual([]);
    expect(compareModelsText(compareModels({ pooled, partial }))).toContain('A new state: groups of state left out');
    expect(() => compareModels({ pooled, partial }, { by: ['county'] })).toThrow(
      '"county" is no grouping factor of the models; they have state',
    );
  });

  it('takes gaussian models, too', () => {
    const one = syntheticFit(formula('income ~ 1'), voters, options);
    const two = syntheticFit(formula('income ~ vote + (1 | state)'), voters, options);
    expect(compareModels({ one, two }).models).toHaveLength(2);
  });

  it('refuses models of other rows or another response, and none at all', () => {
    const counted = syntheticFit(formula('sick | trials(size) ~ 1', logit), herds, options);
    expect(() => compareModels({ pooled, counted })).toThrow(
      /models "pooled" and "counted" do not have the same rows of the same response \(16 rows of vote, 8 of sick\)/,
    );
    expect(() => compareModels({})).toThrow(/no models to compare/);
  });
});
