import {
  exponential,
  gamma,
  halfCauchy,
  halfNormal,
  halfT,
  halfTCov,
  inverseGamma,
  inverseWishart,
  lkj,
  normal,
  uniform,
} from '../../src/graph/priors.ts';
import type { ModelCase } from './modelCase.ts';

/** Small designs, so that a new one for each response is cheap: 14 to 18 rows, 4 to 6 groups with 1 to 6 rows each. */
function columns(n: number): Record<string, (number | string)[]> {
  const each = <T>(value: (i: number) => T): T[] => Array.from({ length: n }, (_, i) => value(i));
  return {
    x: each((i) => Math.round(10 * Math.cos(3 * i)) / 10),
    z: each((i) => Math.round(10 * Math.sin(5 * i + 1)) / 10),
    far: each((i) => Math.round(20 + 10 * Math.cos(3 * i)) / 10),
    along: each((i) => Math.round(10 + 8 * Math.cos(3 * i) + 6 * Math.sin(5 * i + 1)) / 10),
    g: each((i) => `g${Math.min(i % 6, (i * i) % 5)}`),
    h: each((i) => `h${(i * 7) % 4}`),
    c: each((i) => `c${Math.floor(i / 3) % 2}`),
    w: each((i) => 0.5 + (i % 4)),
    s: each((i) => 0.4 + 0.2 * (i % 5)),
    n: each((i) => 1 + ((i * i) % 5)),
  };
}

/** Rows in families in villages: 14 families of one to three rows, five villages, one of them of one family. */
function nested(n: number): Record<string, (number | string)[]> {
  const family = Array.from({ length: n }, (_, i) => Math.floor((i * 7) / 12));
  return {
    ...columns(n),
    row: family.map((_, i) => `r${i}`),
    family: family.map((j) => `f${j}`),
    village: family.map((j) => `v${Math.floor((j + 2) / 3)}`),
  };
}

const beta = normal(0.5, 1);

/**
 * Every prior of the conjugacy table, one to three varying coefficients, crossed and nested factors, known standard
 * errors, weights; logit, probit and Student-t rows.
 */
export const jointCases: readonly ModelCase[] = [
  {
    name: 'q = 1, half-t, sigma half-normal',
    formula: 'y ~ x + (1 | g)',
    priors: { beta, Sigma_g: halfT(3, 1), sigma: halfNormal(1) },
    rows: columns(14),
  },
  {
    name: 'q = 1, half-Cauchy, sigma exponential, weights',
    formula: 'y | weights(w) ~ x + (1 | g)',
    priors: { beta, Sigma_g: halfCauchy(0.7), sigma: exponential(1) },
    rows: columns(15),
  },
  {
    name: 'q = 1, uniform, known standard errors',
    formula: 'y | se(s) ~ x + (1 | g)',
    priors: { beta, Sigma_g: uniform(0, 3) },
    rows: columns(14),
  },
  {
    name: 'q = 1, inverse gamma on both variances',
    formula: 'y ~ 1 + (1 | g)',
    priors: { beta, Sigma_g: inverseGamma(3, 1), sigma: inverseGamma(3, 2) },
    rows: columns(14),
  },
  {
    name: 'q = 2, half-normal and exponential sds, LKJ(2), sigma inverse gamma',
    formula: 'y ~ x + (1 + x | g)',
    priors: {
      beta,
      'tau_g[Intercept]': halfNormal(1),
      'tau_g[x]': exponential(1.5),
      corr_g: lkj(2),
      sigma: inverseGamma(3, 2),
    },
    rows: columns(18),
  },
  {
    name: 'q = 2, Huang & Wand, sigma half-t',
    formula: 'y ~ x + (1 + x | g)',
    priors: { beta, Sigma_g: halfTCov(2, 1), sigma: halfT(4, 1) },
    rows: columns(18),
  },
  {
    name: 'q = 2, inverse-Wishart, sigma uniform',
    formula: 'y ~ x + (1 + x | g)',
    priors: { beta, Sigma_g: inverseWishart(5, 2), sigma: uniform(0.2, 2) },
    rows: columns(16),
  },
  {
    name: 'q = 3, half-t sds, LKJ(1), sigma half-Cauchy',
    formula: 'y ~ x + z + (1 + x + z | g)',
    priors: { beta, tau_g: halfT(4, 0.8), corr_g: lkj(1), sigma: halfCauchy(1) },
    rows: columns(18),
  },
  {
    name: 'q = 3, Huang & Wand',
    formula: 'y ~ x + z + (1 + x + z | g)',
    priors: { beta, Sigma_g: halfTCov(3, 1), sigma: halfNormal(1) },
    rows: columns(18),
  },
  {
    name: 'q = 3, inverse-Wishart',
    formula: 'y ~ x + z + (1 + x + z | g)',
    priors: { beta, Sigma_g: inverseWishart(6, 2), sigma: exponential(1) },
    rows: columns(18),
  },
  {
    name: 'crossed factors, half-t and inverse gamma',
    formula: 'y ~ x + (1 | g) + (1 | h)',
    priors: { beta, Sigma_g: halfT(3, 1), Sigma_h: inverseGamma(3, 1), sigma: halfNormal(1) },
    rows: columns(16),
  },
  {
    name: 'nested factors, uncorrelated slope',
    formula: 'y ~ x + (1 + x || c) + (1 | c:h)',
    priors: { beta, tau_c: halfNormal(1), 'Sigma_c:h': halfCauchy(0.5), sigma: inverseGamma(3, 2) },
    rows: columns(16),
  },
  {
    name: 'logit, trials, q = 1, half-t',
    family: 'binomialLogit',
    formula: 'y | trials(n) ~ x + (1 | g)',
    priors: { beta, Sigma_g: halfT(4, 0.8) },
    rows: columns(14),
  },
  {
    name: 'logit, 0/1 rows, q = 2, Huang & Wand',
    family: 'binomialLogit',
    formula: 'y ~ x + (1 + x | g)',
    priors: { beta, Sigma_g: halfTCov(3, 0.7) },
    rows: columns(16),
  },
  {
    name: 'logit, rare events, crossed factors',
    family: 'binomialLogit',
    formula: 'y | trials(n) ~ x + (1 | g) + (1 | h)',
    priors: {
      'beta[Intercept]': normal(-4, 0.7),
      'beta[x]': normal(0, 0.5),
      Sigma_g: halfNormal(0.7),
      Sigma_h: exponential(2),
    },
    rows: columns(16),
  },
  {
    name: 'probit, q = 1, half-normal',
    family: 'bernoulliProbit',
    formula: 'y ~ x + (1 | g)',
    priors: { beta, Sigma_g: halfNormal(0.8) },
    rows: columns(16),
  },
  {
    name: 'probit, q = 2, half-normal sds, LKJ(2)',
    family: 'bernoulliProbit',
    formula: 'y ~ x + (1 + x | g)',
    priors: { beta, tau_g: halfNormal(0.8), corr_g: lkj(2) },
    rows: columns(18),
  },
  {
    name: 'Student-t, no groups, nu known',
    family: 'studentT',
    formula: 'y ~ x',
    priors: { beta, sigma: halfNormal(1) },
    nu: 3,
    rows: columns(14),
  },
  {
    name: 'Student-t, q = 1, half-t, nu gamma, weights',
    family: 'studentT',
    formula: 'y | weights(w) ~ x + (1 | g)',
    priors: { beta, Sigma_g: halfT(3, 1), sigma: inverseGamma(3, 2), nu: gamma(2, 0.1) },
    rows: columns(14),
  },
  {
    name: 'Student-t, q = 2, half-normal sds, LKJ(2), nu uniform',
    family: 'studentT',
    formula: 'y ~ x + (1 + x | g)',
    priors: { beta, tau_g: halfNormal(1), corr_g: lkj(2), sigma: exponential(1), nu: uniform(2, 12) },
    rows: columns(16),
  },
  {
    name: 'Student-t, uncorrelated slope, crossed factors, nu exponential',
    family: 'studentT',
    formula: 'y ~ x + (1 + x || g) + (1 | h)',
    priors: { beta, tau_g: halfNormal(1), Sigma_h: halfCauchy(0.5), sigma: halfNormal(1), nu: exponential(0.3) },
    rows: columns(14),
  },
  {
    name: 'negative binomial, q = 1, half-t, shape gamma',
    family: 'negativeBinomial',
    formula: 'y | exposure(w) ~ x + (1 | g)',
    priors: { beta: normal(0, 0.7), Sigma_g: halfT(4, 0.5), shape: gamma(4, 2) },
    rows: columns(14),
  },
  {
    name: 'negative binomial, uncorrelated slope, crossed factors, shape known',
    family: 'negativeBinomial',
    formula: 'y ~ x + (1 + x || g) + (1 | h)',
    priors: { beta: normal(0, 0.7), tau_g: halfNormal(0.5), Sigma_h: halfNormal(0.5) },
    shape: 2,
    rows: columns(14),
  },
  {
    name: 'ordinal, q = 1, half-t',
    family: 'ordinal',
    formula: 'y ~ x + (1 | g)',
    priors: { beta: normal(0, 0.7), Sigma_g: halfT(4, 0.5), threshold: normal(0, 1.5) },
    levels: ['1', '2', '3', '4'],
    rows: columns(14),
  },
  {
    name: 'ordinal probit, uncorrelated slope, crossed factors, thresholds at the centre',
    family: 'ordinalProbit',
    formula: 'y ~ x + (1 + x || g) + (1 | h)',
    priors: { beta: normal(0, 0.7), tau_g: halfNormal(0.5), Sigma_h: halfNormal(0.5) },
    levels: ['1', '2', '3'],
    rows: columns(14),
  },
  {
    name: 'beta-binomial, q = 1, half-t, precision gamma',
    family: 'betaBinomial',
    formula: 'y | trials(n) ~ x + (1 | g)',
    priors: { beta: normal(0, 0.7), Sigma_g: halfT(4, 0.5), precision: gamma(4, 1) },
    rows: columns(14),
  },
  {
    name: 'beta-binomial, uncorrelated slope, crossed factors, precision known',
    family: 'betaBinomial',
    formula: 'y | trials(n) ~ x + (1 + x || g) + (1 | h)',
    priors: { beta: normal(0, 0.7), tau_g: halfNormal(0.5), Sigma_h: halfNormal(0.5) },
    precision: 3,
    rows: columns(14),
  },
  {
    // Neither centred nor orthogonal: the working coordinates of g are far from the columns as written.
    name: 'logit, trials, correlated slopes far from 0, crossed factors',
    family: 'binomialLogit',
    formula: 'y | trials(n) ~ far + (1 + far + along | g) + (1 | h)',
    priors: { beta: normal(0, 0.5), tau_g: halfNormal(0.5), corr_g: lkj(1), Sigma_h: halfNormal(0.5) },
    rows: columns(14),
  },
  {
    name: 'Poisson, three nested factors, the first a level for each row',
    family: 'poisson',
    formula: 'y ~ x + (1 | row) + (1 | family) + (1 | village)',
    priors: {
      beta: normal(0.3, 0.5),
      Sigma_row: halfNormal(0.5),
      Sigma_family: halfT(4, 0.6),
      Sigma_village: exponential(2),
    },
    rows: nested(24),
  },
  {
    name: 'logit, trials, nested factors with a slope',
    family: 'binomialLogit',
    formula: 'y | trials(n) ~ x + (1 | row) + (1 + x | family) + (1 | village)',
    priors: {
      beta,
      Sigma_row: halfNormal(0.7),
      tau_family: halfNormal(0.7),
      corr_family: lkj(2),
      Sigma_village: halfT(3, 0.7),
    },
    rows: nested(24),
  },
];
