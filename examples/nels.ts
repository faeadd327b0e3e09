/**
 * Mathematics of 12 974 pupils in 684 schools (the National Educational Longitudinal Study of 1988, as Hoff teaches
 * it).
 *
 * Question: how far do schools differ in level and in what family background (ses) does, and does their free lunch
 * (flp: 1 low to 3 high) say why? Model: mscore ~ ses * flp + (1 + ses | school), after two simpler ones, by ML as they
 * were published. Look at: the schools' own lines, which vary far more than schools do; how far the model pulls each to
 * the population line; what flp takes from the variance of the intercepts.
 * Answer: schools with more free lunch have lower levels; that ses does less or more there is not told from chance.
 *
 *   npm run example nels                        data simulated from each of the three published fits, which are then
 *   the truth
 *   npm run example nels -- path/to/nels.csv    the data themselves: columns school, ses, flp, mscore
 */
import { readFileSync } from 'node:fs';
import { covariance, inverse, Matrix } from 'ml-matrix';
import {
  check,
  checkText,
  compare,
  compareText,
  contrast,
  formula,
  icc,
  likelihoodRatio,
  type MaximumLikelihoodFit,
  maximumLikelihood,
  parseCsv,
  ranef,
  sample,
} from '../src/index.ts';
import { plotParameters, plotShrinkage } from '../src/plots/index.ts';
import { type TableColumn, table } from '../src/report/table.ts';
import { betterOptimum } from './betterOptimum.ts';
import { error, fits, simulatedNels, value } from './data/nels.ts';
import { writePictures } from './pictures.ts';
import { type Comparison, published, publishedFixef, publishedVarCorr } from './published.ts';

const print = (title: string, columns: readonly TableColumn[]) => console.log(`\n${title}\n\n${table(columns)}`);
const named = process.argv.slice(2);
const pictures = named.indexOf('--pictures');
const path = named.find((argument, i) => argument !== 'nels' && (pictures < 0 || i < pictures || i > pictures + 1));
const rows = path === undefined ? simulatedNels(1) : parseCsv(readFileSync(path, 'utf8'), path);
const allowed = 'allowed: 3.5 standard errors of a coefficient, 15% of the error, 3.5 sds of the rest';
console.log(path === undefined ? `Simulated from what was published; ${allowed}.` : `The data of ${path}.`);

// The three ML fits. With simulated data each has its own response, of which the published numbers are the truth.
const ml = (k: number, right: string) =>
  maximumLikelihood(formula(`mscore${path === undefined ? k : ''} ~ ${right}`), { rows }, { method: 'ML' });
const [oneWay, random, macro] = fits.map(({ right, beta, rest }, k) => {
  const fit = ml(k, right);
  const numbers = rest.map(value);
  // The last digits of lme4's variances are those of where its search stopped.
  const [v1, ...others] = numbers.slice(0, -1).map(Number) as [number, ...number[]];
  const [v2, corr] = others.length > 1 ? (others as [number, number]) : [0, 0];
  const cov = corr * Math.sqrt(v1 * v2);
  const Sigma = others.length > 1 ? Float64Array.of(v1, cov, cov, v2) : Float64Array.of(v1);
  const because = betterOptimum(fit, [Sigma], others.at(-1)!);
  const comparisons: Comparison[] = [
    ...publishedFixef(fit, beta),
    ...publishedVarCorr(fit, numbers.slice(0, -1), 'variance').map((row) => (because ? { ...row, because } : row)),
    { what: 'logLik', published: numbers.at(-1)!, ours: fit.logLik },
  ];
  const errors = beta.map(error).flatMap((se) => [3.5 * se, 0.15 * se]);
  const within = [...errors, ...rest.map((text) => 3.5 * error(text))];
  const simulation = comparisons.map((row, at) => ({ ...row, within: within[at]! }));
  published(`mscore ~ ${right}, ML`, path === undefined ? simulation : comparisons);
  return fit;
}) as [MaximumLikelihoodFit, MaximumLikelihoodFit, MaximumLikelihoodFit];
const tau2 = (fit: MaximumLikelihoodFit, k: number) => fit.groups[0]!.tau[k]! ** 2;
const sigma2 = random.sigma! ** 2;
console.log(`\nBetween schools: ${(100 * icc(oneWay)[0]!.estimate!).toFixed(0)}% of the variance of scores.`);

// Each school's own line, V_j = sigma^2 (Z_j'Z_j)^-1, and its shrinkage by hand: gamma + Sigma (Sigma + V_j)^-1 (own -
// gamma).
const Sigma = Matrix.from1DArray(2, 2, Array.from(random.groups[0]!.Sigma));
const gamma = Matrix.columnVector(Array.from(random.fixef.estimates));
const { levels, index, Z } = random.design.groupTerms[0]!;
const pupils = levels.map((): { z: number[][]; y: number[] } => ({ z: [], y: [] }));
index.forEach((j, i) => {
  pupils[j]!.z.push([1, Z[2 * i + 1]!]);
  pupils[j]!.y.push(random.design.response.y[i]!);
});
const modes = ranef(random)['school']!.map(({ mode }) => mode);
const schools = pupils.flatMap(({ z, y }, j) => {
  if (new Set(z.map(([, ses]) => ses)).size < 2) return [];
  const transposed = new Matrix(z).transpose();
  const V = inverse(transposed.mmul(new Matrix(z))).mul(sigma2);
  const own = V.mmul(transposed.mmul(Matrix.columnVector(y))).div(sigma2);
  const W = Sigma.mmul(inverse(Matrix.add(Sigma, V)));
  const byHand = Matrix.add(gamma, W.mmul(Matrix.sub(own, gamma))).to1DArray();
  const ours = [0, 1].map((k) => gamma.get(k, 0) + modes[2 * j + k]!);
  return [{ n: y.length, own: own.to1DArray(), V: V.to1DArray(), byHand, ours }];
});
const lines = new Matrix(schools.map(({ own }) => own));
const ofLines = covariance(lines);
const sampling = Matrix.from1DArray(2, 2, new Matrix(schools.map(({ V }) => V)).mean('column'));
const estimate = (title: string, means: readonly number[], cov: Matrix) => ({
  title,
  cells: [...means, cov.get(0, 0), cov.get(1, 1), cov.get(0, 1)].map((x) => x.toFixed(3)),
});
const quantities = ['mean intercept', 'mean slope', 'variance of intercepts', 'variance of slopes', 'covariance'];
print(`The ad hoc estimate from ${schools.length} lines, without and with the sampling variance taken off, beside ML`, [
  { title: '', align: 'left', cells: quantities },
  estimate('lines', lines.mean('column'), ofLines),
  estimate('lines less mean V_j', lines.mean('column'), Matrix.sub(ofLines, sampling)),
  estimate('ML', gamma.to1DArray(), Sigma),
]);
if (ofLines.get(1, 1) < sampling.get(1, 1))
  console.log('Less than nothing is left for the slopes: the ad hoc estimate is no covariance matrix.');
const apart = Math.max(...schools.flatMap(({ byHand, ours }) => byHand.map((b, k) => Math.abs(b - ours[k]!))));
const [smallest] = [...schools].sort((a, b) => a.n - b.n);
const slopes = [smallest!.own, smallest!.byHand, smallest!.ours].map((line) => line[1]!.toFixed(4));
console.log(
  `Slope of the smallest school (${smallest!.n} pupils): ${slopes[0]} of its own, ${slopes[1]} shrunk by hand, ${slopes[2]} ours.\n` +
    `By hand and ours differ by ${apart.toExponential(0)} at most in any coefficient of any school.`,
);
if (!(apart < 1e-8)) process.exitCode = 1;

// Two pupils of one school: covariance x' Sigma x, by their ses; to the variance of one, x' Sigma x + sigma^2, it gives
// their correlation.
const x = new Matrix([-1, 0, 1].map((ses) => [1, ses]));
const within = x.mmul(Sigma).mmul(x.transpose());
print(
  "Covariance x' Sigma x of two pupils of a school by their ses; variance of one, correlation of two of equal ses",
  [
    { title: 'ses', cells: ['-1', '0', '1'] },
    ...[-1, 0, 1].map((ses, k) => ({ title: `with ${ses}`, cells: within.getColumn(k).map((c) => c.toFixed(2)) })),
    { title: 'variance', cells: within.diag().map((c) => (c + sigma2).toFixed(2)) },
    { title: 'correlation', cells: within.diag().map((c) => (c / (c + sigma2)).toFixed(3)) },
  ],
);

// What the macro variable does: the line of a school by flp, and what is left to vary between schools.
const byFlp = (text: (flp: number) => string) =>
  [1, 2, 3].map((flp) => {
    const { estimate, se } = contrast(macro, text(flp));
    return `${estimate.toFixed(2)} (${se.toFixed(2)})`;
  });
print('The line of a school by its free lunch (se)', [
  { title: 'flp', cells: ['1', '2', '3'] },
  { title: 'intercept', cells: byFlp((flp) => `Intercept + ${flp} * flp`) },
  { title: 'slope of ses', cells: byFlp((flp) => `ses + ${flp} * ses:flp`) },
]);
const without = ml(2, 'ses + (1 + ses | school)');
const { chiSquare, df } = likelihoodRatio(without, macro);
const fall = (k: number) => `${tau2(without, k).toFixed(2)} without flp, ${tau2(macro, k).toFixed(2)} with it`;
console.log(
  `Variance of intercepts: ${fall(0)}.\nVariance of slopes: ${fall(1)}. Likelihood ratio of the two models: ${chiSquare.toFixed(1)} on ${df} degrees of freedom.`,
);

const posterior = await sample(macro.graph, { rows }, { seed: 20260101, warmup: 500 });
const comparison = compare(posterior, macro);
const most = Math.max(...comparison.rows.map(({ difference }) => Math.abs(difference ?? 0)));
console.log(`\nThe posterior of the last model beside ML\n\n${compareText(comparison)}`);
console.log(
  `With ${levels.length} schools and wide priors ML and posterior part by ${most.toFixed(2)} posterior sds at most.\n`,
);
const verdict = check(posterior);
console.log(checkText(verdict));
writePictures({
  'nels-parameters': () => plotParameters(posterior, { compare: macro }),
  'nels-shrinkage': () => plotShrinkage(posterior, posterior.design.groupTerms[0]!.factor),
});
if (!verdict.ok) process.exitCode = 3;
