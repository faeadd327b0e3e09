/**
 * Red state, blue state: income and the vote of 9978 made-up voters in 50 states (after Gelman & Hill 2007, chapter 14, and Gelman et al. 2008).
 *
 * Within a state the rich vote Republican more often than the poor; rich states do so less often than poor ones. How steep income is differs by state,
 * less so in rich ones. The smallest state has five voters, who all vote alike.
 *
 *   npx tsx examples/voters.ts
 */
import { readFileSync } from 'node:fs';
import {
  check,
  checkText,
  compareModels,
  compareModelsText,
  formula,
  odds,
  oddsText,
  parseCsv,
  poststratify,
  predictionText,
  sample,
  shrinkage,
  shrinkageText,
} from '../src/index.ts';

const rows = parseCsv(readFileSync(new URL('data/voters.csv', import.meta.url), 'utf8'), 'voters.csv');
const data = { rows };
const family = 'binomial';

// Complete pooling, intercepts that vary by state, and intercepts and slopes that vary with average income as a predictor of both.
const pooled = await sample(formula('yes | trials(n) ~ income', { family }), data);
const intercepts = await sample(formula('yes | trials(n) ~ income + (1 | state)', { family }), data);
const slopes = await sample(
  formula('yes | trials(n) ~ income + (1 + income | state)', { family, level2: { state: '~ avgincome' } }),
  data,
);
console.log(compareModelsText(compareModels({ pooled, intercepts, slopes })));

const verdict = check(slopes);
console.log(`\n${checkText(verdict)}`);

console.log('\nOdds of voting Republican, with 95% intervals\n');
console.log(oddsText(odds(slopes)));

// A state whose voters all vote alike has no estimate of its own; the model gives it one, near the line of its average income.
console.log('\nThe states whose own voters say least\n');
console.log(shrinkageText(shrinkage(slopes, 'state'), { top: 5, term: 'Intercept' }));

// Shares of a population whose composition is known: here the sample's own, in practice a census.
console.log('\nThe share of Republicans by income\n');
console.log(predictionText(poststratify(slopes, data, { by: 'income', weights: 'n' })));

process.exitCode = verdict.ok ? 0 : 3;
