import { logGamma } from '../../src/special/logGamma.ts';

/**
 * P(X <= x) for X ~ Gamma(shape, rate), by the series x^a e^-x / Gamma(a + 1) sum_n x^n / ((a + 1) .. (a + n))
 * (Abramowitz & Stegun 6.5.29). Slow and plain on purpose: @stdlib's gamma cdf 0.4.1 is off by up to 0.01 for shapes of
 * 1000 and more.
 */
export function gammaCdf(x: number, shape: number, rate: number): number {
  const scaled = x * rate;
  if (!(scaled > 0)) return 0;
  let term = 1;
  let sum = 1;
  for (let n = 1; term > 1e-17 * sum; n++) {
    term *= scaled / (shape + n);
    sum += term;
  }
  return Math.min(1, sum * Math.exp(shape * Math.log(scaled) - scaled - logGamma(shape + 1)));
}
