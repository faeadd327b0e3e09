import gammainc from '@stdlib/math/base/special/gammainc/lib/index.js';
import normalCdf from '@stdlib/stats/base/dists/normal/cdf/lib/index.js';
import quantileOfNormal from '@stdlib/stats/base/dists/normal/quantile/lib/index.js';
import tCdf from '@stdlib/stats/base/dists/t/cdf/lib/index.js';
import tQuantile from '@stdlib/stats/base/dists/t/quantile/lib/index.js';

/** The p-quantile of the standard normal distribution. */
export function normalQuantile(p: number): number {
  return quantileOfNormal(p, 0, 1);
}

/** The p-quantile of Student's t with `df` degrees of freedom; Infinity is the normal. */
export function studentQuantile(p: number, df: number): number {
  return df === Number.POSITIVE_INFINITY ? normalQuantile(p) : tQuantile(p, df);
}

/** P(|T| >= |t|) for Student's t with `df` degrees of freedom; Infinity is the normal. */
export function studentTwoSided(t: number, df: number): number {
  const x = -Math.abs(t);
  return 2 * (df === Number.POSITIVE_INFINITY ? normalCdf(x, 0, 1) : tCdf(x, df));
}

/** P(chi^2 >= x) with `df` degrees of freedom: the regularised upper incomplete gamma function Q(df / 2, x / 2). */
export function chiSquareUpper(x: number, df: number): number {
  return x <= 0 ? 1 : gammainc(x / 2, df / 2, true, true);
}
