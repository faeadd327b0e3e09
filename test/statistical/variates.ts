/**
 * Every random variate against its law at a million draws: distribution function (Kolmogorov & Smirnov), and for the
 * Polya-Gamma also the first four moments and the Laplace transform; the streams of chains against each other. All
 * comparisons together fail by chance with probability 1% (Bonferroni); the seeds were fixed before the first run. Exit
 * status 1 on a failure.
 *
 * Run: npm run variates (-- draws). Writes test/statistical/report/variates.json.
 */
import normalCdf from '@stdlib/stats/base/dists/normal/cdf';
import { drawBinomial, logBinomialCoefficient } from '../../src/random/binomial.ts';
import { inverseGamma } from '../../src/random/inverseGamma.ts';
import { polyaGamma, polyaGammaFill } from '../../src/random/polyaGamma.ts';
import { createRng, type Rng } from '../../src/random/rng.ts';
import { truncatedNormal, truncatedNormalAbove, truncatedNormalBelow } from '../../src/random/truncatedNormal.ts';
import { createWishart } from '../../src/random/wishart.ts';
import { fourierSeries, interpolatedCdf } from '../oracle/fourierSeries.ts';
import { gammaCdf } from '../oracle/gammaCdf.ts';
import {
  type Comparison,
  distributionComparison,
  familyWiseFailures,
  polyaGammaComparisons,
} from '../oracle/polyaGammaComparisons.ts';
import { truncatedNormalCdf } from '../oracle/truncatedNormalCdf.ts';
import { recordProof } from './proof.ts';
import { streamComparisons } from './variatesStreams.ts';

const draws = Number(process.argv[2] ?? 1_000_000);
const LEVEL = 0.01;
const SEED = 20260102;
const INFINITY = Number.POSITIVE_INFINITY;

interface Cell {
  readonly name: string;
  readonly comparisons: readonly Comparison[];
}

const cells: Cell[] = [];
const begin = performance.now();

function report(name: string, comparisons: readonly Comparison[]): void {
  cells.push({ name, comparisons });
  const least = Math.min(...comparisons.map(({ p }) => p));
  const statistics = comparisons.map(({ statistic }) => statistic.toFixed(2).padStart(6)).join(' ');
  console.log(`${name.padEnd(40)} ${least.toExponential(1).padStart(8)}  ${statistics}`);
}

/** A stream of its own for each cell, by its place in the list. */
function stream(): Rng {
  return createRng([SEED, cells.length]);
}

function sample(draw: (rng: Rng) => number): Float64Array {
  const rng = stream();
  return Float64Array.from({ length: draws }, () => draw(rng));
}

function check(name: string, draw: (rng: Rng) => number, cdf: (x: number) => number): void {
  report(name, [distributionComparison(sample(draw), cdf)]);
}

/** The distribution function of Gamma(shape, 1); from shape 3 on by Fourier series, which is quick. */
function gammaLaw(shape: number): (x: number) => number {
  if (shape < 3) return (x) => gammaCdf(x, shape, 1);
  const spread = 12 * Math.sqrt(shape);
  const low = Math.max(0, shape - spread);
  const log = (t: number) => [-0.5 * shape * Math.log1p(t * t), shape * Math.atan(t)] as const;
  return interpolatedCdf(fourierSeries(log, low, shape + spread + 40, 4000));
}

/** P(X < k), k = 0 .. n + 1. */
function binomialSteps(n: number, p: number): Float64Array {
  const out = new Float64Array(n + 2);
  for (let k = 0; k <= n; k++) {
    out[k + 1] = out[k]! + Math.exp(logBinomialCoefficient(n, k) + k * Math.log(p) + (n - k) * Math.log1p(-p));
  }
  return out;
}

console.log(`${draws} draws in each cell\n`);
console.log(`${'variate'.padEnd(40)} ${'least p'.padStart(8)}  statistics`);
check(
  'uniform',
  (rng) => rng.uniform(),
  (x) => x,
);
check(
  'normal',
  (rng) => rng.normal(),
  (x) => normalCdf(x, 0, 1),
);
check(
  'exponential',
  (rng) => rng.exponential(),
  (x) => -Math.expm1(-x),
);
for (const shape of [0.05, 0.5, 1, 1.5, 4, 42.5, 3000])
  check(`gamma, shape ${shape}`, (rng) => 7 * rng.gamma(shape, 7), gammaLaw(shape));
for (const shape of [0.5, 3, 20]) {
  const law = gammaLaw(shape);
  // 1 / X is Gamma(shape, scale).
  check(`inverse gamma, shape ${shape}`, (rng) => 2 / inverseGamma(shape, 2, rng), law);
}
for (const q of [1, 2, 3]) {
  const df = q + 3.5;
  const scale = Float64Array.from({ length: q * q }, (_, i) => (i % (q + 1) === 0 ? 2 : 0.7));
  const out = new Float64Array(q * q);
  const last = q * q - 1;
  const wishart = createWishart(q);
  check(
    `Wishart, ${q} x ${q}, last diagonal`,
    (rng) => {
      wishart.wishart(df, scale, rng, out);
      return out[last]! / (2 * scale[last]!);
    },
    gammaLaw(df / 2),
  );
  check(
    `inverse Wishart, ${q} x ${q}, last diagonal`,
    (rng) => {
      wishart.inverseWishart(df, scale, rng, out);
      return scale[last]! / (2 * out[last]!);
    },
    gammaLaw((df - q + 1) / 2),
  );
}
// Along a contrast of all columns the off-diagonal entries count: a' W a / (a' S a) ~ chi2(df).
for (const q of [2, 4]) {
  const df = q + 1.5;
  const scale = Float64Array.from({ length: q * q }, (_, i) => (i % (q + 1) === 0 ? 2 : -0.4));
  const contrast = Float64Array.from({ length: q }, (_, k) => (k % 2 ? -1 : 1) * (1 + k));
  const form = (A: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < q * q; i++) sum += contrast[Math.floor(i / q)]! * A[i]! * contrast[i % q]!;
    return sum;
  };
  const out = new Float64Array(q * q);
  const wishart = createWishart(q);
  const whole = form(scale);
  check(
    `Wishart, ${q} x ${q}, contrast`,
    (rng) => {
      wishart.wishart(df, scale, rng, out);
      return form(out) / (2 * whole);
    },
    gammaLaw(df / 2),
  );
  check(
    `inverse Wishart, ${q} x ${q}, contrast`,
    (rng) => {
      wishart.inverseWishart(df, scale, rng, out);
      return whole / (2 * form(out));
    },
    gammaLaw((df - q + 1) / 2),
  );
}
// Discrete: each draw is spread evenly over its step of the distribution function.
for (const [n, p] of [
  [1, 0.3],
  [20, 0.01],
  [500, 0.5],
  [100_000, 0.001],
] as const) {
  const law = binomialSteps(n, p);
  check(
    `binomial, ${n} trials, ${p}`,
    (rng) => {
      const k = drawBinomial(n, p, 1 - p, rng);
      return law[k]! + rng.uniform() * (law[k + 1]! - law[k]!);
    },
    (x) => x,
  );
}
for (const a of [-3, -0.5, 0, 0.5, 0.6, 2, 5, 10, 20, 40]) {
  const law = truncatedNormalCdf(-a, 1, 0, INFINITY);
  check(`normal above ${a} sd`, (rng) => truncatedNormalAbove(-a, 1, 0, rng), law);
  check(`normal below ${-a} sd`, (rng) => -truncatedNormalBelow(a, 1, 0, rng), law);
}
for (const [a, b] of [
  [-1, 1],
  [-0.2, 4],
  [-4, 0.2],
  [0.1, 0.3],
  [1, 1.6],
  [1, 5],
  [-3, -2],
  [39, 40],
  [-40, -39.99],
  [-INFINITY, 1.5],
] as const) {
  const law = a === -INFINITY ? (x: number) => normalCdf(x, 0, 1) / normalCdf(b, 0, 1) : truncatedNormalCdf(0, 1, a, b);
  const from = a === -INFINITY ? 0 : a;
  check(`normal between ${a} and ${b} sd`, (rng) => truncatedNormal(0, 1, a, b, rng) - from, law);
}

console.log(`\n${'PG(n, z)'.padEnd(40)} ${'least p'.padStart(8)}  distribution, moments 1-4, transform`);
for (const n of [0.001, 0.03, 0.5, 1, 1.5, 2, 3.3, 4, 7.5, 12, 25, 200.5, 1000, 1e6]) {
  for (const z of [0, 0.5, -2, 5, 30, 700]) {
    const out = new Float64Array(draws);
    polyaGammaFill(new Float64Array(draws).fill(n), new Float64Array(draws).fill(z), out, stream());
    report(`PG(${n}, ${z})`, polyaGammaComparisons(out, n, z));
  }
}
for (const [n, z] of [
  [4, 0],
  [7.5, 1],
  [12, -2],
  [25, 3],
  [200.5, 5],
] as const) {
  report(
    `PG(${n}, ${z}), exact`,
    polyaGammaComparisons(
      sample((rng) => polyaGamma(n, z, rng, { exact: true })),
      n,
      z,
    ),
  );
}

console.log(`\n${'streams'.padEnd(40)} ${'least p'.padStart(8)}  product of values, of sizes, pairs on a 40 x 40 grid`);
for (const { name, comparisons } of streamComparisons(SEED, draws)) report(name, comparisons);

const all = cells.flatMap(({ name, comparisons }) => comparisons.map((comparison) => ({ name, ...comparison })));
const failures = familyWiseFailures(all, LEVEL);
const bound = LEVEL / all.length;
console.log(`\n${all.length} comparisons, family-wise level ${LEVEL}: one fails when p < ${bound.toExponential(1)}`);
for (const { name, what, statistic, p } of failures)
  console.log(`FAILS ${name}: ${what} ${statistic.toFixed(2)}, p = ${p.toExponential(1)}`);
console.log(failures.length === 0 ? 'all hold' : `${failures.length} fail`);
const verdict = `${cells.length} variates, ${draws} draws of each, seed ${SEED}: ${all.length} comparisons, of which ${failures.length} fail (p below ${bound.toExponential(1)}, ${100 * LEVEL}% over all).`;
recordProof(
  {
    name: 'variates',
    claim:
      'Every random variate follows its distribution function (Pólya-Gamma also its moments and Laplace transform), and the streams of chains are independent.',
    command: process.argv[2] ? `npm run variates -- ${draws}` : 'npm run variates',
    verdict,
    passed: failures.length === 0,
    columns: ['variate', 'comparisons', 'smallest p'],
    rows: cells.map(({ name, comparisons }) => [
      name,
      comparisons.length,
      Number(Math.min(...comparisons.map(({ p }) => p)).toPrecision(2)),
    ]),
    notCovered: ['Deviations smaller than a million draws can show, about 0.2% of probability anywhere.'],
  },
  (performance.now() - begin) / 1000,
);
process.exitCode = failures.length === 0 ? 0 : 1;
