import { expect, test } from 'vitest';
import { formula } from '../../src/formula/formula.ts';
import type { Level2Option } from '../../src/formula/level2.ts';
import { formulaText } from '../../src/graph/formulaText.ts';
import { termParts } from '../../src/graph/termParts.ts';

test.each<[string, Level2Option]>([
  ['log_radon ~ floor * log_uranium + (1 + floor | county)', {}],
  ['log_radon ~ floor + (1 + floor | county)', { county: '~ log_uranium' }],
  ['log_radon ~ floor + (1 + floor | county)', { county: { 1: '~ log_uranium', floor: '~ 1' } }],
  ['log_radon ~ (1 + floor | county)', { county: { 1: '~ 0 + log_uranium', floor: '~ 0' } }],
  ['log_radon ~ 0 + floor + (1 + floor | county)', { county: '~ 0 + log_uranium' }],
  ['y | se(sigma) ~ 1 + (1 | school)', {}],
  ['log(y) | weights(w + 1) ~ 0 + x:z + offset(log(pop)) + (0 + x || g) + (1 | g/h)', {}],
  ['y ~ . - a - b + (1 | g)', {}],
  ['y ~ poly(age, 2) * factor(sex, ref = "F") + within(x, g) + (1 + I(x^2) || g) + (0 + x | g)', {}],
  ['`my y` ~ `a:b` + `c d`:x + (1 | `the group`/b)', {}],
  ['y ~ 1', {}],
  ['y ~ 0 + x', {}],
])('the formula text of %j with level 2 %j reads back to the same graph', (text, level2) => {
  const graph = formula(text, { level2 });
  const written = formulaText(graph);
  const regressions: Record<string, string | Record<string, string>> = {};
  for (const { factor, term, formula: regression } of written.level2) {
    if (term === undefined) regressions[factor] = regression;
    else regressions[factor] = { ...(regressions[factor] as Record<string, string>), [term]: regression };
  }
  expect(formula(written.formula, { level2: regressions })).toEqual(graph);
});

test.each(['k | trials(n) ~ 1 + x + (1 | g)', 'k | trials(n) + weights(w) ~ 1 + (1 | g)', 'k | weights(w) ~ 1'])(
  'the formula text of the binomial %j is that text',
  (text) => {
    expect(formulaText(formula(text, { family: 'binomial' })).formula).toBe(text);
  },
);

test('a product divides at its colons, not at those in calls and backquotes', () => {
  expect(termParts('floor:log(uranium)')).toEqual(['floor', 'log(uranium)']);
  expect(termParts('I(a:b):`c:d`:e')).toEqual(['I(a:b)', '`c:d`', 'e']);
  expect(termParts('`a\\`:b`:c')).toEqual(['`a\\`:b`', 'c']);
  expect(termParts('1')).toEqual([]);
  expect(termParts('Intercept')).toEqual([]);
});
