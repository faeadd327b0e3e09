import { describe, expect, it } from 'vitest';
import { quantile } from '../../../diagnostics/quantile.ts';
import { formula } from '../../../src/formula/formula.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import { scalarDraws } from '../../../src/mcmc/draws.ts';
import { fixef } from '../../../src/summary/estimates.ts';
import { odds } from '../../../src/summary/prediction/odds.ts';
import { predict } from '../../../src/summary/prediction/predict.ts';
import { drawOf, syntheticFit } from '../syntheticFit.ts';
import { voters } from '../voterData.ts';

const logit = { family: 'binomialLogit' } as const;

describe('odds', () => {
  const fit = syntheticFit(formula('vote ~ income * avg + (1 | state)', logit), voters);

  it('are the exponentials of the coefficients: median and 95% interval, by what each means', () => {
    const rows = odds(fit, { level: 0.95 });
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
    expect(odds(fit)).toEqual(odds(fit, { level: 0.9 }));
  });

  it('of a likelihood fit are exp of the estimate with its Wald interval', () => {
    const ml = maximumLikelihood(formula('vote ~ income', logit), voters);
    const [, income] = odds(ml, { level: 0.95 });
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

describe('what exp of a coefficient is', () => {
  const levels = { f: ['a', 'b', 'c'], g: ['p', 'q'], x: [0, 1], z: [0, 1] } as const;
  const grid = levels.f.flatMap((f) =>
    levels.g.flatMap((g) => levels.x.flatMap((x) => levels.z.map((z) => ({ f, g, x, z })))),
  );
  const rows = [...grid, ...grid].map((row, i) => ({ ...row, y: i % 3 === 0 ? 1 : 0 }));

  /**
   * By definition, over the grid of levels with other numbers at 0: odds where one cell has this coefficient alone; an
   * odds ratio where two cells that differ in one variable do; a ratio of odds ratios otherwise.
   */
  function byDefinition(X: Float64Array, p: number, c: number): string {
    const row = (i: number) => Array.from({ length: p }, (_, k) => X[i * p + k]!);
    const only = (values: readonly number[]) => values.every((value, k) => value === (k === c ? 1 : 0));
    const cells = grid.map((cell, i) => ({ cell, x: row(i) }));
    if (cells.some(({ cell, x }) => cell.x === 0 && cell.z === 0 && only(x))) return 'odds';
    const ratio = cells.some((to) =>
      cells.some((from) => {
        const names = (['f', 'g', 'x', 'z'] as const).filter((name) => to.cell[name] !== from.cell[name]);
        const fixed = (['x', 'z'] as const).every((name) => names.includes(name) || to.cell[name] === 0);
        return names.length === 1 && fixed && only(to.x.map((value, k) => value - from.x[k]!));
      }),
    );
    return ratio ? 'oddsRatio' : 'ratioOfOddsRatios';
  }

  it.each([
    ['y ~ f', ['odds', 'oddsRatio', 'oddsRatio']],
    ['y ~ 0 + f', ['odds', 'odds', 'odds']],
    ['y ~ 0 + f + x', ['odds', 'odds', 'odds', 'oddsRatio']],
    ['y ~ 1 + f:x', ['odds', 'oddsRatio', 'oddsRatio', 'oddsRatio']],
    ['y ~ x + f:x', ['odds', 'oddsRatio', 'ratioOfOddsRatios', 'ratioOfOddsRatios']],
    ['y ~ f + f:x', ['odds', 'oddsRatio', 'oddsRatio', 'oddsRatio', 'oddsRatio', 'oddsRatio']],
    ['y ~ 0 + f:g', new Array(6).fill('odds')],
    ['y ~ 0 + factor(x) + z', ['odds', 'odds', 'oddsRatio']],
  ])('%s', (text, expected) => {
    const fit = syntheticFit(formula(text, logit), { rows });
    expect(odds(fit).map(({ kind }) => kind)).toEqual(expected);
  });

  it.each([
    'y ~ f * g',
    'y ~ f * x',
    'y ~ 0 + f * x',
    'y ~ 0 + f + g',
    'y ~ 0 + g + f + f:g',
    'y ~ f + f:g',
    'y ~ f + g:x',
    'y ~ 0 + g + g:x + g:z',
    'y ~ g * x * z',
    'y ~ f * g * x',
    'y ~ 1 + f:g:x',
    'y ~ g + f:x',
    'y ~ 0 + f:g + x',
    'y ~ x * z',
    'y ~ 0 + f:g:x + g',
  ])('agrees with its definition: %s', (text) => {
    const fit = syntheticFit(formula(text, logit), { rows });
    const { X, p } = fit.design;
    odds(fit).forEach(({ kind }, c) => {
      expect(kind).toBe(byDefinition(X, p, c));
    });
  });
});
