/**
 * What do hours of study do to a score, when students differ in aptitude that nobody has measured?
 *
 *   score[i, t] = 0.75 hours[i, t] + alpha[i] + eps[i, t],   alpha ~ normal(0, 0.7), eps ~ normal(0, 0.2), 100
 *   students, 5 exams each
 *
 * Simulated, so that the truth is known; hours are uniform on (-0.7, 0.7) and have nothing to do with aptitude. Three
 * models, one line each: least squares without students, a dummy for every student (fixed effects: no pooling), an
 * intercept that varies by student (random effects: partial pooling). Look at the standard errors of the slope, and at
 * how much of the variance is between students.
 *
 * Answer: all three find the slope, since hours are unrelated to aptitude; least squares with a standard error almost
 * four times as large, because aptitude is noise to it. More than 90% of the variance is between students. When hours
 * do go with aptitude, the three part: see confounded.ts.
 *
 *   npm run example aptitude
 */
import {
  check,
  checkText,
  compare,
  compareText,
  createRng,
  fixef,
  formula,
  icc,
  maximumLikelihood,
  maximumLikelihoodText,
  sample,
  shrinkage,
  shrinkageText,
} from '../src/index.ts';
import { plotGroupLines, plotShrinkage } from '../src/plots/index.ts';
import { writePictures } from './pictures.ts';
import { published } from './published.ts';

const truth = { slope: 0.75, tau: 0.7, sigma: 0.2 };
const students = 100;
const exams = 5;

const rng = createRng([1]);
const rows: { student: string; hours: number; score: number }[] = [];
for (let i = 1; i <= students; i++) {
  const alpha = truth.tau * rng.normal();
  for (let t = 0; t < exams; t++) {
    const hours = -0.7 + 1.4 * rng.uniform();
    rows.push({
      student: `S${String(i).padStart(3, '0')}`,
      hours,
      score: truth.slope * hours + alpha + truth.sigma * rng.normal(),
    });
  }
}
const data = { rows };

// Complete, no and partial pooling. Without a group term the maximum likelihood fit is least squares; `0 + student` is
// one dummy for each student.
const varying = formula('score ~ hours + (1 | student)');
const pooled = maximumLikelihood(formula('score ~ hours'), data);
const dummies = maximumLikelihood(formula('score ~ 0 + hours + student'), data);
const reml = maximumLikelihood(varying, data);
console.log(maximumLikelihoodText(reml));

// The slope by each, and the two sds and the share of variance by REML. Allowed is three standard errors.
const slope = (fit: typeof reml) => fixef(fit).find(({ term }) => term === 'hours')!;
const beside = (what: string, fit: typeof reml) => {
  const { estimate, se } = slope(fit);
  return { what: `slope, ${what} (se ${se.toFixed(3)})`, published: '0.750', ours: estimate, within: 3 * se };
};
const sds = { student: reml.groups[0]!.tau[0]!, residual: reml.sigma! };
const share = icc(reml)[0]!.estimate!;
// Standard errors of balanced data (Searle, Casella & McCulloch 1992, section 3.6), at the truth.
const rho = truth.tau ** 2 / (truth.tau ** 2 + truth.sigma ** 2);
const shareSe = (1 - rho) * (1 + (exams - 1) * rho) * Math.sqrt(2 / (exams * (exams - 1) * (students - 1)));
const tauSe = (truth.tau ** 2 + truth.sigma ** 2 / exams) / truth.tau / Math.sqrt(2 * (students - 1));
const sigmaSe = truth.sigma / Math.sqrt(2 * students * (exams - 1));
published('The truth (published), and what came back; allowed is three standard errors', [
  beside('least squares', pooled),
  beside('fixed effects', dummies),
  beside('random effects, REML', reml),
  { what: 'sd between students', published: '0.700', ours: sds.student, within: 3 * tauSe },
  { what: 'sd within students', published: '0.200', ours: sds.residual, within: 3 * sigmaSe },
  { what: 'share of variance between students', published: rho.toFixed(4), ours: share, within: 3 * shareSe },
  {
    what: 'ratio of sds, student to total',
    published: Math.sqrt(rho).toFixed(4),
    ours: Math.sqrt(share),
    within: (3 * shareSe) / (2 * Math.sqrt(rho)),
  },
]);
const times = slope(pooled).se / slope(reml).se;
console.log(`
The last two are one fact in two units: 0.7^2 / (0.7^2 + 0.2^2) = ${(100 * rho).toFixed(1)}% of the variance; the 96% that is also quoted for
these numbers is the ratio of the sds, its square root. Least squares leaves aptitude in its error: the standard error
of its slope is ${times.toFixed(1)} times as large.`);

// The posterior of the same model object: flat prior on the slope, half-t on the sds.
const fit = await sample(varying, data, { seed: 1 });
console.log('\nThe posterior beside REML\n');
console.log(compareText(compare(fit, reml)));
const { estimate, q5, q95 } = icc(fit)[0]!;
console.log(
  `\nShare of variance between students: ${estimate!.toFixed(3)}, 90% interval ${q5!.toFixed(3)} to ${q95!.toFixed(3)}`,
);
const verdict = check(fit);
console.log(checkText(verdict));

// Five exams with little noise say nearly all there is to say of a student: partial pooling is close to no pooling,
// whatever the sample of students.
console.log('\nThree students under no, partial and complete pooling\n');
console.log(shrinkageText(shrinkage(fit, 'student'), { top: 3 }));

writePictures({
  'aptitude-shrinkage': () => plotShrinkage(fit, 'student'),
  'aptitude-lines': () => plotGroupLines(fit, 'student'),
});
if (!verdict.ok) process.exitCode = 3;
