import type { Design } from '../design/design.ts';
import { familyOf } from '../families/familyOf.ts';
import { type ColumnPriors, centreOfThresholds, columnPriors, type PriorScales } from './columnPriors.ts';

/** On the scales of logit, probit and log rates: sd of a slope for a column of sd 1, and of the intercept. */
const SCALES: PriorScales = { slope: 2.5, intercept: 10, centre: 0 };
/** Sd of the prior of a threshold. */
const THRESHOLD = 5;

/**
 * The default priors of the coefficients. With a sigma (gaussian and Student-t): flat. Without, on the scales of logit,
 * probit and log rates (the scale of Gelman, Jakulin, Pittau & Su 2008, used as in rstanarm), `columnPriors`: slopes
 * normal(0, 2.5 / sd of their column), two-valued columns too; the linear predictor at the mean of the columns and of
 * the offset normal(0, 10), so that the intercept there has mean -(mean of the offset), and an offset moved by a
 * constant moves the intercept alone; an exposure is the offset of its log.
 *
 * Means and sds are over trials: a row counts as often as it has trials, times its weight, so that the priors are the
 * same however the data are written, as 0/1 rows or as counts.
 */
export function defaultCoefficients(design: Design): ColumnPriors {
  const { p } = design;
  if (familyOf(design).sigma === null) return columnPriors(design, SCALES);
  return { mean: new Float64Array(p), sd: new Float64Array(p).fill(Infinity), combinations: null };
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
  const { mean, about } = centreOfThresholds(design, SCALES);
  return { mean: 0 - mean, sd: THRESHOLD, about };
}
