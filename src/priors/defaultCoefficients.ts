import type { Design } from '../design/design.ts';
import { log } from '../elementary.ts';
import { familyOf } from '../families/familyOf.ts';
import { blockStandardisation } from '../products/blockStandardisation.ts';
import { meanOverRows, rowCounts } from '../products/rowCounts.ts';
import type { CoefficientPriors } from './priors.ts';
import { responseSpread } from './responseSpread.ts';

/** Sd of a slope's prior, on the logit or probit scale, for a column of sd 1. */
const SLOPE = 2.5;
/** Sd of the intercept's prior. */
const INTERCEPT = 10;
/** A column whose spread is below this share of its size is constant up to rounding. */
const CONSTANT = 1e-13;

/**
 * The default priors of the coefficients. With a sigma (gaussian and Student-t): flat. Without, on the scales of logit,
 * probit and log rates (the scale of Gelman, Jakulin, Pittau & Su 2008, used as in rstanarm), in columns taken about
 * their means (`blockStandardisation`), so that neither origin nor unit of a column moves them: slopes normal(0, 2.5 /
 * sd of their column, less what its margins say of it), two-valued columns too; the linear predictor at the mean of the
 * columns and of the offset normal(0, 10), so that the intercept there has mean -(mean of the offset), and an offset
 * moved by a constant moves the intercept alone; an exposure is the offset of its log. With all levels of a factor in
 * place of an intercept, each has that prior. Without either there is no centring, and a constant column has normal(0,
 * 10 / its value).
 *
 * Means and sds are over trials: a row counts as often as it has trials, times its weight, so that the priors are the
 * same however the data are written, as 0/1 rows or as counts.
 */
export function defaultCoefficients(design: Design): OwnPriors {
  const { p } = design;
  if (familyOf(design).sigma === null) return columnPriors(design, { slope: SLOPE, intercept: INTERCEPT, centre: 0 });
  return { mean: new Float64Array(p), sd: new Float64Array(p).fill(Infinity), combinations: null };
}

type OwnPriors = Pick<CoefficientPriors, 'mean' | 'sd' | 'combinations'>;

/** Sds of the priors of a slope for a column of sd 1 and of the intercept at the means, and where that one is. */
interface Scales {
  readonly slope: number;
  readonly intercept: number;
  readonly centre: number;
}

/**
 * Proper priors in the place of flat ones, for who wants to see what a model says before its data: as wide as those of
 * the other families, in units of the response's spread s (`responseSpread`). The linear predictor at the mean of the
 * columns and of the offset is normal(mean of the response, 2.5 s), slopes are normal(0, 2.5 s / sd of their column,
 * less what its margins say of it); rstanarm's defaults have these scales (Goodrich et al. 2020). A prior that is not
 * flat stays.
 */
export function wideCoefficients(design: Design, given: CoefficientPriors): CoefficientPriors {
  const { p, response, n } = design;
  const scale = SLOPE * responseSpread(design);
  const centre = meanOverRows(n, rowCounts(design), (i) => response.y[i]!);
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
  };
}

function columnPriors(design: Design, { slope, intercept, centre }: Scales): OwnPriors {
  const { p, columns, response, X, n } = design;
  const mean = new Float64Array(p);
  const counts = rowCounts(design);
  const total = counts ? counts.reduce((sum, count) => sum + count, 0) : n;
  const population = { Z: X, q: p, parts: columns.map(({ parts }) => parts) };
  const { toMeans, unit, levels, atOrigin } = blockStandardisation(population, { start: 0, size: p }, counts);
  // `unit` is twice the sd with divisor `total`.
  const sample = Math.sqrt(Math.max(1, total - 1) / total);
  const sd = new Float64Array(p);
  const { offset: known, exposure } = response;
  const shift = (i: number) => (known ? known[i]! : 0) + (exposure ? log(exposure[i]!) : 0);
  const offset = known || exposure ? meanOverRows(n, counts, shift) : 0;
  for (let k = 0; k < p; k += 1) {
    const { parts } = columns[k]!;
    const constant = parts.length === 0 || levels.has(k);
    if (constant) {
      sd[k] = intercept;
      mean[k] = centre - offset;
      continue;
    }
    const own = meanOverRows(n, counts, (i) => X[i * p + k]!);
    const isConstant = atOrigin && spreadless(X, p, k, own);
    sd[k] = isConstant ? intercept / (Math.abs(own) || 1) : (2 * slope * sample) / unit[k]!;
  }
  return { mean, sd, combinations: atOrigin ? null : toMeans };
}

/** Whether a column has one value, up to rounding. */
function spreadless(X: Float64Array, p: number, k: number, mean: number): boolean {
  for (let at = k; at < X.length; at += p) if (Math.abs(X[at]! - mean) > CONSTANT * Math.abs(mean)) return false;
  return true;
}
