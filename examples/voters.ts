/**
 * Red state, blue state: income and the vote, six ways (after Gelman & Hill 2007, chapter 14, and Gelman et al. 2008).
 *
 *   logit P(vote_i = 1) = alpha_j[i] + beta_j[i] income_i
 *   (alpha_j, beta_j) ~ N((gamma_00 + gamma_01 avgincome_j, gamma_10 + gamma_11 avgincome_j), Sigma)
 *
 * Within a state the rich vote Republican more often than the poor; rich states do so less often than poor ones. 9978
 * made-up voters in 50 states, 5 to 1500 a state, drawn from that model, so that the truth is known. (Real voters:
 * example voterSurvey.) Look at: which of the six predicts best, and how far each is from the truth in small states and
 * in large ones. Answer: slopes that vary by state predict best. No pooling fails in small states, complete pooling in
 * large ones; partial pooling is best in both.
 *
 *   npm run example voters
 */
import { readFileSync } from 'node:fs';
import {
  check,
  compareModels,
  compareModelsText,
  fixef,
  formula,
  inverseGamma,
  maximumLikelihood,
  parseCsv,
  sample,
  shrinkage,
  varCorr,
} from '../src/index.ts';
import { plotCoefficientsBy, plotCurves, plotPredictive, plotShrinkage } from '../src/plots/index.ts';
import { table } from '../src/report/table.ts';
import { writePictures } from './pictures.ts';
import { published, publishedFixef, publishedVarCorr } from './published.ts';

const read = (name: string) => parseCsv(readFileSync(new URL(`data/${name}`, import.meta.url), 'utf8'), name);

// The file counts voters by state and income. One row for each voter again, so that leaving one out leaves one voter
// out; equal rows are merged before sampling.
const counts = read('voters.csv');
const cell = (name: string, i: number) => counts.columns.get(name)!.values[i]!;
const rows = Array.from({ length: counts.n }, (_, i) => i).flatMap((i) =>
  Array.from({ length: Number(cell('n', i)) }, (_, k) => ({
    state: cell('state', i),
    avgincome: cell('avgincome', i),
    income: cell('income', i),
    vote: k < Number(cell('yes', i)) ? 1 : 0,
  })),
);
const data = { rows };

// Six models. Pooling is a matter of tau: 0 pools completely; a large one, given and not estimated, does not pool at
// all. Held at 2.5 it is the prior normal(0, 2.5) on every state's coefficient, by which a state whose voters all agree
// has an answer. `vote ~ income + state` and `vote ~ 0 + state + state:income` say the same in dummies; these draw
// faster.
const family = 'binomial';
const priors = { tau_state: inverseGamma(5000, 5000 * 2.5 ** 2) };
const level2 = { state: '~ avgincome' };
const models = {
  complete: formula('vote ~ income', { family }),
  none: formula('vote ~ income + (1 + income || state)', { family, priors }),
  dummies: formula('vote ~ income + (1 | state)', { family, priors }),
  intercepts: formula('vote ~ income + (1 | state)', { family }),
  slopes: formula('vote ~ income + (1 + income | state)', { family }),
  level2: formula('vote ~ income + (1 + income | state)', { family, level2 }),
};
const size = { warmup: 200, iterations: 500 };
const fits = {
  complete: await sample(models.complete, data, size),
  none: await sample(models.none, data, size),
  dummies: await sample(models.dummies, data, size),
  intercepts: await sample(models.intercepts, data, size),
  slopes: await sample(models.slopes, data, size),
  level2: await sample(models.level2, data, size),
};
console.log('Six models of 9978 voters: posterior means (sds), and how well each predicts a voter left out\n');
console.log(compareModelsText(compareModels(fits)));

// No pooling, literally: a regression for each state. Where a state's voters all agree, or income tells one side from
// the other, the likelihood rises for ever.
const { rows: states } = shrinkage(fits.level2, 'state');
const separated = states.filter(({ reason }) => reason !== null);
const alone = (level: string, term: string) => states.find((row) => row.level === level && row.term === term)!;
const largest = [alone('S02', 'Intercept'), alone('S02', 'income')] as const;
console.log(`\n${new Set(separated.map(({ level }) => level)).size} states have no regression of their own:`);
for (const { level, term, n, reason } of separated.filter(({ level }, i) => separated[i - 1]?.level !== level)) {
  const { partialPooling, q5, q95 } = alone(level, term);
  const model = `${partialPooling.toFixed(2)} (${q5.toFixed(2)} to ${q95.toFixed(2)})`;
  console.log(`  ${reason} (${n} voters); ${term} by the model ${model}`);
}

// Maximum likelihood of the same model object, beside glm and glmer of R (lme4 1.1-31, Laplace's approximation).
const ml = maximumLikelihood(models.level2, data);
published('No pooling of the largest state, and the level-2 model by Laplace, beside R', [
  { what: 'glm of S02: Intercept', published: '0.4373', ours: largest[0].noPooling! },
  { what: 'glm of S02: income', published: '0.1301', ours: largest[1].noPooling! },
  ...publishedFixef(ml, ['0.2912 (.093)', '0.1744 (.042)', '-0.4651 (.107)', '-0.1589 (.051)']),
  ...publishedVarCorr(ml, ['0.5808', '0.2162', '0.1866']),
]);

// The truth: within 3 posterior sds. Posterior means of sds are a little above Laplace's estimates: their posteriors
// lean to the right, and ML takes beta for known.
const posterior = [...fixef(fits.level2), ...varCorr(fits.level2)];
const truth = ['0.30', '0.25', '-0.45', '-0.20', '0.60', '0.25', '-0.30'];
published(
  'The level-2 model, posterior means, and the truth that the voters were drawn from',
  posterior.map((row, k) => {
    const ours = 'estimate' in row ? row.estimate : (row.sd ?? row.corr!);
    const what = 'estimate' in row ? row.term : `${row.corr === null ? 'sd' : 'corr'} ${row.term1} ${row.term2 ?? ''}`;
    return { what, published: truth[k]!, ours, within: 3 * row.se! };
  }),
);

// Who needs the model? The slope of income in each state against the truth, by the number of voters.
const known = read('voters_truth.csv');
const slope = (level: string) =>
  Number(known.columns.get('b1')!.values[known.columns.get('state')!.values.indexOf(level as never)]);
const classes = [
  [5, 20],
  [21, 100],
  [101, 400],
  [401, 1500],
].map(([low, high]) => {
  const members = states.filter(({ term, n }) => term === 'income' && n >= low! && n <= high!);
  const error = (estimate: (row: (typeof members)[number]) => number | null) => {
    const errors = members.flatMap((row) => (row.noPooling === null ? [] : [estimate(row)! - slope(row.level)]));
    return Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / errors.length).toFixed(2);
  };
  const average = (value: (row: (typeof members)[number]) => number) =>
    (members.reduce((sum, row) => sum + value(row), 0) / members.length).toFixed(2);
  return [
    `${low} to ${high}`,
    String(members.length),
    error((row) => row.noPooling),
    error((row) => row.partialPooling),
    error((row) => row.completePooling),
    average((row) => row.shrinkageWeight),
    average((row) => row.q95 - row.q5),
  ];
});
const titles = [
  'voters',
  'states',
  'no pooling',
  'partial pooling',
  'complete pooling',
  'weight of the line',
  'width of q5 to q95',
];
console.log('\nRoot mean square error of the income slope, in the states that have a regression of their own\n');
console.log(table(titles.map((title, c) => ({ title, cells: classes.map((row) => row[c]!) }))));

writePictures({
  'voters-shrinkage': () => plotShrinkage(fits.level2, 'state'),
  'voters-curves': () => plotCurves(fits.level2, { x: 'income', factor: 'state' }),
  'voters-by-income': () => plotCoefficientsBy(fits.level2, 'state'),
  'voters-calibration': () => plotPredictive(fits.level2),
});
if (!Object.values(fits).every((fit) => check(fit).ok)) process.exitCode = 3;
