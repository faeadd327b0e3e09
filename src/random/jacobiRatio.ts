import { exp } from '../elementary.ts';

/**
 * The density of J*(h), the law with Laplace transform cosh(sqrt(2 t))^-h, is an alternating series (Windle, Polson &
 * Scott 2014, section 3; Biane, Pitman & Yor 2001) whose first term is 2^h times the density h (2 pi x^3)^(-1/2)
 * exp(-h^2 / (2 x)) of a hitting time. Divided by that term it is
 *
 *   R_h(x) = sum_k (-1)^k c_k exp(-2 k (k + h) / x),   c_k = Gamma(k + h) (2 k + h) / (Gamma(h + 1) k!),
 *
 * and lies between 0 and 1 for every h and x. For h <= 1 and x < 2.88 its terms fall from the first; beyond, the
 * density has left the hitting time's heavy tail below (R <= 0.34 and falling; on a grid in the tests). A larger h is a
 * convolution of such pieces, and the convolution of the bounds is the bound again.
 */

/** Beyond x = 64 (h + 1) R_h(x) is below 1e-30: no uniform variate falls under it. */
export function beyondJacobiRatio(h: number, x: number): boolean {
  return !(x < 64 * (h + 1));
}

/**
 * Whether u < R_h(x), for u in (0, 1), by as many terms as the decision takes. The quotient of neighbouring terms falls
 * with k, so that from the first quotient below 1 on the partial sums are bounds from below and above in turn.
 */
export function underJacobiRatio(u: number, h: number, x: number): boolean {
  const exponent = (2 * (h + 1)) / x;
  // exp(v) exceeds the start of its power series: most draws are accepted here, without an exponential.
  const least = 1 + exponent * (1 + exponent * (1 / 2 + exponent * (1 / 6 + exponent / 24)));
  if (h + 2 <= (1 - u) * least) return true;
  let quotient = exp(-exponent);
  let term = (h + 2) * quotient;
  let sum = 1 - term;
  if (term < 1 && u <= sum) return true;
  const step = exp(-4 / x);
  for (let k = 1; ; k++) {
    quotient *= step;
    const ratio = (((k + h) * (2 * k + 2 + h)) / ((k + 1) * (2 * k + h))) * quotient;
    term *= ratio;
    if ((k & 1) === 1) {
      sum += term;
      if (ratio < 1 && u >= sum) return false;
    } else {
      sum -= term;
      if (ratio < 1 && u <= sum) return true;
    }
  }
}
