import { describe, expect, it } from 'vitest';
import { formula } from '../../../src/formula/formula.ts';
import { contrast, contrastDraws, waldContrast } from '../../../src/likelihood/inference/contrast.ts';
import { jointContrast } from '../../../src/likelihood/inference/jointContrast.ts';
import { likelihoodRatio } from '../../../src/likelihood/inference/likelihoodRatio.ts';
import { linearCombination } from '../../../src/likelihood/inference/linearCombination.ts';
import { coefficientTests } from '../../../src/likelihood/inference/satterthwaite.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { data, golden } from '../goldenData.ts';

describe("Satterthwaite's degrees of freedom", () => {
  it.each([
    ['sleepstudy_rs', 'sleepstudy', 'Reaction ~ Days + (1 + Days | Subject)'],
    ['sleepstudy_ri', 'sleepstudy', 'Reaction ~ Days + (1 | Subject)'],
    ['orthodont_rs_sex', 'orthodont', 'distance ~ age * Sex + (1 + age | Subject)'],
    ['pastes_nested', 'pastes', 'strength ~ 1 + (1 | batch) + (1 | sample)'],
    ['hsb40_ses_rs', 'hsb40', 'mathach ~ ses + (1 + ses | school)'],
  ])('agree with the definition differenced on lme4: %s', (key, name, text) => {
    const gold = golden<Record<string, { df: number[] | number }>>('satterthwaite')[key]!;
    const tests = coefficientTests(maximumLikelihood(formula(text), data(name)));
    [gold.df].flat().forEach((df, k) => {
      // numDeriv on a criterion with lme4's own optimum: 1e-5 or so.
      expect(Math.abs(tests[k]!.df / df - 1)).toBeLessThan(1e-5);
    });
  });

  it('are n - p for least squares, and those of a balanced one-way layout J - 1', () => {
    const pooled = coefficientTests(maximumLikelihood(formula('Reaction ~ Days'), data('sleepstudy')));
    expect(pooled[1]!.df).toBeCloseTo(178, 4);
    const oneWay = coefficientTests(maximumLikelihood(formula('Yield ~ 1 + (1 | Batch)'), data('dyestuff')));
    expect(oneWay[0]!.df).toBeCloseTo(5, 5);
  });

  it('give the t tests of lmerTest for sleepstudy: t(17) = 6.771, p = 3.26e-6', () => {
    const fit = maximumLikelihood(formula('Reaction ~ Days + (1 + Days | Subject)'), data('sleepstudy'));
    const days = coefficientTests(fit)[1]!;
    expect(days.t).toBeCloseTo(6.771, 3);
    expect(days.pValue).toBeCloseTo(3.26e-6, 8);
  });

  it('are infinite where every variance is known', () => {
    const fit = maximumLikelihood(formula('y | se(sigma) ~ 1'), data('eight_schools'));
    expect(coefficientTests(fit)[0]!.df).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('contrast', () => {
  const text = 'mathach ~ ses * factor(sector, ref = "Public") + (1 | school)';
  const fit = maximumLikelihood(formula(text), data('hsb40'));
  const [, ses, , interaction] = fit.fixef.labels as [string, string, string, string];

  it('of a slope and its interaction is the slope of the other sector', () => {
    const other = maximumLikelihood(formula(text.replace('Public', 'Catholic')), data('hsb40'));
    const test = contrast(fit, `${ses} + ${interaction}`);
    expect(test.estimate).toBeCloseTo(other.fixef.estimates[1]!, 7);
    expect(test.standardError).toBeCloseTo(other.fixef.standardErrors[1]!, 7);
    expect(test.df).toBeCloseTo(coefficientTests(other)[1]!.df, 2);
    expect(test.lower).toBeLessThan(test.estimate);
  });

  it('takes the interaction in either order, numbers before a term, and a value after =', () => {
    const labels = ['Intercept', 'ses', 'sectorCatholic', 'ses:sectorCatholic'];
    const { weights, against } = linearCombination('-ses + 0.5*sectorCatholic:ses - 2 * Intercept = 1.5', labels);
    expect(Array.from(weights)).toEqual([-2, -1, 0, 0.5]);
    expect(against).toBe(1.5);
  });

  it('takes sums in brackets, with a number before them and one that divides them', () => {
    const labels = ['Intercept', 'ses', 'I(ses^2)', '(x)'];
    const weights = (text: string) => Array.from(linearCombination(text, labels).weights);
    expect(weights('2 * (ses - Intercept)')).toEqual([-2, 2, 0, 0]);
    expect(weights('-(ses - (Intercept + 3 * I(ses^2)) / 2) = 1')).toEqual([0.5, -1, 1.5, 0]);
    expect(weights('(ses + I(ses^2)) / 2 - Intercept / 4')).toEqual([-0.25, 0.5, 0.5, 0]);
    expect(weights('(x) + ((ses))')).toEqual([0, 1, 0, 1]);
  });

  it.each([
    ['(ses', 'cannot read ""'],
    ['ses)', 'cannot read ")"'],
    ['()', 'cannot read "()"'],
    ['2 * (ses = 1)', 'cannot read "= 1)"'],
    ['ses / 0', 'cannot read "/ 0"'],
    ['ses / Intercept', 'cannot read "/ Intercept"'],
    ['(ses) (ses)', 'cannot read "(ses)"'],
    ['ses + ', 'cannot read ""'],
    ['sess', 'cannot read "sess"'],
    ['ses + 3', 'cannot read "3"'],
    ['ses ses', 'cannot read "ses"'],
    ['', 'cannot read ""'],
    ['ses = x', 'cannot read "= x"'],
  ])('"%s" is refused with what was not understood and the names that are', (wrong, message) => {
    expect(() => linearCombination(wrong, ['Intercept', 'ses'])).toThrow(message);
    expect(() => linearCombination(wrong, ['Intercept', 'ses'])).toThrow('of Intercept, ses');
  });

  it('serves draws: the combination of each draw, and the Wald test of their mean and covariance', () => {
    const combination = linearCombination('ses - Intercept', ['Intercept', 'ses']);
    expect(
      Array.from(
        contrastDraws(
          [
            [1, 2, 3],
            [5, 5, 9],
          ],
          combination,
        ),
      ),
    ).toEqual([4, 3, 6]);
    const test = waldContrast({ estimates: [1, 3], vcov: [1, 0.5, 0.5, 4] }, combination);
    expect(test.estimate).toBe(2);
    expect(test.standardError).toBe(2);
    expect(test.pValue).toBeCloseTo(0.31731050786, 9);
    expect(test.upper).toBeCloseTo(2 + 2 * 1.6448536269514722, 9);
  });
});

describe('several hypotheses at once', () => {
  const gold = golden<Record<string, { F: number; numDf: number; denDf: number; p: number }>>('joint_contrast');
  const hsb = 'mathach ~ ses * factor(sector, ref = "Public") + (1 + ses | school)';
  const orthodont = 'distance ~ age * Sex + (1 + age | Subject)';
  const sleep = 'Reaction ~ Days + (1 + Days | Subject)';

  it.each([
    ['hsb40', 'hsb40', hsb, (c: string[]) => `${c[2]}; ${c[3]} = 0`],
    ['hsb40 shifted', 'hsb40', hsb, (c: string[]) => [`${c[1]} + ${c[3]} / 2 = 2`, `${c[3]} = -1`]],
    ['orthodont', 'orthodont', orthodont, (c: string[]) => [c[2]!, c[3]!, `2 * ${c[1]} + ${c[3]}`]],
    ['sleepstudy', 'sleepstudy', sleep, () => 'Intercept = 250; Days = 10'],
  ])('have the F of contestMD: %s', (key, name, text, asked) => {
    const fit = maximumLikelihood(formula(text), data(name));
    const given = asked([...fit.fixef.labels]);
    const test = jointContrast(fit, given);
    const { F, numDf, denDf, p } = gold[key]!;
    // lmerTest differences the criterion at lme4's optimum: 1e-5 or so in F, ten times that in its degrees of freedom.
    expect(Math.abs(test.F / F - 1)).toBeLessThan(1e-4);
    expect(test.numeratorDf).toBe(numDf);
    expect(Math.abs(test.denominatorDf / denDf - 1)).toBeLessThan(1e-3);
    expect(Math.abs(test.pValue / p - 1)).toBeLessThan(1e-3);
    const texts = typeof given === 'string' ? given.split(';') : given;
    expect(test.rows).toEqual(texts.map((one) => contrast(fit, one)));
  });

  const fit = maximumLikelihood(formula(sleep), data('sleepstudy'));

  it('of one hypothesis is the square of its t, and one that follows from others adds nothing', () => {
    const one = contrast(fit, 'Days = 10');
    const alone = jointContrast(fit, 'Days = 10');
    expect(alone.F).toBeCloseTo(one.t ** 2, 10);
    expect(alone.denominatorDf).toBeCloseTo(one.df, 8);
    expect(alone.pValue).toBeCloseTo(one.pValue, 10);
    const both = jointContrast(fit, ['Days = 10', 'Intercept = 250']);
    const more = jointContrast(fit, ['Days = 10', 'Intercept = 250', 'Intercept - 3 * Days = 220']);
    expect(more.numeratorDf).toBe(2);
    expect(more.F).toBeCloseTo(both.F, 8);
  });

  it('is chi-square where no residual variance is estimated', () => {
    const votes = maximumLikelihood(
      formula('use ~ age + urban + (1 | district)', { family: 'binomial' }),
      data('contraception'),
    );
    const [, age, urban] = votes.fixef.labels;
    const test = jointContrast(votes, [age!, urban!]);
    expect(test.denominatorDf).toBe(Number.POSITIVE_INFINITY);
    // e^(-x / 2) of two degrees of freedom.
    expect(test.pValue / Math.exp(-test.F)).toBeCloseTo(1, 9);
  });

  it.each([
    [['Days = 10', '2 * Days = 21'], 'contradict each other'],
    ['Days; ', 'cannot read ""'],
    ['Days; day', 'cannot read "day"'],
    [[], 'expected hypotheses such as'],
    [[3], 'expected hypotheses such as'],
  ])('%j is refused', (given, message) => {
    expect(() => jointContrast(fit, given as string[])).toThrow(message);
  });
});

describe('likelihood ratio', () => {
  const fits = (a: string, b: string, method: 'ML' | 'REML' = 'REML') =>
    [a, b].map((text) => maximumLikelihood(formula(text), data('sleepstudy'), { method })) as [
      ReturnType<typeof maximumLikelihood>,
      ReturnType<typeof maximumLikelihood>,
    ];

  it('of ML fits agrees with anova of lme4', () => {
    const gold = golden<Record<string, { chisq: number; df: number; p: number }>>('likelihood_ratio')['sleepstudy']!;
    const [a, b] = fits('Reaction ~ Days + (1 | Subject)', 'Reaction ~ Days + (1 + Days | Subject)', 'ML');
    for (const test of [likelihoodRatio(a, b), likelihoodRatio(b, a)]) {
      expect(test.chiSquare).toBeCloseTo(gold.chisq, 7);
      expect(test.df).toBe(gold.df);
      expect(Math.abs(test.pValue / gold.p - 1)).toBeLessThan(1e-6);
      expect(test.method).toBe('ML');
      expect(test.refitted).toBe(false);
      expect(test.note).toMatch(/boundary/);
    }
  });

  it('of REML fits with the same X stays REML; with another X both are refitted by ML', () => {
    const [a, b] = fits('Reaction ~ Days + (1 | Subject)', 'Reaction ~ Days + (1 + Days | Subject)');
    expect(likelihoodRatio(a, b).method).toBe('REML');
    expect(likelihoodRatio(a, b).chiSquare).toBeCloseTo(a.deviance - b.deviance, 8);
    const [c, d] = fits('Reaction ~ 1 + (1 | Subject)', 'Reaction ~ Days + (1 | Subject)');
    const test = likelihoodRatio(c, d);
    expect(test.method).toBe('ML');
    expect(test.refitted).toBe(true);
    expect(test.df).toBe(1);
    expect(test.note).toBeUndefined();
    const [e, f] = fits('Reaction ~ 1 + (1 | Subject)', 'Reaction ~ Days + (1 | Subject)', 'ML');
    expect(test.chiSquare).toBeCloseTo(e.deviance - f.deviance, 7);
  });

  it('refuses models of which neither is nested in the other, naming what is outside', () => {
    const [a, b] = fits('Reaction ~ Days + (1 | Subject)', 'Reaction ~ 1 + (1 + Days | Subject)');
    expect(() => likelihoodRatio(a, b)).toThrow('Days is in the smaller model and not in the larger one');
    const [c, d] = fits('Reaction ~ Days + (0 + Days | Subject)', 'Reaction ~ poly(Days, 2) + (1 | Subject)');
    expect(() => likelihoodRatio(c, d)).toThrow('the covariance of "Subject" (Days) is not a part');
  });

  it('refuses two fits of one model', () => {
    const [a, b] = fits('Reaction ~ Days + (1 | Subject)', 'Reaction ~ 1 + Days + (1 | Subject)');
    expect(() => likelihoodRatio(a, b)).toThrow('the fits have the same number of parameters (4)');
  });

  it('refuses fits to different responses', () => {
    const a = maximumLikelihood(formula('Reaction ~ Days + (1 | Subject)'), data('sleepstudy'));
    const b = maximumLikelihood(formula('Yield ~ 1 + (1 | Batch)'), data('dyestuff'));
    expect(() => likelihoodRatio(a, b)).toThrow(/same rows, offset and weights/);
  });
});
