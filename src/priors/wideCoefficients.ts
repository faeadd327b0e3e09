import type { Design } from '../design/design.ts';
import { familyOf } from '../families/familyOf.ts';
import { meanOverRows, rowCounts } from '../products/rowCounts.ts';
import { columnPriors } from './columnPriors.ts';
import type { CoefficientPriors } from './priors.ts';
import { responseSpread } from './responseSpread.ts';

/** In units of the response's spread. */
const WIDE = 2.5;

/**
 * Proper priors in the place of flat ones, for who wants to see what a model says before its data: `columnPriors` in
 * units of the response's spread s (`responseSpread`). The linear predictor at the mean of the columns and of the
 * offset is normal(mean of the response, 2.5 s), about 0 on the scale of a link; slopes are normal(0, 2.5 s / sd of
 * their column, less what its margins say of it); rstanarm's defaults have these scales (Goodrich et al. 2020). A prior
 * that is not flat stays.
 */
export function wideCoefficients(design: Design, given: CoefficientPriors): CoefficientPriors {
  const { p, response, n } = design;
  const scale = WIDE * responseSpread(design);
  // Without a sigma the linear predictor is on another scale than the response, and 0 is its middle.
  const measured = familyOf(design).sigma !== null;
  const centre = measured ? meanOverRows(n, rowCounts(design), (i) => response.y[i]!) : 0;
  const wide = columnPriors(design, { slope: scale, intercept: scale, centre });
  const isFlat = (k: number): boolean => given.sd[k] === Infinity;
  const combinations = wide.combinations
    ? wide.combinations.map((value, at) => {
        const row = Math.floor(at / p);
        const own = row === at % p ? 1 : 0;
        return isFlat(row) ? value : (given.combinations?.[at] ?? own);
      })
    : (given.combinations ?? null);
  return {
    mean: given.mean.map((value, k) => (isFlat(k) ? wide.mean[k]! : value)),
    sd: given.sd.map((value, k) => (isFlat(k) ? wide.sd[k]! : value)),
    source: given.source.map((value, k) => (isFlat(k) ? 'wide' : value)),
    combinations,
    ...(given.mixtures ? { mixtures: given.mixtures } : {}),
  };
}
