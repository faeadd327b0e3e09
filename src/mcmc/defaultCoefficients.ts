import type { Design } from '../design/design.ts';
import { isContinuous } from '../graph/nodes.ts';
import type { CoefficientPriors } from '../kernels/priors.ts';

/** Sd of a slope's prior, on the logit or probit scale, for a column of sd 1. */
const SLOPE = 2.5;
/** Sd of the intercept's prior. */
const INTERCEPT = 10;
/** A column whose spread is below this share of its size is constant up to rounding. */
const CONSTANT = 1e-13;

/**
 * The default priors of the coefficients. Gaussian and Student-t: flat. Logit and probit (the scale of Gelman, Jakulin, Pittau & Su 2008, used as
 * in rstanarm): slopes normal(0, 2.5 / sd of their column), two-valued columns too; the linear predictor at the mean of the columns and of the
 * offset normal(0, 10), so that the intercept there has mean -(mean of the offset), and an offset moved by a constant moves the intercept alone.
 * Without an intercept there is no centring, and a constant column has normal(0, 10 / its value).
 *
 * Means and sds are over trials: a row counts as often as it has trials, times its weight, so that the priors are the same however
 * the data are written, as 0/1 rows or as counts.
 */
export function defaultCoefficients(design: Design): Pick<CoefficientPriors, 'mean' | 'sd' | 'centre'> {
  const { p, columns, response, X } = design;
  const mean = new Float64Array(p);
  if (isContinuous(response.family)) return { mean, sd: new Float64Array(p).fill(Infinity), centre: null };
  const moments = Array.from({ length: p }, (_, k) => momentsOverTrials(design, (i) => X[i * p + k]!));
  const constant = moments.map(({ mean, sd }) => sd <= CONSTANT * Math.abs(mean));
  const sd = Float64Array.from(moments, (column, k) => {
    return constant[k] ? INTERCEPT / (Math.abs(column.mean) || 1) : SLOPE / column.sd;
  });
  const intercept = columns[0]?.term === '1';
  const { offset } = response;
  if (intercept && offset) mean[0] = 0 - momentsOverTrials(design, (i) => offset[i]!).mean;
  return { mean, sd, centre: intercept ? Float64Array.from(moments, (column) => column.mean) : null };
}

/** Mean and sd over the trials of what each row has, in two passes. */
function momentsOverTrials({ n, response }: Design, value: (i: number) => number): { mean: number; sd: number } {
  const { trials, weights } = response;
  const copies = (i: number): number => (trials ? trials[i]! : 1) * (weights ? weights[i]! : 1);
  let count = 0;
  let mean = 0;
  for (let i = 0; i < n; i += 1) {
    const m = copies(i);
    count += m;
    mean += (m / count) * (value(i) - mean);
  }
  let squares = 0;
  let rest = 0;
  for (let i = 0; i < n; i += 1) {
    const e = value(i) - mean;
    rest += copies(i) * e;
    squares += copies(i) * e * e;
  }
  return { mean: mean + rest / count, sd: Math.sqrt(squares / Math.max(1, count - 1)) };
}
