import { log } from '../elementary.ts';

const LOG_PI = 1.1447298858494002;

const HALF_LOG_2PI = 0.9189385332046727;

/**
 * log Gamma(x), x > 0: Gamma(x + 1) = x Gamma(x) carries x to 10 or beyond, where Stirling's series (Abramowitz & Stegun 6.1.41, to x^-11) has an error
 * below 1e-15. Near the zeros at 1 and 2 the absolute error is that of rounding, about 1e-14.
 */
export function logGamma(x: number): number {
  let product = 1;
  let y = x;
  while (y < 10) {
    product *= y;
    y += 1;
  }
  const r = 1 / (y * y);
  const series = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188 - (r * 691) / 360360))))) / y;
  return (y - 0.5) * log(y) - y + HALF_LOG_2PI + series - log(product);
}

/**
 * Logarithm of the multivariate gamma function, log Gamma_q(a) = q (q - 1) / 4 log pi + sum_{i < q} log Gamma(a - i / 2),
 * a > (q - 1) / 2 (Muirhead 1982, theorem 2.1.12).
 */
export function logMultivariateGamma(q: number, a: number): number {
  let sum = ((q * (q - 1)) / 4) * LOG_PI;
  for (let i = 0; i < q; i++) sum += logGamma(a - i / 2);
  return sum;
}
