/**
 * Does a multilevel model get back what was put in, and why does it not simply take the variance of the schools' own
 * lines?
 *
 *   y[i] = b0[j] + b1[j] x[i] + eps[i],   (b0, b1)[j] ~ normal((12, 2), G),   G = [16 8; 8 25],   eps variance 20
 *
 * 200 schools of Poisson(30) pupils, simulated. Three sets of 200 lines can be had: those that were simulated, each
 * school's own least-squares line (no pooling) and the partially pooled ones (BLUPs). Look at the variances and the
 * covariance of the three.
 *
 * Answer: all is recovered. Own lines vary more than schools do, for their sampling errors come on top; BLUPs vary
 * less, for each is shrunk. So variance of BLUPs <= G <= variance of least-squares lines, and what lies between the
 * first two is the conditional variance of a school, on average.
 *
 *   npm run example simulatedSchools
 */
import {
  check,
  checkText,
  compare,
  compareText,
  createRng,
  formula,
  maximumLikelihood,
  maximumLikelihoodText,
  sample,
  shrinkage,
} from '../src/index.ts';
import { plotCoefficientSpace, plotProfile, plotShrinkage } from '../src/plots/index.ts';
import { table } from '../src/report/table.ts';
import { writePictures } from './pictures.ts';
import { published } from './published.ts';

const schools = 200;
const meanSize = 30;
const sigma2 = 20;

const rng = createRng([1]);
/** Poisson(mean): how many arrivals at rate 1 fall before that time. */
function poisson(mean: number): number {
  let count = 0;
  for (let time = rng.exponential(); time < mean; time += rng.exponential()) count += 1;
  return count;
}
const rows: { school: string; x: number; y: number }[] = [];
const simulated: [number, number][] = [];
for (let j = 1; j <= schools; j++) {
  // (4, 0; 2, sqrt(21)) is the Cholesky factor of G.
  const z = rng.normal();
  const b0 = 12 + 4 * z;
  const b1 = 2 + 2 * z + Math.sqrt(21) * rng.normal();
  simulated.push([b0, b1]);
  for (let i = poisson(meanSize); i > 0; i--) {
    const x = rng.normal();
    rows.push({ school: `school ${j}`, x, y: b0 + b1 * x + Math.sqrt(sigma2) * rng.normal() });
  }
}
const data = { rows };
const model = formula('y ~ x + (1 + x | school)');

const reml = maximumLikelihood(model, data);
console.log(maximumLikelihoodText(reml));
const [Vi, Vis, , Vs] = reml.groups[0]!.Sigma;
// Allowed is three standard errors: of variances and covariances as if the schools' lines were seen, of the rest as
// reported.
const se = (a: number, b: number, c: number): number => 3 * Math.sqrt((a * b + c * c) / schools);
const coefficient = (k: number): number => reml.fixef.estimates[k]!;
const allowed = (k: number): number => 3 * reml.fixef.standardErrors[k]!;
published('The truth (published) and REML; allowed is three standard errors', [
  { what: 'mean intercept', published: '12.00', ours: coefficient(0), within: allowed(0) },
  { what: 'mean slope', published: '2.00', ours: coefficient(1), within: allowed(1) },
  { what: 'variance of intercepts', published: '16.00', ours: Vi!, within: se(16, 16, 16) },
  { what: 'covariance', published: '8.00', ours: Vis!, within: se(16, 25, 8) },
  { what: 'variance of slopes', published: '25.00', ours: Vs!, within: se(25, 25, 25) },
  {
    what: 'residual variance',
    published: '20.00',
    ours: reml.sigma! ** 2,
    within: 3 * sigma2 * Math.sqrt(2 / (rows.length - 2 * schools)),
  },
]);

// Maximum likelihood now, where an identity holds to the last digit: G = mean over schools of (u u' + V), u a school's
// conditional mode (BLUP) and V its conditional covariance. It is the equation that the EM algorithm solves (Dempster,
// Laird & Rubin 1977).
const ml = maximumLikelihood(model, data, { method: 'ML' });
const { modes, conditionalCov, Sigma } = ml.groups[0]!;
type Line = readonly [intercept: number, slope: number];
type Matrix = readonly [intercepts: number, covariance: number, slopes: number];
const average = (entry: (j: number) => number): number =>
  simulated.reduce((sum, _, j) => sum + entry(j), 0) / simulated.length;
const spread = (deviation: (j: number) => Line): Matrix => [
  average((j) => deviation(j)[0] ** 2),
  average((j) => deviation(j)[0] * deviation(j)[1]),
  average((j) => deviation(j)[1] ** 2),
];
const [mean0, mean1] = ml.fixef.estimates;
const terms = shrinkage(ml, 'school').rows; // of each school the intercept, then the slope
const se2 = (j: number, k: number): number => terms[2 * j + k]!.noPoolingSe! ** 2;

const G: Matrix = [Sigma[0]!, Sigma[1]!, Sigma[3]!];
const blups = spread((j) => [modes[2 * j]!, modes[2 * j + 1]!]);
const conditional = [0, 1, 3].map((k) => average((j) => conditionalCov[4 * j + k]!));
const own = spread((j) => [terms[2 * j]!.noPooling! - mean0!, terms[2 * j + 1]!.noPooling! - mean1!]);
const ofSimulated = spread((j) => [simulated[j]![0] - mean0!, simulated[j]![1] - mean1!]);
const list: [string, readonly (number | null)[]][] = [
  ['BLUPs, partially pooled', blups],
  ['  + mean conditional variance', blups.map((value, k) => value + conditional[k]!)],
  ['G by maximum likelihood', G],
  ['least-squares lines', own],
  ['  - mean sampling variance', [own[0] - average((j) => se2(j, 0)), null, own[2] - average((j) => se2(j, 1))]],
  ['the lines that were simulated', ofSimulated],
];
console.log('\nHow 200 lines vary about the mean line\n');
console.log(
  table([
    { title: '', align: 'left', cells: list.map(([what]) => what) },
    ...['intercepts', 'covariance', 'slopes'].map((title, k) => ({
      title,
      cells: list.map(([, values]) => values[k]?.toFixed(4) ?? ''),
    })),
  ]),
);
/** The smaller eigenvalue of a - b: not negative where a varies at least as much as b in every direction. */
const least = (a: Matrix, b: Matrix): number => {
  const [p, q, r] = a.map((value, k) => value - b[k]!) as [number, number, number];
  return (p + r) / 2 - Math.hypot((p - r) / 2, q);
};
const ordered = least(G, blups) >= 0 && least(own, G) >= 0;
console.log(`
BLUPs <= G <= least-squares lines, as matrices: ${ordered ? 'yes' : 'no'} (smallest eigenvalues of the differences ${least(G, blups).toFixed(3)}, ${least(own, G).toFixed(3)}).
Neither set of lines is a picture of the schools: own lines are spread by noise, BLUPs drawn together by shrinkage.`);

// The posterior means of sds tend to lie above REML's estimates, which are modes of a sort: the densities of sds lean
// to the right.
const fit = await sample(model, data, { seed: 1 });
console.log('\nThe posterior beside REML\n');
console.log(compareText(compare(fit, reml)));
const verdict = check(fit);
console.log(checkText(verdict));
writePictures({
  'simulatedSchools-space': () => plotCoefficientSpace(fit, 'school'),
  'simulatedSchools-shrinkage': () => plotShrinkage(fit, 'school'),
  'simulatedSchools-profile': () => plotProfile(reml),
});
if (!verdict.ok) process.exitCode = 3;
