import gammaln from '@stdlib/math/base/special/gammaln/lib/index.js';

const LOG_PI = 1.1447298858494002;

/** log Gamma(x), x > 0. */
export function logGamma(x: number): number {
  return gammaln(x);
}

/**
 * Logarithm of the multivariate gamma function, log Gamma_q(a) = q (q - 1) / 4 log pi + sum_{i < q} log Gamma(a - i / 2),
 * a > (q - 1) / 2 (Muirhead 1982, theorem 2.1.12).
 */
export function logMultivariateGamma(q: number, a: number): number {
  let sum = ((q * (q - 1)) / 4) * LOG_PI;
  for (let i = 0; i < q; i++) sum += gammaln(a - i / 2);
  return sum;
}
