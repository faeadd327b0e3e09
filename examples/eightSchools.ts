/**
 * Eight schools: what coaching adds to a test score, from eight small experiments (Rubin 1981; Gelman et al. 2013,
 * section 5.5).
 *
 *   y_j ~ N(theta_j, se_j^2), se_j known;   theta_j ~ N(mu, tau^2)
 *
 * The smallest hard case of partial pooling: eight numbers, each with an error as large as the differences among them.
 * Is coaching worth 28 points in school A and nothing in C, or about 8 points everywhere? The data do not say how large
 * tau is, so the prior on tau is part of the answer. Look at: what the prior on tau does to school A, and at how little
 * it does to mu. The posterior is known without simulation (an integral over tau on 8000 points), so every number here
 * can be checked. Answer: about 8 points, give or take 5, for the average school; A may have somewhat more. How much
 * more is for the prior on tau to say.
 *
 *   npm run example eightSchools
 */
import { readFileSync } from 'node:fs';
import {
  check,
  checkText,
  coef,
  compare,
  compareText,
  flat,
  formula,
  halfCauchy,
  halfNormal,
  inverseGamma,
  maximumLikelihood,
  normal,
  type Prior,
  parseCsv,
  sample,
  shrinkage,
  shrinkageText,
  summarize,
  uniform,
} from '../src/index.ts';
import { plotForest, plotParameters, plotPoolingPath, plotShrinkage } from '../src/plots/index.ts';
import { table } from '../src/report/table.ts';
import { writePictures } from './pictures.ts';
import { published } from './published.ts';

const csv = readFileSync(new URL('data/eight_schools.csv', import.meta.url), 'utf8');
const data = { rows: parseCsv(csv, 'eight_schools.csv') };

// Complete pooling says that all schools have one effect, the mean of the eight weighted by their precisions; no
// pooling that each has its own y_j.
const pooled = maximumLikelihood(formula('y | se(sigma) ~ 1'), data);
const text = 'y | se(sigma) ~ 1 + (1 | school)';
const reml = maximumLikelihood(formula(text), data);
const ml = maximumLikelihood(formula(text), data, { method: 'ML' });
published('Complete pooling, and the likelihood fits of the multilevel model', [
  { what: 'complete pooling: mu', published: '7.6856', ours: pooled.fixef.estimates[0]! },
  { what: '  standard error', published: '4.0719', ours: pooled.fixef.standardErrors[0]! },
  { what: 'REML: tau', published: '0.0000', ours: reml.groups[0]!.tau[0]! },
  { what: '  log-likelihood', published: '-27.3512', ours: reml.logLik },
  { what: 'ML: tau', published: '0.0000', ours: ml.groups[0]!.tau[0]! },
  { what: '  log-likelihood', published: '-29.6742', ours: ml.logLik },
]);
console.log(`
Both likelihoods are highest at tau = 0, so that the multilevel fit is complete pooling: school A, with 28 points of its own, is given
${coef(reml)['school']![0]!.estimate.toFixed(1)}. That is the most likely tau, not the only likely one. The posterior goes through all of them.`);

// Partial pooling: the same model with a prior, mu flat. Gelman (2006) looks at a uniform prior on tau first.
const model = (tau: Prior, mu: Prior = flat()) => formula(text, { priors: { beta: mu, tau_school: tau } });
const size = { seed: 1981, iterations: 5000 };
const unif = await sample(model(uniform(0, 30)), data, size);
console.log('\nNo, partial and complete pooling of every school; tau uniform on (0, 30)\n');
console.log(shrinkageText(shrinkage(unif, 'school')));
console.log(`\n${checkText(check(unif))}\n`);
console.log(compareText(compare(unif, reml)));

// How the prior on tau moves the answer, from one that piles up at 0 to one that leaves it to the data. The integrals:
// 8000 points of tau, mu and theta exact.
const vague = normal(0, 100);
const cases = [
  { prior: 'inverse gamma(.001, .001) on tau^2', fit: await sample(model(inverseGamma(0.001, 0.001)), data, size) },
  {
    prior: 'half-Cauchy(2.5)',
    fit: await sample(model(halfCauchy(2.5), vague), data, size),
    exact: ['2.5705', '8.6636'],
  },
  { prior: 'half-Cauchy(5)', fit: await sample(model(halfCauchy(5)), data, size), exact: ['3.6339', '9.3328'] },
  {
    prior: 'half-normal(10)',
    fit: await sample(model(halfNormal(10), vague), data, size),
    exact: ['4.8423', '10.1641'],
  },
  { prior: 'uniform(0, 30)', fit: unif, exact: ['6.4206', '11.3312'] },
].map(({ prior, fit, exact }) => {
  const [mu, tau, A] = summarize(fit, { variables: ['beta', 'tau_school', 'b_school[A,Intercept]'] });
  return {
    prior,
    exact,
    ok: check(fit).ok,
    mu: mu!,
    tau: tau!,
    A: A!,
    weight: shrinkage(fit, 'school').rows[0]!.shrinkageWeight,
  };
});
console.log('\nThe prior on tau and the answer\n');
const column = (title: string, cell: (row: (typeof cases)[number]) => number, digits = 1) => ({
  title,
  cells: cases.map((row) => cell(row).toFixed(digits)),
});
console.log(
  table([
    { title: 'prior on tau', align: 'left', cells: cases.map(({ prior }) => prior) },
    column('tau median', ({ tau }) => tau.q50),
    column('tau q95', ({ tau }) => tau.q95),
    column('mu', ({ mu }) => mu.mean),
    column('mu sd', ({ mu }) => mu.sd),
    column('school A', ({ A }) => A.mean),
    column('A q5', ({ A }) => A.q5),
    column('A q95', ({ A }) => A.q95),
    column('weight of mu', ({ weight }) => weight, 2),
  ]),
);
const range = (values: readonly number[]) => `${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)}`;
console.log(`
mu is ${range(cases.map(({ mu }) => mu.mean))} under all five, the effect of school A ${range(cases.map(({ A }) => A.mean))}, and the upper end of its interval ${range(cases.map(({ A }) => A.q95))}.
The first prior was once the usual one for a variance. It has a spike at tau = 0, and where the data do not exclude 0, as here, they do not remove it
(Gelman 2006). A weak prior on the scale of the effects, and a look at a second one, is what eight groups ask for.`);
published(
  'Posterior means by simulation, and the same integrals by quadrature (allowed: 4 Monte Carlo standard errors)',
  cases.flatMap(({ prior, exact, tau, A }) => {
    if (exact === undefined) return [];
    const compared = (what: string, value: string, row: typeof tau) => {
      return { what: `${prior}: ${what}`, published: value, ours: row.mean, within: 4 * row.mcseMean };
    };
    return [compared('tau', exact[0]!, tau), compared('school A', exact[1]!, A)];
  }),
);
// After figures 5.5 and 5.6 of Gelman et al. (2013): the posterior of tau, and the effects given it.
writePictures({
  'eightSchools-shrinkage': () => plotShrinkage(unif, 'school'),
  'eightSchools-forest': () => plotForest(unif, 'school'),
  'eightSchools-tau': () => plotParameters(unif, { compare: reml }),
  'eightSchools-path': () => plotPoolingPath(unif, 'school'),
});
if (!cases.every(({ ok }) => ok)) process.exitCode = 3;
