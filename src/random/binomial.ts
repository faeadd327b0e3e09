import { log, log1p } from '../elementary.ts';
import { LOG_SQRT_2PI } from '../special/normalPoints.ts';
import type { Rng } from './rng.ts';

/** Up to this many factors the binomial coefficient is a product. */
const FACTORS = 50;
/** Up to this many trials are drawn one by one. */
const SINGLE_TRIALS = 16;

/**
 * log of the binomial coefficient (n over k), whole numbers 0 <= k <= n: a product of up to 50 factors, beyond that
 * Stirling's formula for the factorials with its error terms (Loader 2000, "Fast and accurate computation of binomial
 * probabilities"); relative error below 1e-14.
 */
export function logBinomialCoefficient(n: number, k: number): number {
  const few = Math.min(k, n - k);
  if (few <= FACTORS) {
    let sum = 0;
    let product = 1;
    for (let i = 1; i <= few; i++) {
      product *= (n - few + i) / i;
      if (product > 1e250) {
        sum += log(product);
        product = 1;
      }
    }
    return sum + log(product);
  }
  const many = n - few;
  const entropy = few * log(n / few) - many * log1p(-few / n);
  const spread = 0.5 * log(n / few / many) - LOG_SQRT_2PI;
  return entropy + spread + stirlingError(n) - stirlingError(few) - stirlingError(many);
}

/** log(x!) - log(sqrt(2 pi x) (x/e)^x) for x > 50: its asymptotic series, exact to rounding there. */
function stirlingError(x: number): number {
  const x2 = x * x;
  return (1 / 12 - (1 / 360 - (1 / 1260 - 1 / 1680 / x2) / x2) / x2) / x;
}

/**
 * A draw from Binomial(n, p), n a whole number, `failure` = 1 - p given apart so that neither loses digits: while n >
 * 16 the order statistic in the middle of the n uniforms, a beta variate, halves them (Relles 1972, "A simple algorithm
 * for generating binomial random variables when N is large"); the rest one by one. Exact; about 2 log2(n / 16) gammas.
 */
export function drawBinomial(n: number, p: number, failure: number, rng: Rng): number {
  // The rarer outcome is counted: its probability stays precise as it is divided up.
  if (p > failure) return n - drawBinomial(n, failure, p, rng);
  let left = n;
  let rest = p;
  let count = 0;
  while (left > SINGLE_TRIALS && rest > 0 && rest < 1) {
    const i = 1 + Math.floor(left / 2);
    const a = rng.gamma(i, 1);
    const middle = a / (a + rng.gamma(left + 1 - i, 1));
    if (middle <= rest) {
      count += i;
      left -= i;
      rest = (rest - middle) / (1 - middle);
    } else {
      left = i - 1;
      rest /= middle;
    }
  }
  for (; left > 0; left--) if (rng.uniform() < rest) count += 1;
  return count;
}
