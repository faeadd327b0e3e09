import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { predictionText } from '../../../src/report/text.ts';
import { predict } from '../../../src/summary/prediction/predict.ts';
import { faultOf } from '../../faultOf.ts';
import { data } from '../../likelihood/goldenData.ts';

/** By lm and lme4 (predictEstimates.R). */
const truth = JSON.parse(
  readFileSync(new URL('../../fixtures/summary/predictEstimates.json', import.meta.url), 'utf8'),
) as Record<string, readonly number[]>;

const sleep = maximumLikelihood(formula('Reaction ~ Days + (1 + Days | Subject)'), data('sleepstudy'));
const herds = maximumLikelihood(
  formula('incidence | trials(size) ~ factor(period) + (1 | herd)', { family: 'binomial' }),
  data('cbpp'),
);
const known = [{ Subject: '308', Days: 2.5 }];
const z90 = 1.6448536269514722;

type Row = Record<'estimate' | 'se' | 'lower' | 'upper', number>;
const first = (...given: Parameters<typeof predict>): Row => predict(...given).rows[0] as unknown as Row;

/** Relative error; the optimum of lme4 is known to about 1e-5 of an sd, and se's move by the same. */
const near = (value: number, right: number, tolerance = 2e-5) =>
  expect(Math.abs(value / right - 1), `${value} for ${right}`).toBeLessThan(tolerance);

describe('predict of a maximum likelihood fit', () => {
  it("has the estimate and the prediction error of Henderson's equations for a group of the fit", () => {
    const row = first(sleep, known);
    near(row.estimate, truth['known']![0]!);
    near(row.se, truth['known']![1]!);
    expect(row.lower).toBeCloseTo(row.estimate - z90 * row.se, 9);
    expect(row.upper).toBeCloseTo(row.estimate + z90 * row.se, 9);
    expect(Object.keys(row)).toEqual(['Subject', 'Days', 'estimate', 'se', 'lower', 'upper']);
    near(first(sleep, known, { kind: 'response' }).se, truth['response']![0]!);
  });

  it('adds the spread of groups for one that the fit has not, unless it is put on the line', () => {
    const fresh = [{ Subject: 'new', Days: 2.5 }];
    const drawn = first(sleep, fresh);
    near(drawn.estimate, truth['line']![0]!);
    near(drawn.se, truth['new']![0]!);
    near(first(sleep, fresh, { newGroups: 'population' }).se, truth['line']![1]!);
    expect(faultOf(() => predict(sleep, fresh, { newGroups: 'error' })).code).toBe('new-group');
  });

  it("has Student's quantiles where no group takes part: the intervals of lm without groups, Satterthwaite's with them", () => {
    const lm = maximumLikelihood(formula('Reaction ~ Days'), data('sleepstudy'));
    const mean = first(lm, [{ Days: 2.5 }]);
    [mean.estimate, mean.lower, mean.upper].forEach((value, k) => {
      near(value, truth['lmMean']![k]!, 1e-9);
    });
    const response = first(lm, [{ Days: 2.5 }], { kind: 'response' });
    [response.estimate, response.lower, response.upper].forEach((value, k) => {
      near(value, truth['lmResponse']![k]!, 1e-9);
    });
    // 17 degrees of freedom for the balanced sleepstudy: 1.739606726 is the 95% quantile of t with 17.
    const line = first(sleep, known, { groups: 'none' });
    near(line.se, truth['line']![1]!);
    near((line.upper - line.estimate) / line.se, 1.739606726, 1e-4);
  });

  it('gives the fitted values for the rows of the fit, in every family', () => {
    for (const fit of [sleep, herds]) {
      const rows = predict(fit).rows as unknown as Row[];
      expect(rows.length).toBe(fit.design.n);
      rows.forEach((row, i) => {
        expect(row.estimate).toBeCloseTo(fit.fitted[i]!, 9);
      });
    }
  });

  it('takes a mean and odds through the link, the se by the delta method', () => {
    const rows = [{ herd: '3', period: '3' }];
    const eta = first(herds, rows, { kind: 'linear' });
    near(eta.estimate, truth['logit']![0]!, 1e-4);
    near(eta.se, truth['logit']![1]!, 1e-4);
    const p = 1 / (1 + Math.exp(-eta.estimate));
    const mean = first(herds, rows);
    near(mean.estimate, p, 1e-12);
    near(mean.se, p * (1 - p) * eta.se, 1e-10);
    near(mean.lower, 1 / (1 + Math.exp(-eta.lower)), 1e-12);
    const odds = first(herds, rows, { kind: 'odds', level: 0.5 });
    near(odds.estimate, Math.exp(eta.estimate), 1e-12);
    near(odds.se, Math.exp(eta.estimate) * eta.se, 1e-10);
    near(odds.upper, Math.exp(eta.estimate + 0.6744897501960817 * eta.se), 1e-10);
  });

  it('multiplies the rate of a count by the exposure of its row', () => {
    const counts = maximumLikelihood(formula('y | exposure(e) ~ x + (1 | g)', { family: 'poisson' }), {
      rows: {
        y: [3, 5, 9, 2, 8, 14, 1, 4, 4, 7, 12, 20],
        x: [0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2],
        e: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2],
        g: ['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'c', 'd', 'd', 'd'],
      },
    });
    const rows = [{ x: 1, g: 'b', e: 3 }];
    const eta = first(counts, rows, { kind: 'linear' });
    const mean = first(counts, rows);
    near(mean.estimate, 3 * Math.exp(eta.estimate), 1e-12);
    near(mean.se, 3 * Math.exp(eta.estimate) * eta.se, 1e-10);
    near(first(counts, rows, { kind: 'rate' }).upper, Math.exp(eta.upper), 1e-10);
  });

  it('is a table with digits by the standard error', () => {
    expect(predictionText(predict(sleep, known)).split('\n')[0]).toMatch(/Subject +Days +estimate +se +lower +upper/);
  });

  it('refuses what such a fit cannot answer', () => {
    const sentence = (action: () => unknown) => {
      const { code, message } = faultOf(action);
      return `${code}: ${message}`;
    };
    expect(sentence(() => predict(sleep, known, { draws: true }))).toMatch(/^not-supported: .*no draws/);
    expect(sentence(() => predict(sleep, known, { seed: 1 }))).toMatch(/^not-supported: .*no draws/);
    expect(sentence(() => predict(herds, undefined, { kind: 'response' }))).toMatch(/^not-supported: .*binomial/);
    expect(sentence(() => predict(sleep, known, { kind: 'odds' }))).toMatch(/^no-odds: /);
    expect(sentence(() => predict(sleep, known, { groups: ['school'] }))).toMatch(/^unknown-factor: /);
    expect(sentence(() => predict(sleep, known, { level: 1 }))).toMatch(/^option: /);
    expect(sentence(() => predict(sleep, [{ Days: 1 }]))).toMatch(/^missing-group: /);
  });
});
