/**
 * Countries and policy areas: every country acts in many areas, every area is acted on in many countries, and neither
 * contains the other.
 *
 *   score[i] = 50 + 4 openness[country] + country + area + eps,   sds 5, 8 and 6,   24 countries x 12 areas, about half
 *   the cells seen
 *
 * `(1 | country) + (1 | area)`: two factors side by side, each pooled about the same mean. Simulated first; then
 * penicillin, six samples tried on each of 24 plates, against lme4. Look at what a country's estimate is worth when the
 * areas it was seen in are left out of the account.
 *
 * Answer: all is recovered. A country seen in generous areas looks generous; the crossed model allows for it, and comes
 * nearer to the true countries than their means do and than a model of countries alone.
 *
 *   npm run example crossed
 */
import { readFileSync } from 'node:fs';
import {
  check,
  checkText,
  coef,
  compare,
  compareModels,
  compareModelsText,
  compareText,
  createRng,
  fixef,
  formula,
  type ModelFit,
  maximumLikelihood,
  maximumLikelihoodText,
  parseCsv,
  ranef,
  sample,
  shrinkage,
  varCorr,
} from '../src/index.ts';
import { plotGroups, plotProfile } from '../src/plots/index.ts';
import { writePictures } from './pictures.ts';
import { type Comparison, published, publishedFixef, publishedVarCorr } from './published.ts';

const rng = createRng([1]);
const areas = Array.from({ length: 12 }, () => 8 * rng.normal());
const truth = new Map<string, number>();
const rows: { country: string; area: string; openness: number; score: number }[] = [];
for (let c = 1; c <= 24; c++) {
  const country = `country ${String(c).padStart(2, '0')}`;
  const openness = rng.normal();
  const mean = 50 + 4 * openness + 5 * rng.normal();
  truth.set(country, mean);
  areas.forEach((area, a) => {
    const seen = rng.uniform() < 0.5;
    if (seen) rows.push({ country, area: `area ${a + 1}`, openness, score: mean + area + 6 * rng.normal() });
  });
}
const data = { rows };

const both = formula('score ~ openness + (1 | country) + (1 | area)');
const alone = formula('score ~ openness + (1 | country)');
const reml = maximumLikelihood(both, data);
const crossed = await sample(both, data, { seed: 1 });
const countries = await sample(alone, data, { seed: 1 });
console.log(maximumLikelihoodText(reml));

const sd = (fit: ModelFit, factor: string) => varCorr(fit).find((row) => row.factor === factor)!;
const beside = (factor: string, published: string): Comparison => ({
  what: `sd ${factor}`,
  published,
  ours: sd(reml, factor).sd!,
  within: 3 * sd(crossed, factor).se!,
});
const openness = fixef(reml)[1]!;
published('The truth (published) and REML; allowed is three standard errors, of the sds three posterior sds', [
  { what: 'openness', published: '4.000', ours: openness.estimate, within: 3 * openness.se },
  beside('country', '5.000'),
  beside('area', '8.000'),
  beside('Residual', '6.000'),
]);

console.log('\nThe posterior with and without areas\n');
console.log(compareModelsText(compareModels({ crossed, countries })));

/**
 * Root mean squared error of the countries' estimates, each less the mean of all: what is said of a country beside the
 * others.
 */
function error(estimates: readonly { readonly level: string; readonly value: number }[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const differences = estimates.map(({ level, value }) => value - truth.get(level)!);
  return Math.sqrt(mean(differences.map((difference) => (difference - mean(differences)) ** 2)));
}
const estimates = (fit: ModelFit) => coef(fit)['country']!.map(({ level, estimate }) => ({ level, value: estimate }));
const means = shrinkage(countries, 'country').rows.map(({ level, noPooling }) => ({ level, value: noPooling! }));
console.log(`
Root mean squared error of the 24 countries: their own means ${error(means).toFixed(2)}, countries alone ${error(estimates(countries)).toFixed(2)}, crossed ${error(estimates(crossed)).toFixed(2)}`);
const verdict = check(crossed);
console.log(checkText(verdict));

// Real: the zone in which penicillin stops bacteria, six samples on each of 24 plates (Davies & Goldsmith 1972). lme4
// 1.1-31: lmer(diameter ~ 1 + (1 | plate) + (1 | sample)), REML and ML.
const file = 'penicillin.csv';
const penicillin = { rows: parseCsv(readFileSync(new URL(`data/${file}`, import.meta.url), 'utf8'), file) };
const assay = formula('diameter ~ 1 + (1 | plate) + (1 | sample)');
const assayReml = maximumLikelihood(assay, penicillin);
const assayMl = maximumLikelihood(assay, penicillin, { method: 'ML' });
const modes = ['2.1871', '-1.0105', '1.9379', '-0.0969', '-0.0138', '-3.0037'];
published('Penicillin, REML: lme4 (published) and ours', [
  ...publishedFixef(assayReml, ['22.9722 (0.8086)']),
  ...publishedVarCorr(assayReml, ['0.8467', '1.9316', '0.5499']),
  { what: 'log-likelihood', published: '-165.4303', ours: assayReml.logLik },
  ...ranef(assayReml)['sample']!.map(({ level, mode }, k) => ({
    what: `sample ${level}, deviation`,
    published: modes[k]!,
    ours: mode,
  })),
  { what: 'sd sample, ML', published: '1.7706', ours: sd(assayMl, 'sample').sd! },
  { what: 'log-likelihood, ML', published: '-166.0942', ours: assayMl.logLik },
]);
const assayFit = await sample(assay, penicillin, { seed: 1 });
console.log('\nThe posterior beside REML\n');
console.log(compareText(compare(assayFit, assayReml)));
const assayVerdict = check(assayFit);
console.log(checkText(assayVerdict));
writePictures({
  'crossed-plates': () => plotGroups(assayFit, 'plate'),
  'crossed-samples': () => plotGroups(assayFit, 'sample'),
  'crossed-profile': () => plotProfile(assayMl),
});
if (!verdict.ok || !assayVerdict.ok) process.exitCode = 3;
