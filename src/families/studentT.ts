import { log, log1p } from '../elementary.ts';
import { LOG_SQRT_2PI } from '../special/normalPoints.ts';
import type { Family } from './family.ts';

/** From here on the series below is exact to rounding. */
const LARGE = 12;

/**
 * log Gamma(x + 1/2) - log Gamma(x) - log(x) / 2, x > 0: for x >= 12 the asymptotic series -1/(8x) + 1/(192x^3) -
 * 1/(640x^5) + 17/(14336x^7) - 31/(18432x^9) (from Stirling's series at both arguments), to which Gamma(x + 1) = x
 * Gamma(x) carries a smaller x. It tends to 0 as x grows, without cancellation.
 */
export function logGammaHalf(x: number): number {
  let ratio = 1;
  let y = x;
  while (y < LARGE) {
    ratio *= y / (y + 0.5);
    y += 1;
  }
  const r = 1 / (y * y);
  const series = -(1 / 8 - r * (1 / 192 - r * (1 / 640 - r * (17 / 14336 - (r * 31) / 18432)))) / y;
  return y === x ? series : series + log(ratio) + 0.5 * log(y / x);
}

/**
 * y = eta + sigma / sqrt(precision) t, t of Student's distribution with `nu` degrees of freedom (Lange, Little & Taylor
 * 1989): sigma is the scale, and the sd of a row of precision 1 is sigma sqrt(nu / (nu - 2)), infinite for nu <= 2.
 * `precision` is the weight of the row. With z = sqrt(precision) (y - eta) / sigma
 *   l = logGammaHalf(nu / 2) - log sqrt(2 pi) + log(precision) / 2 - log sigma - (nu + 1) / 2 log(1 + z^2 / nu),
 * whose curvature is negative for z^2 > nu: an outlier has a `weight` below 0. At nu = Infinity, which nu is unless
 * given, it is the normal distribution.
 */
export const studentT: Family = {
  name: 'studentT',
  kind: 'numbers',
  link: 'identity',
  words: {
    spellings: ['student'],
    synonyms: ['t', 'student_t', 'robust', 't.scaled'],
    title: 'Student-t',
    noStandardError: 'a known standard error is an sd, and its sigma is none',
    distribution: ({ nu }, eta, scale) => `student_t(${typeof nu === 'number' ? nu : 'nu'}, ${eta}, ${scale})`,
  },
  parts: ['sigma', 'nu', 'weights'],
  missingPart: (has) =>
    has('sigma') && has('nu')
      ? null
      : 'give sigma (the prior of the scale) and nu (the prior of the degrees of freedom, or their number)',
  sigma: 'scale',
  parameter: 'nu',
  conjugate: 'scaleMixture',
  merge: null,
  laplace: 'expected',
  search: null,
  latentVariance: null,
  linkOf: (mean) => mean,
  mean: (eta) => eta,
  variance: (precision, _eta, sigma, nu = Infinity) =>
    nu > 2 ? (residualVarianceRatio(nu) * sigma * sigma) / precision : Infinity,
  logConstant: (_y, precision) => 0.5 * log(precision) - LOG_SQRT_2PI,
  logLik(y, precision, eta, sigma, nu = Infinity) {
    return 0.5 * log(precision) - LOG_SQRT_2PI + logDensity(precision, (y - eta) / sigma, nu) - log(sigma);
  },
  derivatives(y, precision, eta, sigma, out, nu = Infinity) {
    const z = (y - eta) / sigma;
    const square = precision * z * z;
    // (nu + 1) / (nu + z^2) without infinity over infinity.
    const expected = mixingWeight(square, nu);
    const share = nu < Infinity ? square / (nu + square) : 0;
    const weight = (precision * expected) / (sigma * sigma);
    out[0] = logDensity(precision, z, nu) - log(sigma);
    out[1] = weight * sigma * z;
    out[2] = weight * (1 - 2 * share);
    // -2 (nu + 1) w^2 z (3 nu - w z^2) / (nu + w z^2)^3 / sigma^3, d/d eta of -out[2].
    const third = nu < Infinity ? (-2 * precision * z * (3 - 4 * share)) / (nu + square) : 0;
    out[3] = (weight * third) / sigma;
  },
  information(precision, _eta, sigma, out, nu = Infinity) {
    // (nu + 1) / (nu + 3), Lange, Little & Taylor 1989, without infinity over infinity.
    out[0] = (precision / (sigma * sigma)) * (nu < Infinity ? (nu + 1) / (nu + 3) : 1);
    out[1] = 0;
  },
  certainAt: () => 0,
  simulate(precision, eta, sigma, rng, nu = Infinity) {
    const mixing = nu < Infinity ? rng.gamma(0.5 * nu, 0.5 * nu) : 1;
    return eta + (sigma / Math.sqrt(precision * mixing)) * rng.normal();
  },
};

/**
 * E(lambda | z^2) = (nu + 1) / (nu + z^2), the precision that a row keeps beside one of the normal distribution: near 0
 * for an outlier.
 */
export function mixingWeight(square: number, nu: number): number {
  return nu < Infinity ? (nu + 1) / (nu + square) : 1;
}

/** Var(t) = nu / (nu - 2), the residual variance in units of sigma^2; Infinity for nu <= 2. */
export function residualVarianceRatio(nu: number): number {
  return nu > 2 ? 1 / (1 - 2 / nu) : Infinity;
}

/** The log density of t, less its limit's constant: logGammaHalf(nu / 2) - (nu + 1) / 2 log(1 + w z^2 / nu). */
function logDensity(precision: number, z: number, nu: number): number {
  const square = precision * z * z;
  if (!(nu < Infinity)) return -0.5 * square;
  return logGammaHalf(0.5 * nu) - 0.5 * (nu + 1) * log1p(square / nu);
}
