import { exponential, gamma, halfNormal, halfT, halfTCov, lkj, normal, uniform } from '../../src/graph/priors.ts';
import type { ModelCase } from './modelCase.ts';

/** One row of a generated group: trials and predictor. */
type Row = readonly [trials: number, x: number];

/** Rows of J groups, with crossed levels `h` and a group-level `w`. */
function columns(J: number, rows: (j: number) => readonly Row[]): Record<string, (number | string)[]> {
  const table = Array.from({ length: J }, (_, j) => rows(j).map(([n, x]) => ({ j, n, x }))).flat();
  return {
    g: table.map(({ j }) => `g${j}`),
    h: table.map((_, i) => `h${(i * 5) % 6}`),
    n: table.map(({ n }) => n),
    x: table.map(({ x }) => x),
    w: table.map(({ j }) => Math.round(100 * Math.sin(2 * j)) / 100),
  };
}

/** `size` trials in up to two cells, x = -1 and x = 1. */
function halves(size: number): Row[] {
  const first = Math.ceil(size / 2);
  return size > 1
    ? [
        [first, -1],
        [size - first, 1],
      ]
    : [[1, 1]];
}

/** Sizes from 1 to 200, most of them small. */
function unequal(J: number): (j: number) => Row[] {
  return (j) => halves(Math.round(1 + 199 * (j / (J - 1)) ** 2));
}

/** 1 + (7 j mod `largest`) single trials, x = -1, 0 or 1. */
function singles(largest: number): (j: number) => Row[] {
  return (j) => Array.from({ length: 1 + ((7 * j) % largest) }, (_, i) => [1, ((i + j) % 3) - 1] as const);
}

const beta = normal(0, 1);
const family = 'binomialLogit';

/** The logit models of the calibration. */
export const logitCalibrationCases: readonly ModelCase[] = [
  {
    name: 'logit, balanced, J = 8',
    family,
    formula: 'y | trials(n) ~ x + (1 | g)',
    priors: { beta, Sigma_g: halfNormal(1) },
    rows: columns(8, () => halves(20)),
  },
  ...[5, 50].map((J) => ({
    name: `logit, sizes 1 to 200, J = ${J}`,
    family: family as 'binomialLogit',
    formula: 'y | trials(n) ~ x + (1 | g)',
    priors: { beta, Sigma_g: halfT(4, 0.7) },
    rows: columns(J, unequal(J)),
  })),
  {
    name: 'logit, 1% successes, J = 8',
    family,
    formula: 'y | trials(n) ~ x + (1 | g)',
    priors: { 'beta[Intercept]': normal(-4.6, 0.4), 'beta[x]': normal(0, 0.4), Sigma_g: halfNormal(0.5) },
    rows: columns(8, (j) => halves(60 * (j + 1))),
  },
  {
    name: 'logit, tiny groups, J = 20',
    family,
    formula: 'y ~ x + (1 | g)',
    priors: { beta, Sigma_g: exponential(1) },
    rows: columns(20, singles(3)),
  },
  {
    name: 'logit, slopes and a level-2 predictor, q = 2, J = 8',
    family,
    formula: 'y | trials(n) ~ x * w + (1 + x | g)',
    priors: { beta, tau_g: halfNormal(0.7), corr_g: lkj(2) },
    rows: columns(8, (j) => halves(4 + 5 * j)),
  },
  {
    name: 'logit, slopes, q = 2, J = 3',
    family,
    formula: 'y ~ x + (1 + x | g)',
    priors: { beta, Sigma_g: halfTCov(3, 0.7) },
    rows: columns(3, singles(15)),
  },
  {
    name: 'logit, two crossed factors, J = 8 and 6',
    family,
    formula: 'y | trials(n) ~ x + (1 | g) + (1 | h)',
    priors: { beta, Sigma_g: halfNormal(0.7), Sigma_h: halfNormal(0.7) },
    rows: columns(8, (j) => [...halves(3 + j), ...halves(8)]),
  },
];

/** The probit models of the calibration. */
export const probitCalibrationCases: readonly ModelCase[] = [
  {
    name: 'probit, J = 8',
    family: 'bernoulliProbit',
    formula: 'y ~ x + (1 | g)',
    priors: { beta, Sigma_g: halfNormal(0.7) },
    rows: columns(8, singles(12)),
  },
  {
    name: 'probit, tiny groups, J = 20',
    family: 'bernoulliProbit',
    formula: 'y ~ x + (1 | g)',
    priors: { beta, Sigma_g: halfT(4, 0.5) },
    rows: columns(20, singles(3)),
  },
  {
    name: 'probit, slopes, q = 2, J = 8',
    family: 'bernoulliProbit',
    formula: 'y ~ x + (1 + x | g)',
    priors: { beta, tau_g: halfNormal(0.7), corr_g: lkj(2) },
    rows: columns(8, singles(9)),
  },
];

/** The negative binomial models of the calibration: shapes about 1, sparse counts, groups of one row. */
export const negativeBinomialCalibrationCases: readonly ModelCase[] = [
  {
    name: 'negative binomial, J = 8',
    family: 'negativeBinomial',
    formula: 'y | exposure(n) ~ x + (1 | g)',
    priors: { beta, Sigma_g: halfNormal(0.7), shape: gamma(3, 1) },
    rows: columns(8, () => [...halves(6), ...halves(3)]),
  },
  {
    name: 'negative binomial, rare counts, J = 50',
    family: 'negativeBinomial',
    formula: 'y ~ x + (1 | g)',
    priors: {
      'beta[Intercept]': normal(-1, 0.7),
      'beta[x]': normal(0, 0.5),
      Sigma_g: halfT(4, 0.5),
      shape: exponential(0.5),
    },
    rows: columns(50, singles(3)),
  },
  {
    name: 'negative binomial, groups of one row, J = 20',
    family: 'negativeBinomial',
    formula: 'y ~ x + (1 | g)',
    priors: { beta, Sigma_g: halfNormal(0.7), shape: gamma(2, 0.5) },
    rows: columns(20, (j) => [[1, (j % 3) - 1] as const]),
  },
  {
    name: 'negative binomial, slopes, q = 2, J = 3, a bounded shape',
    family: 'negativeBinomial',
    formula: 'y ~ x + (1 + x | g)',
    priors: { beta, tau_g: halfNormal(0.7), corr_g: lkj(2), shape: uniform(0.5, 4) },
    rows: columns(3, singles(9)),
  },
];

/**
 * The beta-binomial models of the calibration: precisions about 1 and well above, rows of one trial, groups of one row.
 */
export const betaBinomialCalibrationCases: readonly ModelCase[] = [
  {
    name: 'beta-binomial, J = 8',
    family: 'betaBinomial',
    formula: 'y | trials(n) ~ x + (1 | g)',
    priors: { beta, Sigma_g: halfNormal(0.7), precision: gamma(3, 1) },
    rows: columns(8, (j) => [...halves(20), ...halves(2 + j)]),
  },
  {
    name: 'beta-binomial, groups of one row, J = 20',
    family: 'betaBinomial',
    formula: 'y | trials(n) ~ x + (1 | g)',
    priors: { beta, Sigma_g: halfNormal(0.7), precision: gamma(2, 0.1) },
    rows: columns(20, (j) => [[1 + (j % 9), (j % 3) - 1] as const]),
  },
  {
    name: 'beta-binomial, many trials, far from one row to the next, J = 8',
    family: 'betaBinomial',
    formula: 'y | trials(n) ~ x + (1 | g)',
    priors: { beta, Sigma_g: halfT(4, 0.5), precision: uniform(0.2, 3) },
    rows: columns(8, () => [...halves(400), ...halves(80)]),
  },
  {
    name: 'beta-binomial, slopes, q = 2, J = 3',
    family: 'betaBinomial',
    formula: 'y | trials(n) ~ x + (1 + x | g)',
    priors: { beta, tau_g: halfNormal(0.7), corr_g: lkj(2), precision: exponential(0.2) },
    rows: columns(3, () => [...halves(10), ...halves(6), ...halves(30)]),
  },
];

/** The ordered answers of the calibration: few rows, so that levels are often given by nobody; groups of one row. */
export const ordinalCalibrationCases: readonly ModelCase[] = [
  {
    name: 'ordinal, J = 8',
    family: 'ordinal',
    formula: 'y ~ x + (1 | g)',
    priors: { beta, Sigma_g: halfNormal(0.7), threshold: normal(0, 1.5) },
    levels: ['a', 'b', 'c', 'd'],
    rows: columns(8, singles(9)),
  },
  {
    name: 'ordinal probit, rare levels, J = 50',
    family: 'ordinalProbit',
    formula: 'y ~ x + (1 | g)',
    priors: { beta: normal(0, 0.5), Sigma_g: halfT(4, 0.5), threshold: normal(1.5, 1) },
    levels: ['a', 'b', 'c', 'd', 'e'],
    rows: columns(50, singles(3)),
  },
  {
    name: 'ordinal, groups of one row, J = 20',
    family: 'ordinal',
    formula: 'y ~ x + (1 | g)',
    priors: { beta, Sigma_g: halfNormal(0.7), threshold: normal(0, 2) },
    levels: ['a', 'b', 'c'],
    rows: columns(20, (j) => [[1, (j % 3) - 1] as const]),
  },
  {
    name: 'ordinal, slopes, q = 2, J = 3, thresholds at the centre',
    family: 'ordinal',
    formula: 'y ~ x + (1 + x | g)',
    priors: { beta, tau_g: halfNormal(0.7), corr_g: lkj(2) },
    levels: ['a', 'b', 'c', 'd'],
    rows: columns(3, singles(12)),
  },
];

/** The Poisson models of the calibration: sparse counts, exposures, groups of one row. */
export const poissonCalibrationCases: readonly ModelCase[] = [
  {
    name: 'poisson, J = 8',
    family: 'poisson',
    formula: 'y | exposure(n) ~ x + (1 | g)',
    priors: { beta, Sigma_g: halfNormal(0.7) },
    rows: columns(8, () => halves(6)),
  },
  {
    name: 'poisson, rare counts, J = 50',
    family: 'poisson',
    formula: 'y ~ x + (1 | g)',
    priors: { 'beta[Intercept]': normal(-2, 0.7), 'beta[x]': normal(0, 0.5), Sigma_g: halfT(4, 0.5) },
    rows: columns(50, singles(3)),
  },
  {
    name: 'poisson, groups of one row, J = 20',
    family: 'poisson',
    formula: 'y ~ x + (1 | g)',
    priors: { beta, Sigma_g: halfNormal(0.7) },
    rows: columns(20, (j) => [[1, (j % 3) - 1] as const]),
  },
  {
    name: 'poisson, slopes, q = 2, J = 3',
    family: 'poisson',
    formula: 'y ~ x + (1 + x | g)',
    priors: { beta, tau_g: halfNormal(0.7), corr_g: lkj(2) },
    rows: columns(3, singles(9)),
  },
];
