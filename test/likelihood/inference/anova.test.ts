import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { anova } from '../../../src/likelihood/inference/anova.ts';
import { likelihoodRatio } from '../../../src/likelihood/inference/likelihoodRatio.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { anovaText } from '../../../src/report/anovaText.ts';
import { faultOf } from '../../faultOf.ts';
import { data } from '../goldenData.ts';

const fitted = (text: string, method: 'ML' | 'REML' = 'ML') =>
  maximumLikelihood(formula(text), data('sleepstudy'), { method });
const line = fitted('Reaction ~ Days');
const intercepts = fitted('Reaction ~ Days + (1 | Subject)');
const slopes = fitted('Reaction ~ Days + (1 + Days | Subject)');

describe('anova', () => {
  it('has the criteria and tests that lme4 has', () => {
    // R 4.2, lme4 1.1-31: m0 <- lm(Reaction ~ Days, sleepstudy); m1 <- lmer(Reaction ~ Days + (1 | Subject), sleepstudy,
    // REML = FALSE); m2 <- lmer(Reaction ~ Days + (Days | Subject), sleepstudy, REML = FALSE); anova(m1, m2, m0)
    const { rows, method } = anova({ slopes, line, intercepts });
    expect(method).toBe('ML');
    expect(rows.map(({ model, df }) => [model, df])).toEqual([
      ['line', 3],
      ['intercepts', 4],
      ['slopes', 6],
    ]);
    const r = [
      [1906.29305636, 1915.87192691],
      [1802.07864301, 1814.85047041, 106.2144133511, 1, 6.61735945828e-25],
      [1763.93934449, 1783.09708559, 42.1392985162, 2, 7.0724126384e-10],
    ];
    rows.forEach(({ aic, bic, test }, k) => {
      // lme4's optimiser stops some 1e-8 of the deviance short.
      expect(aic).toBeCloseTo(r[k]![0]!, 5);
      expect(bic).toBeCloseTo(r[k]![1]!, 5);
      if (test === null) return;
      expect(test.chiSquare).toBeCloseTo(r[k]![2]!, 5);
      expect(test.df).toBe(r[k]![3]);
      expect(test.pValue / r[k]![4]!).toBeCloseTo(1, 5);
    });
    expect(rows[2]!.test!.mixture).toBe(likelihoodRatio(intercepts, slopes).mixture!.pValue);
    expect(rows[1]!.test!.against).toBe('line');
    expect([rows[0]!.test, rows[0]!.aicDiff, rows[2]!.aicDiff]).toEqual([null, rows[0]!.aic - rows[2]!.aic, 0]);
    const text = anovaText(anova({ line, intercepts, slopes }));
    expect(text).toMatch(/^model +df +AIC +above +BIC +above +deviance +chi2 +df +p +p at the boundary$/m);
    expect(text).toContain('ML; above: over the smallest');
  });

  it('names fits by their order, and says why models that are not nested have no test', () => {
    const other = fitted('Reaction ~ 1 + (1 + Days || Subject)');
    const { rows } = anova(other, intercepts);
    expect(rows.map(({ model }) => model).sort()).toEqual(['model1', 'model2']);
    expect(rows[1]!.test).toBeNull();
    expect(rows[1]!.reason).toMatch(/not nested|same number of parameters/);
    expect(anovaText(anova(other, intercepts))).toContain('no test against the one before');
  });

  it('refuses criteria that cannot be compared', () => {
    const [one, two] = [fitted('Reaction ~ Days + (1 | Subject)', 'REML'), fitted('Reaction ~ (1 | Subject)', 'REML')];
    expect(faultOf(() => anova({ one, two })).message).toBe(
      'models "one" and "two" are REML fits with different population parts (Days), whose criteria cannot be compared; fit both by method \'ML\'',
    );
    const wide = fitted('Reaction ~ Days + (1 + Days | Subject)', 'REML');
    expect(anova({ one, wide }).rows[1]!.test!.df).toBe(2);
    expect(faultOf(() => anova({ one, slopes })).message).toContain('were fitted by REML and ML');
    const dye = maximumLikelihood(formula('Yield ~ 1 + (1 | Batch)'), data('dyestuff'), { method: 'ML' });
    expect(faultOf(() => anova({ slopes, dye })).code).toBe('different-data');
    expect(faultOf(() => anova({})).code).toBe('no-models');
    expect(faultOf(() => anova({ one: 3 } as never)).code).toBe('not-a-fit');
  });
});
