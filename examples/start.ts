/**
 * A first multilevel model: radon in 919 houses of 85 counties of Minnesota (Gelman & Hill 2007, chapters 12 and 13).
 *
 * Radon seeps in from the soil, so a measurement on the first floor reads lower than one in a basement. How much lower,
 * and how high a basement reads, differs by county; uranium in the county's soil explains some of that. Three counties
 * have one house in the data, two have more than a hundred.
 *
 *   npm start
 */
import { readFileSync, writeFileSync } from 'node:fs';
import {
  check,
  checkText,
  compare,
  compareText,
  describe,
  formula,
  maximumLikelihood,
  parseCsv,
  sample,
  shrinkage,
  shrinkageText,
  summarize,
  summaryText,
  toJson,
} from '../src/index.ts';

const here = new URL('data/radon_arm.csv', import.meta.url);
const data = { rows: parseCsv(readFileSync(here, 'utf8'), 'radon_arm.csv') };

// The model, as in lme4: every county has an intercept and a floor effect of its own, around a line in the county's
// uranium.
const model = formula('log_radon ~ floor * log_uranium + (1 + floor | county)');

// The posterior, by Markov chain Monte Carlo: 4 chains of 1000 draws.
const fit = await sample(model, data);

// The model in full, as it was fitted: one regression per level, all in one line, the priors in force, what the sampler
// did.
console.log(describe(fit));

console.log('\nThe population level: one line for all counties, and how far counties spread around it\n');
console.log(summaryText(summarize(fit, { variables: ['beta', 'tau_county', 'corr_county', 'sigma'] })));

// Draws that have not mixed are no answer, whatever their mean: look at the verdict before the numbers.
const verdict = check(fit);
console.log(`\n${checkText(verdict)}`);

// Partial pooling: a county with few houses borrows from the others, and stands close to what its uranium predicts.
console.log('\nThe ten counties whose own houses say least\n');
console.log(shrinkageText(shrinkage(fit, 'county'), { top: 10 }));

// The same model object, fitted by restricted maximum likelihood.
const reml = maximumLikelihood(model, data, { method: 'REML' });
console.log('\nThe same model by REML, as lme4 fits it\n');
console.log(compareText(compare(fit, reml)));

const file = new URL('../radon-fit.json', import.meta.url);
writeFileSync(file, toJson(fit));
console.log(
  '\nThe draws are in radon-fit.json: ArviZ before 1.0 reads it as it is, and so do the commands summary, check, shrinkage, predict.',
);

console.log('\nThe same in a page, with your own CSV if you like: npm run demo');

process.exitCode = verdict.ok ? 0 : 3;
