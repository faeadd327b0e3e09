import type { Design } from '../design/design.ts';
import { ModelError } from '../errors.ts';
import { familyOf } from '../families/familyOf.ts';
import { LEAST } from './parameterPrior.ts';
import { powerAtZero } from './powerAtZero.ts';
import type { Priors } from './priors.ts';

/**
 * Refuses Student-t rows of which so many have one and the same response (less its offset) that the posterior has no
 * finite integral at sigma = 0, in a model with an intercept, which fits them exactly.
 *
 * Near such a fit the s rows on it have density ~ 1 / sigma each and the n - s others sigma^nu; p coefficients and q
 * sds within reach of the fit, and the prior of sigma ~ sigma^k, leave the integral of sigma^(k - s + p + q + (n - s)
 * nu), which is finite at 0 only for (n - s) nu > s - p - q - 1 - k (Fernandez & Steel 1999, for a regression with k =
 * -1). A prior that keeps sigma off 0 is always proper there. Throws `improper-posterior`.
 */
export function checkEqualResponses(design: Design, { sigma, nu }: Priors): void {
  const { response, columns, groupTerms, n, p } = design;
  if (familyOf(design).conjugate !== 'scaleMixture' || sigma === null || columns[0]?.term !== '1') return;
  const power = powerAtZero(sigma);
  if (power === null) return;
  const { value, count } = commonest(response.y, response.offset);
  const q = groupTerms.reduce((sum, term) => sum + term.q, 0);
  const excess = count - p - q - 1 - power;
  const least = response.nu ?? Math.max(LEAST.nu, nu?.distribution === 'uniform' ? nu.low : 0);
  const proper = response.nu === undefined ? (n - count) * least >= excess : (n - count) * least > excess;
  if (proper) return;
  const others =
    count < n ? `fix nu above ${Number((excess / (n - count)).toPrecision(3))}, fit the model as gaussian, or ` : '';
  throw new ModelError(
    'improper-posterior',
    'sigma',
    `${count} of ${n} rows have the same response ${value}, and Student-t rows of which so many are fitted exactly leave the posterior without a finite integral at ` +
      `sigma = 0; ${others}give sigma a prior that keeps off 0, such as inverse_gamma(2, 1)`,
  );
}

/** The commonest value of the response less its offset, and how many rows have it. */
function commonest(y: Float64Array, offset: Float64Array | null): { value: number; count: number } {
  const counts = new Map<number, number>();
  let best = { value: Number.NaN, count: 0 };
  for (let i = 0; i < y.length; i += 1) {
    const value = y[i]! - (offset ? offset[i]! : 0);
    const count = (counts.get(value) ?? 0) + 1;
    counts.set(value, count);
    if (count > best.count) best = { value, count };
  }
  return best;
}
