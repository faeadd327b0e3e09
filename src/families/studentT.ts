import { log, log1p } from '../elementary.ts';
import type { Family } from './family.ts';

const LOG_SQRT_2PI = 0.9189385332046728;

/** From here on the series below is exact to rounding. */
const LARGE = 12;

/**
 * log Gamma(x + 1/2) - log Gamma(x) - log(x) / 2, x > 0: for x >= 12 the asymptotic series -1/(8x) + 1/(192x^3) - 1/(640x^5) + 17/(14336x^7) - 31/(18432x^9)
 * (from Stirling's series at both arguments), to which Gamma(x + 1) = x Gamma(x) carries a smaller x. It tends to 0 as x grows, without cancellation.
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
 * y = eta + sigma / sqrt(size) t, t of Student's distribution with `nu` degrees of freedom (Lange, Little & Taylor 1989): sigma is the scale, and the sd of
 * a row of size 1 is sigma sqrt(nu / (nu - 2)), infinite for nu <= 2. `size` is the precision weight of the row. With z = sqrt(size) (y - eta) / sigma
 *   l = logGammaHalf(nu / 2) - log sqrt(2 pi) + log(size) / 2 - log sigma - (nu + 1) / 2 log(1 + z^2 / nu),
 * whose curvature is negative for z^2 > nu: an outlier has a `weight` below 0. At nu = Infinity, which nu is unless given, it is the normal distribution.
 */
export const studentT: Family = {
  name: 'studentT',
  link: 'identity',
  hasSigma: true,
  linkOf: (mean) => mean,
  mean: (eta) => eta,
  variance: (size, _eta, sigma, nu = Infinity) =>
    nu > 2 ? (residualVarianceRatio(nu) * sigma * sigma) / size : Infinity,
  logConstant: (_y, size) => 0.5 * log(size) - LOG_SQRT_2PI,
  logLik(y, size, eta, sigma, nu = Infinity) {
    return 0.5 * log(size) - LOG_SQRT_2PI + logDensity(size, (y - eta) / sigma, nu) - log(sigma);
  },
  derivatives(y, size, eta, sigma, out, nu = Infinity) {
    const z = (y - eta) / sigma;
    const square = size * z * z;
    // (nu + 1) / (nu + z^2) without infinity over infinity.
    const expected = mixingWeight(square, nu);
    const share = nu < Infinity ? square / (nu + square) : 0;
    const precision = (size * expected) / (sigma * sigma);
    out[0] = logDensity(size, z, nu) - log(sigma);
    out[1] = precision * sigma * z;
    out[2] = precision * (1 - 2 * share);
    // -2 (nu + 1) w^2 z (3 nu - w z^2) / (nu + w z^2)^3 / sigma^3, d/d eta of -out[2].
    const third = nu < Infinity ? (-2 * size * z * (3 - 4 * share)) / (nu + square) : 0;
    out[3] = (precision * third) / sigma;
  },
  simulate(size, eta, sigma, rng, nu = Infinity) {
    const mixing = nu < Infinity ? rng.gamma(0.5 * nu, 0.5 * nu) : 1;
    return eta + (sigma / Math.sqrt(size * mixing)) * rng.normal();
  },
};

/** E(lambda | z^2) = (nu + 1) / (nu + z^2), the precision that a row keeps beside one of the normal distribution: near 0 for an outlier. */
export function mixingWeight(square: number, nu: number): number {
  return nu < Infinity ? (nu + 1) / (nu + square) : 1;
}

/** Var(t) = nu / (nu - 2), the residual variance in units of sigma^2; Infinity for nu <= 2. */
export function residualVarianceRatio(nu: number): number {
  return nu > 2 ? 1 / (1 - 2 / nu) : Infinity;
}

/** The log density of t, less its limit's constant: logGammaHalf(nu / 2) - (nu + 1) / 2 log(1 + w z^2 / nu). */
function logDensity(size: number, z: number, nu: number): number {
  const square = size * z * z;
  if (!(nu < Infinity)) return -0.5 * square;
  return logGammaHalf(0.5 * nu) - 0.5 * (nu + 1) * log1p(square / nu);
}
