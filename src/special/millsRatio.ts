/**
 * Nodes lie at i / PER_UNIT, i = 0 .. LAST; beyond the last the continued fraction is as short as the sum. x is within
 * half a step of its node.
 */
const PER_UNIT = 8;
const LAST = 32;
/**
 * Terms of Taylor's sum: half a step to the power of 13 over what the derivatives grow by leaves less than 1e-17 of the
 * value.
 */
const TERMS = 13;
/** Depth of the continued fraction: at x = 4 its error is below 1e-16 of the value, and it falls with x. */
const DEPTH = 60;

/** c[i * TERMS + n]: the n-th Taylor coefficient of R at node i. */
const coefficients = (() => {
  const table = new Float64Array((LAST + 1) * TERMS);
  // Downwards, because an error at a node shrinks on the way to the next: what satisfies R' = x R without the 1 is
  // exp(x^2 / 2).
  let value = 1 / (LAST / PER_UNIT + millsFraction(LAST / PER_UNIT, 1));
  for (let i = LAST; i >= 0; i -= 1) {
    const series = taylor(i / PER_UNIT, value, 2 * TERMS);
    table.set(series.subarray(0, TERMS), i * TERMS);
    value = sumAt(series, 0, 2 * TERMS, -1 / PER_UNIT);
  }
  return table;
})();

/**
 * Mills' ratio of the standard normal, R(x) = (1 - Phi(x)) / phi(x), for x >= 0, to two units in the last place or so.
 * It satisfies R' = x R - 1, so that its Taylor coefficients at a node come of two terms each; beyond 4 Laplace's
 * continued fraction (Abramowitz & Stegun 1964, 26.2.14). Sums, products and quotients only: the same bits on every
 * engine.
 */
export function millsRatio(x: number): number {
  const i = Math.round(x * PER_UNIT);
  if (i <= LAST) return sumAt(coefficients, i * TERMS, TERMS, x - i / PER_UNIT);
  return 1 / (x + millsFraction(x, 1));
}

/** k/(x + (k + 1)/(x + (k + 2)/(x + ...))), x >= 4: R(x) = 1 / (x + this with k = 1). */
export function millsFraction(x: number, k: number): number {
  let value = 0;
  for (let m = DEPTH; m >= k; m -= 1) value = m / (x + value);
  return value;
}

/** R(c + t) = sum_n r_n t^n: r_1 = c r_0 - 1, (n + 1) r_{n+1} = c r_n + r_{n-1}. */
function taylor(c: number, value: number, terms: number): Float64Array {
  const series = new Float64Array(terms);
  series[0] = value;
  series[1] = c * value - 1;
  for (let n = 1; n + 1 < terms; n += 1) series[n + 1] = (c * series[n]! + series[n - 1]!) / (n + 1);
  return series;
}

/** sum_n series[at + n] t^n by Horner's rule. */
function sumAt(series: Float64Array, at: number, terms: number, t: number): number {
  let sum = series[at + terms - 1]!;
  for (let n = terms - 2; n >= 0; n -= 1) sum = sum * t + series[at + n]!;
  return sum;
}
