/**
 * Radon in 919 houses of 85 counties of Minnesota (Gelman & Hill 2007, chapters 12 and 13).
 *
 * Question: how much radon is there in the houses of a county of which two were measured? And what does the uranium in
 * its soil say?
 *
 * Models: M3   log_radon ~ floor + (1 + floor | county)                   intercept and floor effect vary by county
 *         M4   log_radon ~ floor * log_uranium + (1 + floor | county)     and both follow the county's uranium
 *
 * Look at: the counties with few houses, which stand near the population line; and how much less is left to vary once
 * uranium is in. Answer: M4 explains most of what differed between intercepts (their sd falls from .349 to .124), not
 * of what differed between floor effects.
 *
 *   npm run example radon
 */
import { readFileSync } from 'node:fs';
import {
  check,
  checkText,
  coef,
  compare,
  compareText,
  fixef,
  formula,
  maximumLikelihood,
  parseCsv,
  sample,
  shrinkage,
  varCorr,
} from '../src/index.ts';
import {
  plotCoefficientSpace,
  plotCoefficientsBy,
  plotGroupLines,
  plotGroups,
  plotParameters,
  plotShrinkage,
} from '../src/plots/index.ts';
import { table } from '../src/report/table.ts';
import { writePictures } from './pictures.ts';
import { published, publishedFixef, publishedVarCorr } from './published.ts';

const rows = parseCsv(readFileSync(new URL('data/radon_arm.csv', import.meta.url), 'utf8'), 'radon_arm.csv');
const model3 = formula('log_radon ~ floor + (1 + floor | county)');
const model4 = formula('log_radon ~ floor * log_uranium + (1 + floor | county)');

// Both were published as REML fits, so REML comes first.
const m3 = maximumLikelihood(model3, { rows });
const m4 = maximumLikelihood(model4, { rows });
published('M3: log_radon ~ floor + (1 + floor | county), REML', [
  ...publishedFixef(m3, ['1.4628 (.0539)', '-.6811 (.0876)']),
  ...publishedVarCorr(m3, ['.349', '.344', '-.337', '.746']),
]);
published('M4: log_radon ~ floor * log_uranium + (1 + floor | county), REML', [
  ...publishedFixef(m4, ['1.4686 (.0352)', '-.6709 (.0844)', '.8081 (.0906)', '-.4195 (.2271)']),
  ...publishedVarCorr(m4, ['.124', '.307', '.410', '.749']),
]);

// coef() is the line of each county: the population's coefficients plus the county's deviations. Counties are numbered
// in the order of their names.
const lines = coef(m3)['county']!;
const line = (county: number) =>
  lines.slice(2 * county - 2, 2 * county).map(({ estimate }) => estimate) as [number, number];
const ofCounty = (county: number, intercept: string, slope: string, because?: string) =>
  [intercept, slope].map((value, k) => ({
    what: `${lines[2 * county - 2]!.level} (${county}) ${k === 0 ? 'intercept' : 'floor'}`,
    published: value,
    ours: line(county)[k]!,
    ...(because === undefined ? {} : { because }),
  }));
const stoppedEarly =
  'one unit in the fourth decimal. lme4 1.1-31 gives what ours\nrounds to, so the printed run stopped a little beside the optimum.';
published('coef() of M3: the line of a county (3, 82, 84 and 85: beside lme4 1.1-31)', [
  ...ofCounty(1, '1.1445', '-.5406'),
  ...ofCounty(2, '.9334', '-.7709', stoppedEarly),
  ...ofCounty(3, '1.4717', '-.6689'),
  ...ofCounty(82, '1.6003', '-.7268'),
  ...ofCounty(83, '1.6943', '-1.1511', stoppedEarly),
  ...ofCounty(84, '1.5991', '-.7327'),
  ...ofCounty(85, '1.3788', '-.6532'),
]);

// The fitted line of county 2: one point in the basement, one on the first floor.
const [basement, floor] = line(2);
const picocuries = [basement, basement + floor].map((log) => Math.exp(log).toFixed(2));
console.log(
  `\nCounty 2 by M3: log radon = ${basement.toFixed(4)} - ${Math.abs(floor).toFixed(4)} floor:\na typical house has ${picocuries[0]} pCi/L in the basement and ${picocuries[1]} on the first floor.`,
);

// Against uranium: every twelfth county in order of its soil. `populationLine` is gamma w_j, what uranium alone
// predicts.
const column = (name: string) => Array.from(rows.columns.get(name)!.values, String);
const uranium = new Map(column('county').map((county, i) => [county, Number(column('log_uranium')[i])]));
const sd = new Map(coef(m4)['county']!.map((row) => [`${row.level} ${row.term}`, row.sd]));
const withLine = shrinkage(m4, 'county').rows.map((row) => ({ ...row, se: sd.get(`${row.level} ${row.term}`)! }));
const [intercepts, slopes] = ['Intercept', 'floor'].map((term) =>
  withLine.filter((row) => row.term === term).sort((a, b) => uranium.get(a.level)! - uranium.get(b.level)!),
) as [typeof withLine, typeof withLine];
const shown = intercepts.map((_, at) => at).filter((at) => at % 12 === 0);
const right = (title: string, cell: (at: number) => string) => ({ title, cells: shown.map(cell) });
const interval = ({ partialPooling, se }: (typeof withLine)[number]) =>
  `${partialPooling.toFixed(2)} +- ${se.toFixed(2)}`;
console.log('\nM4 against uranium: every twelfth county by its soil; estimates +- 1 se of prediction\n');
console.log(
  table([
    { title: 'county', align: 'left', cells: shown.map((at) => intercepts[at]!.level) },
    right('houses', (at) => String(intercepts[at]!.n)),
    right('log_uranium', (at) => uranium.get(intercepts[at]!.level)!.toFixed(2)),
    right('line', (at) => intercepts[at]!.populationLine.toFixed(2)),
    right('intercept', (at) => interval(intercepts[at]!)),
    right('line', (at) => slopes[at]!.populationLine.toFixed(2)),
    right('floor', (at) => interval(slopes[at]!)),
  ]),
);
const covered = (batch: typeof withLine) =>
  batch.filter((r) => Math.abs(r.partialPooling - r.populationLine) <= r.se).length;
console.log(
  `Within 1 se of the line of uranium: ${covered(intercepts)} of ${intercepts.length} intercepts, ${covered(slopes)} of ${slopes.length} floor effects.`,
);

// The posterior of M4 beside REML.
const fit = await sample(model4, { rows }, { seed: 20260101 });
const comparison = compare(fit, m4);
console.log(`\nThe posterior of M4 beside REML\n\n${compareText(comparison)}`);
const [most] = [...comparison.rows].sort((a, b) => Math.abs(b.difference ?? 0) - Math.abs(a.difference ?? 0));
console.log(
  `REML takes the peak of the likelihood of the sds and the correlation, the posterior averages over all values that ${intercepts.length}\n` +
    `counties allow. They part most at ${most!.parameter}, by ${Math.abs(most!.difference!).toFixed(2)} posterior sds:\n` +
    `90% of the posterior lies between ${most!.q5.toFixed(2)} and ${most!.q95.toFixed(2)}.`,
);
const [before] = varCorr(m3);
const [after] = varCorr(fit);
const [, , slope] = fixef(fit);
console.log(
  `The sd of the counties' intercepts is ${before!.sd!.toFixed(3)} by M3, ${after!.sd!.toFixed(3)} in the posterior of M4,\nwhich has ${slope!.estimate.toFixed(2)} more log radon in the basement for each unit of log uranium.\n`,
);
const verdict = check(fit);
console.log(checkText(verdict));
// After the figures of chapters 12 and 13 of Gelman & Hill (2007).
writePictures({
  'radon-shrinkage': () => plotShrinkage(m3, 'county'),
  'radon-counties': () => plotGroups(fit, 'county'),
  'radon-lines': () => plotGroupLines(fit, 'county'),
  'radon-by-uranium': () => plotCoefficientsBy(fit, 'county'),
  'radon-space': () => plotCoefficientSpace(m3, 'county'),
  'radon-parameters': () => plotParameters(fit, { compare: m4 }),
});

if (!verdict.ok) process.exitCode = 3;
