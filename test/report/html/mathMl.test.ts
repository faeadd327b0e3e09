import { expect, it } from 'vitest';
import type { FormulaOptions } from '../../../src/formula/formula.ts';
import type { Fit } from '../../../src/mcmc/fit.ts';
import { plan } from '../../../src/mcmc/plan.ts';
import { modelMath } from '../../../src/report/html/mathMl.ts';

const rows = {
  y_1: [1, 2, 3, 4, 0, 2],
  known_1: [5, 6, 5, 6, 7, 8],
  g_1: ['a', 'b', 'c', 'a', 'b', 'c'],
};

it.each<[string, FormulaOptions, RegExp]>([
  ['y_1 | se(known_1) ~ 1 + (1 | g_1)', {}, /<mtext>normal<\/mtext>/],
  ['y_1 | trials(known_1) ~ 1 + (1 | g_1)', { family: 'binomial' }, /<mtext>inverse logit<\/mtext>/],
  ['y_1 | exposure(known_1) ~ 1 + (1 | g_1)', { family: 'poisson' }, /<mtext>poisson<\/mtext>/],
  ['y_1 | exposure(known_1) ~ 1 + (1 | g_1)', { family: 'negativeBinomial' }, /<mtext>negative binomial<\/mtext>/],
  ['y_1 ~ offset(known_1) + (1 | g_1)', {}, /<mtext>normal<\/mtext>/],
])('names of columns and of distributions are one word each, whatever they hold: %s', (text, options, distribution) => {
  // Of a fit the design is all that is read, and planning is quicker than sampling.
  const fit = { kind: 'mcmc', design: plan(text, { rows }, options).design };
  const { multilevel } = modelMath(fit as unknown as Fit);
  const whole = multilevel.join('');
  expect(whole).toMatch(distribution);
  expect(whole).toContain('known_1');
  for (const name of ['y_1', 'g_1']) expect(whole).toContain(`<mtext>${name}</mtext>`);
});
