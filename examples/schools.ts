/**
 * Mathematics of 1977 pupils in 40 schools, Catholic and public (High School and Beyond 1982; Raudenbush & Bryk 2002,
 * chapters 2 to 5). Question: do pupils of the same family background (ses) do better in Catholic schools, and does ses
 * matter less there?
 *
 * Model: mathach ~ within(ses, school) * sector + between(ses, school) + (1 + within(ses, school) | school), after five
 * simpler ways.
 *
 * Look at: how the standard error of the sector difference grows once pupils of a school are not taken for independent,
 * how the difference itself shrinks once the schools' mean ses is in, and how schools are pulled to the mean by their
 * number of pupils. Answer: ses matters less in Catholic schools by every way; the difference in level is within two
 * standard errors of zero by ways 4 and 6.
 *
 *   npm run example schools
 */
import { readFileSync } from 'node:fs';
import {
  check,
  checkText,
  compare,
  compareText,
  contrast,
  fixef,
  formula,
  jointContrast,
  type MaximumLikelihoodFit,
  maximumLikelihood,
  parseCsv,
  sample,
  shrinkage,
  type Table,
} from '../src/index.ts';
import { plotGroups, plotPredictive, plotResiduals } from '../src/plots/index.ts';
import { table } from '../src/report/table.ts';
import { writePictures } from './pictures.ts';
import { published, publishedEstimate, publishedFixef, publishedVarCorr } from './published.ts';

const pupils = parseCsv(readFileSync(new URL('data/hsb40.csv', import.meta.url), 'utf8'), 'hsb40.csv');
const regress = (text: string, rows: Table = pupils, method: 'REML' | 'ML' = 'REML') =>
  maximumLikelihood(formula(text), { rows }, { method });
const row = (fit: MaximumLikelihoodFit, ...terms: string[]) => fixef(fit).find(({ term }) => terms.includes(term));
const print = (title: string, columns: Readonly<Record<string, readonly string[]>>) => {
  const align = (name: string): 'left' | 'right' => (/^(way|form|formula)$/.test(name) ? 'left' : 'right');
  const shown = Object.entries(columns).map(([name, cells]) => ({ title: name, cells, align: align(name) }));
  console.log(`\n${title}\n\n${table(shown)}`);
};

// No pooling: a line for each school, and its two means. All is least squares; without an intercept the coefficients of
// schools are means.
const lines = regress('mathach ~ 0 + factor(school) + factor(school):ses');
const oneWay = regress('mathach ~ 1 + (1 | school)');
const shrunk = shrinkage(oneWay, 'school').rows;
const meanSes = fixef(regress('ses ~ 0 + factor(school)'));
const [school, sector] = ['school', 'sector'].map((name) => Array.from(pupils.columns.get(name)!.values, String));
const schools = shrunk.map(({ level, noPooling }, j) => ({
  level,
  sector: sector![school!.indexOf(level)]!,
  intercept: row(lines, `school${level}`)!.estimate,
  slope: row(lines, `school${level}:ses`)!.estimate,
  meanMath: noPooling!,
  meanSes: meanSes[j]!.estimate,
}));

// The average line of the public schools less that of the Catholic ones is a contrast of the 80 coefficients.
const share = (sector: string) => 1 / schools.filter((school) => school.sector === sector).length;
const signed = { Public: `+ ${share('Public')}`, Catholic: `- ${share('Catholic')}` } as Record<string, string>;
const average = (suffix: string) =>
  schools.map(({ level, sector }) => `${signed[sector]} * school${level}${suffix}`).join(' ');
const averages = { level: contrast(lines, average('')), slope: contrast(lines, average(':ses')) };
const bothAverages = jointContrast(lines, [average(''), average(':ses')]);
const pooled = regress('mathach ~ ses * sector');
const common = regress('mathach ~ factor(school) + ses + ses:sector');
const twoStage = { level: regress('intercept ~ sector', schools), slope: regress('slope ~ sector', schools) };
const multilevel = regress('mathach ~ ses * sector + (1 + ses | school)');
const [w, b] = ['within(ses, school)', 'between(ses, school)'] as const;
const contextual = regress(`mathach ~ ${w} * sector + ${b} + (1 + ${w} | school)`);
published('Public schools against Catholic ones: published least squares, then REML beside lme4 1.1-31', [
  ...publishedFixef(pooled, ['13.5579 (.1881)', '2.2999 (.2582)', '-1.4666 (.2921)', '1.6051 (.3845)'], 'pooled: '),
  ...publishedEstimate('lines averaged: level', '-2.027255 (.351992)', averages.level),
  ...publishedEstimate('lines averaged: slope', '1.109995 (.454114)', averages.slope),
  { what: 'lines averaged: F of both at once', published: '21.03533', ours: bothAverages.F },
  { what: 'on 2 and so many degrees of freedom', published: '1897', ours: bothAverages.denominatorDf },
  ...publishedEstimate('common slopes: ses:sectorPublic', '1.204719 (.436134)', row(common, 'ses:sectorPublic')!),
  ...publishedFixef(twoStage.slope, ['1.6672 (.3506)', '1.1100 (.5086)'], 'two-stage, slope: '),
  ...publishedFixef(regress('meanMath ~ meanSes', schools), ['12.7926 (.2898)', '5.7734 (.6984)'], 'between: '),
  ...publishedEstimate('multilevel: ses:sectorPublic', '1.3888 (.4360)', row(multilevel, 'ses:sectorPublic')!),
  ...publishedEstimate('with mean ses: sectorPublic', '-1.0241 (.5751)', row(contextual, 'sectorPublic')!),
]);

// The six answers. 2 and 3 average the same lines: 2 counts the noise of these lines alone, 3 also that schools differ.
const level = (fit: MaximumLikelihoodFit) => row(fit, 'sectorPublic')!;
const slope = (fit: MaximumLikelihoodFit) => row(fit, 'ses:sectorPublic', `${w}:sectorPublic`);
const ways = [
  ['1 pooled: mathach ~ ses * sector', level(pooled), slope(pooled)],
  ['2 a line for each school, averaged by sector', averages.level, averages.slope],
  ['3 two-stage: intercept ~ sector, slope ~ sector', level(twoStage.level), level(twoStage.slope)],
  ['4 between schools: meanMath ~ meanSes + sector', level(regress('meanMath ~ meanSes + sector', schools)), undefined],
  ['5 multilevel: ses * sector + (1 + ses | school)', level(multilevel), slope(multilevel)],
  ["6 multilevel with the schools' mean ses", level(contextual), slope(contextual)],
] as const;
print('Public minus Catholic (se): level at ses 0 (in 6 at the mean of the school), slope of ses', {
  way: ways.map(([way]) => way),
  level: ways.map(([, { estimate, se }]) => `${estimate.toFixed(2)} (${se.toFixed(2)})`),
  slope: ways.map(([, , answer]) => (answer ? `${answer.estimate.toFixed(2)} (${answer.se.toFixed(2)})` : '')),
});

// Ten forms of the two-level model, by ML so that their criteria may be compared.
const forms = [
  ['one-way ANOVA', '1 + (1 | school)'],
  ['means as outcomes', 'sector + (1 | school)'],
  ['one-way ANCOVA', 'ses + (1 | school)'],
  ['random coefficients', 'ses + (1 + ses | school)'],
  ['intercepts and slopes as outcomes', 'ses * sector + (1 + ses | school)'],
  ['non-random slopes', 'ses * sector + (1 | school)'],
  ['parallel mean slopes', 'ses + sector + (1 + ses | school)'],
  ['contextual: ses and its mean', `ses + ${b} + (1 + ses | school)`],
  ['contextual: within and between', `${w} + ${b} + (1 + ${w} | school)`],
  ['contextual, by sector', `${w} * sector + ${b} + (1 + ${w} | school)`],
] as const;
const fits = forms.map(([, right]) => regress(`mathach ~ ${right}`, pupils, 'ML'));
const cells = (value: (fit: MaximumLikelihoodFit) => number | undefined, decimals = 2) =>
  fits.map((fit) => value(fit)?.toFixed(decimals) ?? '');
print('Ten forms of mathach ~ ..., by ML (w, b: ses within and between schools; tau: sds of intercepts and slopes)', {
  form: forms.map(([name]) => name),
  formula: forms.map(([, right]) => right.replaceAll(w, 'w').replaceAll(b, 'b')),
  'ses, w': cells((fit) => row(fit, 'ses', w)?.estimate),
  b: cells((fit) => row(fit, b)?.estimate),
  public: cells((fit) => row(fit, 'sectorPublic')?.estimate),
  slope: cells((fit) => slope(fit)?.estimate),
  tau0: cells(({ groups }) => groups[0]!.tau[0]),
  tau1: cells(({ groups }) => groups[0]!.tau[1]),
  AIC: cells(({ aic }) => aic, 1),
});
for (const [at, { boundary }] of fits.entries()) for (const note of boundary) console.log(`${forms[at]![0]}:\n${note}`);

// Partial pooling in its simplest form: the fewer pupils, the further the mean of a school is pulled.
const schoolMeans =
  '8854 4.239781 5.356214, 2771 11.844109 11.906661, 5640 13.160105 13.115900, 7345 11.338554 11.440975, ' +
  '6897 15.097633 14.869792, 4530 9.055698 9.313204, 7342 11.166414 11.279062, 5720 14.282302 14.139565, ' +
  '7688 18.422315 17.935733, 1906 15.983170 15.695718';
published('One-way random effects by REML, and the means of ten schools with their BLUPs', [
  ...publishedFixef(oneWay, ['12.60468 (.4711941)']),
  ...publishedVarCorr(oneWay, ['2.836278', '6.296759']),
  { what: 'REML logLik', published: '-6489.969', ours: oneWay.logLik },
  ...schoolMeans.split(', ').flatMap((text) => {
    const [name, mean, blup] = text.split(' ') as [string, string, string];
    const { n, noPooling, partialPooling, shrinkageWeight } = shrunk.find(({ level }) => level === name)!;
    const names = [`${name}, ${n} pupils: mean`, `  BLUP, pulled ${(100 * shrinkageWeight).toFixed(0)}%`];
    return [mean, blup].map((published, k) => ({ what: names[k]!, published, ours: [noPooling!, partialPooling][k]! }));
  }),
]);

// The posterior of the last form beside REML, with reasons where they part by more than half a posterior sd.
const posterior = await sample(contextual.graph, { rows: pupils }, { seed: 20260101 });
console.log(`\nThe posterior of way 6 beside REML\n\n${compareText(compare(posterior, contextual))}\n`);
console.log('The sds part most: REML takes the peak of their wide, lopsided likelihood, the posterior its mean.\n');
const verdict = check(posterior);
console.log(checkText(verdict));
writePictures({
  'schools-in-order': () => plotGroups(posterior, 'school'),
  'schools-predictive': () => plotPredictive(posterior),
  'schools-residuals': () => plotResiduals(posterior, 'school'),
});
if (!verdict.ok) process.exitCode = 3;
