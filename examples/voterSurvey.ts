/**
 * Two voter surveys: a real one of five regions, beside R, and one of 50 states that is made to speak for a population
 * (Gelman & Hill 2007, chapter 14).
 *
 *   Chile 1988: logit P(yes) = X beta + alpha_region + beta_region income;    yes to eight more years of General
 *   Pinochet the survey: logit P(yes) = beta_0 + female, black and both + alpha_state + alpha_age + alpha_edu +
 *   alpha_age:edu + alpha_region
 *
 * A survey has few respondents in most states and too many of the educated. Multilevel regression gives each kind of
 * person in each state a probability; poststratification weighs them as a census does. The population is simulated, so
 * that the truth is known. Look at: what five regions can say about tau; and the error of state shares, raw and
 * poststratified. Answer: five regions leave tau open by a factor of five. Of 50 states with 3 to 160 respondents,
 * poststratified shares err half as much as raw ones.
 *
 *   npm run example voterSurvey
 */
import { readFileSync } from 'node:fs';
import {
  check,
  checkText,
  compare,
  compareModels,
  compareModelsText,
  compareText,
  fixef,
  formula,
  inverseGamma,
  maximumLikelihood,
  normal,
  type Prior,
  parseCsv,
  poststratify,
  predictionText,
  sample,
  simulatePrior,
  summarize,
} from '../src/index.ts';
import { plotCurves, plotPopulation, plotPrior } from '../src/plots/index.ts';
import { table } from '../src/report/table.ts';
import { writePictures } from './pictures.ts';
import { published, publishedVarCorr } from './published.ts';

const family = 'binomial';
const chile = { rows: parseCsv(readFileSync(new URL('data/chile.csv', import.meta.url), 'utf8'), 'chile.csv') };

// Six models of 1703 voters. linc is log income and agez age, both standardised.
const x = 'sex + agez + factor(education, ref = "P") + linc';
const models = {
  complete: formula(`y ~ ${x}`, { family }),
  none: formula(`y ~ 0 + region + region:(${x})`, { family }),
  dummies: formula(`y ~ ${x} + region`, { family }),
  intercepts: formula(`y ~ ${x} + (1 | region)`, { family }),
  slopes: formula(`y ~ ${x} + (1 + linc | region)`, { family }),
  level2: formula(`y ~ ${x} + between(linc, region) + (1 + linc | region)`, { family }),
};
const likelihood = (name: keyof typeof models, options = {}) => maximumLikelihood(models[name], chile, options);
const slope = (name: keyof typeof models, term = 'linc') =>
  fixef(likelihood(name)).find((row) => row.term === term)!.estimate;
const slopes = likelihood('slopes');
published('Chile: the slope of income by maximum likelihood (the first sd by quadrature), beside glm and glmer of R', [
  { what: 'complete pooling', published: '0.1863', ours: slope('complete') },
  { what: 'no pooling, region N', published: '0.5412', ours: slope('none', 'regionN:linc') },
  { what: 'region dummies', published: '0.2346', ours: slope('dummies') },
  { what: 'varying intercept', published: '0.2324', ours: slope('intercepts') },
  ...publishedVarCorr(likelihood('intercepts', { method: 'agq', points: 9 }), ['0.3224']),
  { what: 'varying slope', published: '0.2199', ours: slope('slopes') },
  ...publishedVarCorr(slopes, ['0.3235', '0.1079', '-0.4854']),
  { what: 'with mean income of the region', published: '0.2939', ours: slope('level2') },
  { what: '  mean income of the region', published: '-1.8806', ours: slope('level2', 'between(linc, region)') },
]);

// Their posteriors, and why they are wider than Laplace's approximation: five regions leave open how far regions
// spread.
const size = { warmup: 300, iterations: 500 };
const posterior = {
  complete: await sample(models.complete, chile, size),
  slopes: await sample(models.slopes, chile, size),
};
console.log(`\n${compareModelsText(compareModels(posterior))}\n`);
console.log(compareText(compare(posterior.slopes, slopes)));

// A population of 50 states in 4 regions: one row for each kind of people in each state, and how many they are.
const ages = ['18-29', '30-44', '45-64', '65+'];
const degrees = ['1 none', '2 school', '3 some college', '4 college'];
const people = Array.from({ length: 50 * 64 }, (_, c) => {
  const [j, female, black, a, rank] = [c >> 6, (c >> 5) & 1, (c >> 4) & 1, (c >> 2) & 3, c & 3] as const;
  const region = ['Northeast', 'Midwest', 'South', 'West'][j % 4]!;
  const race = Math.abs(1 - black - (region === 'South' ? 0.2 : 0.08));
  const N = 30000 * 1.08 ** j * race * [0.22, 0.32, 0.28, 0.18][a]! * [0.2, 0.4, 0.22, 0.18][rank]!;
  const kind = { female, black, age: ages[a]!, edu: degrees[rank]!, rank, N: Math.round(N) };
  return { state: `S${String(j + 1).padStart(2, '0')}`, region, ...kind };
});

// Who answers: the more, the higher the degree. One draw of a logit model whose coefficients are held where we want
// them.
const exactly = (value: number) => normal(value, 1e-9);
const held = (sd: number) => inverseGamma(5e6, 5e6 * sd * sd);
const simulated = (text: string, priors: Record<string, Prior>, rows: readonly Record<string, unknown>[]) =>
  simulatePrior(formula(text, { family, priors }), { rows }, { draws: 1, seed: 1988 }).responses;
const answers = { 'beta[Intercept]': exactly(-10.4), 'beta[rank]': exactly(0.45) };
const answered = simulated(
  'answered | trials(N) ~ rank',
  answers,
  people.map((row) => ({ ...row, answered: 0 })),
);

// How they vote: the survey model, for everyone and for those who answer.
const form = 'yes | trials(n) ~ female * black + (1 | state) + (1 | age) + (1 | edu) + (1 | age:edu) + (1 | region)';
const truth = {
  ...{ 'beta[Intercept]': 0.4, 'beta[female]': -0.1, 'beta[black]': -1.7, 'beta[female:black]': -0.2 },
  ...{ tau_state: 0.4, tau_age: 0.2, tau_edu: 0.4, 'tau_age:edu': 0.15, tau_region: 0.25 },
};
const priors = Object.fromEntries(
  Object.entries(truth).map(([name, value]) => [name, name.startsWith('beta') ? exactly(value) : held(value)]),
);
const asked = people.map((row, i) => ({ ...row, n: answered[i]!, yes: 0 })).filter(({ n }) => n > 0);
const votes = simulated(form, priors, [...people.map((row) => ({ ...row, n: row.N, yes: 0 })), ...asked]);
const survey = asked.map((row, i) => ({ ...row, yes: votes[people.length + i]! }));

// The survey form of the model in one line, and its posterior.
const mrp = await sample(formula(form, { family }), { rows: survey }, { ...size, iterations: 1000 });
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const verdict = check(mrp);
const found = summarize(mrp, { variables: Object.keys(truth) });
published(
  `A survey of ${sum(survey.map(({ n }) => n))} voters, posterior means and the truth (allowed: 3 posterior sds)\n${form}`,
  Object.values(truth).map((value, k) => {
    return { what: found[k]!.variable, published: value.toFixed(2), ours: found[k]!.mean, within: 3 * found[k]!.sd };
  }),
);
console.log(`\n${verdict.ok ? 'The draws pass the checks.' : checkText(verdict)}`);

// Poststratification: shares of states and of degrees in the population. In the survey itself, college is too large.
console.log('\nThe share of yes by degree, poststratified\n');
console.log(predictionText(poststratify(mrp, people, { by: 'edu' })));
const shares = poststratify(mrp, people, { by: 'state' }).rows.map((row) => {
  const own = survey.filter((each) => each.state === row['state']);
  const n = sum(own.map((each) => each.n));
  const yes = sum(people.map((each, i) => (each.state === row['state'] ? votes[i]! : 0)));
  const share = yes / Number(row['N']);
  const inside = Number(row['q5']) < share && share < Number(row['q95']);
  return { n, raw: sum(own.map(({ yes }) => yes)) / n - share, mrp: Number(row['mean']) - share, inside };
});
shares.sort((a, b) => a.n - b.n);
const rms = (errors: readonly number[]) => Math.sqrt(sum(errors.map((e) => e * e)) / errors.length).toFixed(3);
const thirds = [shares.slice(0, 17), shares.slice(17, 34), shares.slice(34)];
const column = (title: string, of: (part: typeof shares) => string) => ({ title, cells: [...thirds, shares].map(of) });
console.log('\nShares of states: root mean square error against the population, by number of respondents\n');
console.log(
  table([
    column('respondents', (part) => `${part[0]!.n} to ${part.at(-1)!.n}`),
    column('raw share', (part) => rms(part.map(({ raw }) => raw))),
    column('poststratified', (part) => rms(part.map(({ mrp }) => mrp))),
    column('truth in q5 to q95', (part) => `${part.filter(({ inside }) => inside).length} of ${part.length}`),
  ]),
);
writePictures({
  'voterSurvey-prior': () => plotPrior(models.slopes, chile),
  'voterSurvey-curves': () => plotCurves(posterior.slopes, { x: 'linc', factor: 'region' }),
  'voterSurvey-states': () => plotPopulation(poststratify(mrp, people, { by: 'state' })),
});
if (!verdict.ok || !Object.values(posterior).every((each) => check(each).ok)) process.exitCode = 3;
