/**
 * The same students and exams as in aptitude.ts, but now the able study more: what do hours do to a score?
 *
 *   hours[i, t] = 0.5 alpha[i] + uniform(-0.7, 0.7)
 *   score[i, t] = 0.75 hours[i, t] + alpha[i] + eps[i, t],   alpha ~ normal(0, 0.7), eps ~ normal(0, 0.2), 100
 *   students, 5 exams each
 *
 * Aptitude now confounds: a student who studies more than others is also abler than others. Compare least squares,
 * fixed effects, random effects and the within/between model `score ~ within(hours, student) + between(hours, student)
 * + (1 | student)`, which gives the hours of an exam above the student's own mean one slope and that mean another. Look
 * at the weights of those two slopes in each of the others.
 *
 * Answer: least squares doubles the slope; fixed effects and `within` recover it. REML's random-effects slope lies
 * between, near the truth here: it is a weighted average too, and gives the between slope 1% of the weight where least
 * squares gives it more than half.
 *
 *   npm run example confounded
 */
import {
  check,
  checkText,
  contrast,
  createRng,
  fixef,
  formula,
  type MaximumLikelihoodFit,
  maximumLikelihood,
  maximumLikelihoodText,
  sample,
  summarize,
  summaryText,
} from '../src/index.ts';
import { plotData, plotParameters, plotShrinkage } from '../src/plots/index.ts';
import { writePictures } from './pictures.ts';
import { published } from './published.ts';

const truth = 0.75;
const students = 100;
const exams = 5;

const rng = createRng([1]);
const rows: { student: string; hours: number; score: number }[] = [];
for (let i = 1; i <= students; i++) {
  const alpha = 0.7 * rng.normal();
  for (let t = 0; t < exams; t++) {
    const hours = 0.5 * alpha - 0.7 + 1.4 * rng.uniform();
    rows.push({ student: `S${i}`, hours, score: truth * hours + alpha + 0.2 * rng.normal() });
  }
}
const data = { rows };

const pooled = maximumLikelihood(formula('score ~ hours'), data);
const dummies = maximumLikelihood(formula('score ~ 0 + hours + student'), data);
const varying = formula('score ~ hours + (1 | student)');
const reml = maximumLikelihood(varying, data);
const apart = formula('score ~ within(hours, student) + between(hours, student) + (1 | student)');
const both = maximumLikelihood(apart, data);
console.log(maximumLikelihoodText(both));

const slope = (fit: MaximumLikelihoodFit, term: string) => fixef(fit).find((row) => row.term === term)!;
const within = slope(both, 'within(hours, student)');
const between = slope(both, 'between(hours, student)');
const random = slope(reml, 'hours');
const least = slope(pooled, 'hours');
const fixed = slope(dummies, 'hours');
const beside = (what: string, { estimate, se }: typeof fixed) => ({
  what: `${what} (se ${se.toFixed(3)})`,
  published: truth.toFixed(3),
  ours: estimate,
  within: 3 * fixed.se,
});
// What confounding adds to least squares, in expectation: cov(hours, alpha) / var(hours).
const bias = (0.5 * 0.7 ** 2) / (0.25 * 0.7 ** 2 + 0.7 ** 2 / 3);
const because = 'hours carry aptitude with them, and least squares takes the effect of both for that of hours.';
published('The slope of hours: truth (published) and estimate; allowed is three standard errors', [
  { ...beside('least squares', least), because },
  { what: '  truth + confounding', published: (truth + bias).toFixed(3), ours: least.estimate, within: 3 * least.se },
  beside('fixed effects', fixed),
  beside('random effects, REML', random),
  beside('within students', within),
]);

// Every one of these slopes is weight * between + (1 - weight) * within. The information of the data on the two is the
// sum of squares of hours about and of the students' means, each divided by the variance that the model gives to its
// errors.
const means = new Map<string, number>();
for (const { student, hours } of rows) means.set(student, (means.get(student) ?? 0) + hours / exams);
const grand = rows.reduce((sum, { hours }) => sum + hours / rows.length, 0);
let squaresWithin = 0;
let squaresBetween = 0;
for (const { student, hours } of rows) {
  squaresWithin += (hours - means.get(student)!) ** 2;
  squaresBetween += (means.get(student)! - grand) ** 2;
}
const sigma2 = reml.sigma! ** 2;
const tau2 = reml.groups[0]!.tau[0]! ** 2;
const weightOf = (tau2: number): number => {
  const information = squaresBetween / (sigma2 + exams * tau2);
  return information / (information + squaresWithin / sigma2);
};
const [b, w] = [between.estimate, within.estimate];
const line = (what: string, weight: number, ours: number): void => {
  const average = `${weight.toFixed(4)} x ${b.toFixed(4)} + ${(1 - weight).toFixed(4)} x ${w.toFixed(4)}`;
  console.log(
    `${what.padEnd(20)}  ${average} = ${(weight * b + (1 - weight) * w).toFixed(6)}; the fit: ${ours.toFixed(6)}`,
  );
};
console.log('\nEvery slope is a weight x between + (1 - weight) x within\n');
line('fixed effects', 0, fixed.estimate);
line('random effects, REML', weightOf(tau2), random.estimate);
line('least squares', weightOf(0), least.estimate);
console.log(`
A slope is weighted by its information, the sum of squares of hours over the variance of the errors. About students'
means the errors have variance sigma^2 = ${sigma2.toFixed(3)}, between them sigma^2 + 5 tau^2 = ${(sigma2 + exams * tau2).toFixed(2)} on the same scale, tau being ${Math.sqrt(tau2).toFixed(2)}.
So REML hardly looks at the means. Were tau 0, the two variances would be one, and REML would be least squares. What the
means still add to its slope is ${(random.estimate - w).toFixed(3)}; more exams would make that smaller, more students would not.`);

// The two slopes in the posterior. Their difference is what aptitude does through hours: were hours not confounded, it
// would be near 0.
const fit = await sample(apart, data, { seed: 1 });
console.log('\nThe posterior of the within/between model\n');
console.log(summaryText(summarize(fit, { variables: ['beta', 'tau_student', 'sigma'] })));
const difference = contrast(fit, 'between(hours, student) - within(hours, student)', { level: 0.95 });
console.log(`
between - within: ${difference.estimate.toFixed(2)}, 95% interval ${difference.lower.toFixed(2)} to ${difference.upper.toFixed(2)}`);
const verdict = check(fit);
console.log(checkText(verdict));
writePictures({
  'confounded-data': () => plotData(varying, data),
  'confounded-shrinkage': () => plotShrinkage(fit, 'student'),
  'confounded-slopes': () => plotParameters(fit, { compare: both }),
});
if (!verdict.ok) process.exitCode = 3;
