import { describe, expect, it } from 'vitest';
import { quantile } from '../../diagnostics/quantile.ts';
import { formula } from '../../src/formula/formula.ts';
import { maximumLikelihood } from '../../src/likelihood/maximumLikelihood.ts';
import { scalarDraws } from '../../src/mcmc/draws.ts';
import { fixef } from '../../src/summary/estimates.ts';
import { odds } from '../../src/summary/odds.ts';
import { predict } from '../../src/summary/predict.ts';
import { drawOf, syntheticFit } from './syntheticFit.ts';
import { voters } from './voterData.ts';

const logit = { family: 'binomialLogit' } as const;

describe('odds', () => {
  const fit = syntheticFit(formula('vote ~ income * avg + (1 | state)', logit), voters);

  it('are the exponentials of the coefficients: median and 95% interval, by what each means', () => {
    const rows = odds(fit);
    expect(rows.map(({ term, kind }) => [term, kind])).toEqual([
      ['Intercept', 'odds'],
      ['income', 'oddsRatio'],
      ['avg', 'oddsRatio'],
      ['income:avg', 'ratioOfOddsRatios'],
    ]);
    rows.forEach((row, c) => {
      const [lower, middle, upper] = quantile([scalarDraws(fit.draws, c)], [0.025, 0.5, 0.975]);
      expect(row.estimate).toBeCloseTo(Math.exp(middle!), 12);
      expect(row.lower).toBeCloseTo(Math.exp(lower!), 12);
      expect(row.upper).toBeCloseTo(Math.exp(upper!), 12);
    });
    expect(odds(fit, { level: 0.5 })[1]!.lower).toBeGreaterThan(rows[1]!.lower);
  });

  it('of a likelihood fit are exp of the estimate with its Wald interval', () => {
    const ml = maximumLikelihood(formula('vote ~ income', logit), voters);
    const [, income] = odds(ml);
    const { estimate, se } = fixef(ml)[1]!;
    expect(income!.estimate).toBeCloseTo(Math.exp(estimate), 12);
    // 97.5% point of the standard normal distribution.
    expect(Math.log(income!.upper / income!.estimate) / se).toBeCloseTo(1.959963984540054, 10);
  });

  it('are those of a unit more: the ratio of the odds that predict gives, in every draw', () => {
    const table = { income: [0, 1], avg: [0, 0], state: ['a', 'a'] };
    const { draws } = predict(fit, table, { kind: 'odds', draws: true });
    for (let s = 0; s < 50; s++) {
      expect(draws![50 + s]! / draws![s]! / Math.exp(drawOf(fit, 'beta', 1, s))).toBeCloseTo(1, 12);
    }
  });

  it('are refused where there are none', () => {
    const probit = syntheticFit(formula('vote ~ income', { family: 'probit' }), voters);
    expect(() => odds(probit)).toThrow(/logit model, and the link of this one is probit; predict with kind 'odds'/);
    const gaussian = syntheticFit(formula('income ~ vote'), voters);
    expect(() => odds(gaussian)).toThrow(/the link of this one is identity$/);
    expect(() => odds(fit, { level: 2 })).toThrow('level: got 2; accepted is a number between 0 and 1');
  });
});
