import { betaCdf, betaQuantile, chiSquareUpperTail, normalQuantile } from './distributions.ts';

export { normalQuantile };

/**
 * The p-quantile of Student's t with `df` degrees of freedom; Infinity is the normal. With B ~ Beta(df / 2, 1 / 2),
 * P(|T| >= t) = P(B <= df / (df + t^2)) (Abramowitz & Stegun 26.5.27); near the median its complement keeps the digits.
 */
export function studentQuantile(p: number, df: number): number {
  if (df === Number.POSITIVE_INFINITY) return normalQuantile(p);
  if (p < 0.5) return -studentQuantile(1 - p, df);
  if (p > 0.75) {
    const b = betaQuantile(2 * (1 - p), df / 2, 0.5);
    return Math.sqrt((df * (1 - b)) / b);
  }
  const c = betaQuantile(2 * p - 1, 0.5, df / 2);
  return Math.sqrt((df * c) / (1 - c));
}

/** P(|T| >= |t|) for Student's t with `df` degrees of freedom; Infinity is the normal. */
export function studentTwoSided(t: number, df: number): number {
  if (df === Number.POSITIVE_INFINITY) return chiSquareUpperTail(t * t, 1);
  return betaCdf(df / (df + t * t), df / 2, 0.5);
}

/** P(chi^2 >= x) with `df` degrees of freedom: the regularised upper incomplete gamma function Q(df / 2, x / 2). */
export function chiSquareUpper(x: number, df: number): number {
  return chiSquareUpperTail(x, df);
}

/**
 * P(F >= f) of Fisher's F with q and `df` degrees of freedom; at an infinite df q F is chi-square. P(F >= f) = P(B <=
 * df / (df + q f)), B ~ Beta(df / 2, q / 2) (Abramowitz & Stegun 26.6.2).
 */
export function fUpperTail(f: number, q: number, df: number): number {
  if (df === Number.POSITIVE_INFINITY) return chiSquareUpperTail(q * f, q);
  return betaCdf(df / (df + q * f), df / 2, q / 2);
}
