import type { Design } from '../design/design.ts';
import { log } from '../elementary.ts';
import { familyOf } from '../families/familyOf.ts';
import { blockStandardisation } from '../products/blockStandardisation.ts';
import { meanOverRows, rowCounts } from '../products/rowCounts.ts';
import type { CoefficientPriors } from './priors.ts';

/** Sd of a slope's prior, on the logit or probit scale, for a column of sd 1. */
const SLOPE = 2.5;
/** Sd of the intercept's prior. */
const INTERCEPT = 10;
/** Sd of the prior of a threshold. */
const THRESHOLD = 5;
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
export function defaultCoefficients(design: Design): Defaults {
  if (familyOf(design).ordered === undefined) return defaultsOf(design);
  // Beside a constant, for which the thresholds stand.
  const { mean, sd, combinations } = defaultsOf(withConstant(design));
  const { p } = design;
  const own = combinations && Float64Array.from({ length: p * p }, (_, at) => combinations[place(at, p)]!);
  return { mean: mean.slice(1), sd: sd.slice(1), combinations: own };
}

/**
 * The default prior of the thresholds of an ordered answer: normal(0, 5) for each of threshold_k - about'beta - (mean
 * of the offset), `about` the means of the columns, so that the linear predictor is the one at the centre of the data.
 */
export function defaultThresholds(design: Design): {
  readonly mean: number;
  readonly sd: number;
  readonly about: Float64Array | null;
} {
  const { mean, combinations } = defaultsOf(withConstant(design));
  return { mean: 0 - mean[0]!, sd: THRESHOLD, about: combinations ? combinations.slice(1, design.p + 1) : null };
}

type Defaults = Pick<CoefficientPriors, 'mean' | 'sd' | 'combinations'>;

/** Where entry `at` of a p x p matrix stands in one with a row and a column before it. */
function place(at: number, p: number): number {
  return (Math.floor(at / p) + 1) * (p + 1) + (at % p) + 1;
}

/** The design with a constant as its first column. */
function withConstant(design: Design): Design {
  const { n, p, X, columns } = design;
  const wide = new Float64Array(n * (p + 1)).fill(1);
  for (let i = 0; i < n; i += 1) for (let k = 0; k < p; k += 1) wide[i * (p + 1) + k + 1] = X[i * p + k]!;
  return { ...design, p: p + 1, X: wide, columns: [{ label: 'Intercept', term: '1', parts: [] }, ...columns] };
}

function defaultsOf(design: Design): Defaults {
  const { p, columns, response, X, n } = design;
  const mean = new Float64Array(p);
  if (familyOf(design).sigma !== null) return { mean, sd: new Float64Array(p).fill(Infinity), combinations: null };
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
      sd[k] = INTERCEPT;
      mean[k] = 0 - offset;
      continue;
    }
    const own = meanOverRows(n, counts, (i) => X[i * p + k]!);
    const isConstant = atOrigin && spreadless(X, p, k, own);
    sd[k] = isConstant ? INTERCEPT / (Math.abs(own) || 1) : (2 * SLOPE * sample) / unit[k]!;
  }
  return { mean, sd, combinations: atOrigin ? null : toMeans };
}

/** Whether a column has one value, up to rounding. */
function spreadless(X: Float64Array, p: number, k: number, mean: number): boolean {
  for (let at = k; at < X.length; at += p) if (Math.abs(X[at]! - mean) > CONSTANT * Math.abs(mean)) return false;
  return true;
}
