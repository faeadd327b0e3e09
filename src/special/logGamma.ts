import { log } from '../elementary.ts';

const HALF_LOG_2PI = 0.9189385332046727;

/**
 * log Gamma(x), x > 0: Gamma(x + 1) = x Gamma(x) carries x to 10 or beyond, where Stirling's series (Abramowitz &
 * Stegun 6.1.41, to x^-11) has an error below 1e-15. Near the zeros at 1 and 2 the absolute error is that of rounding,
 * about 1e-14.
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
