import { sumWithError } from '../../../diagnostics/logLikelihood.ts';
import { type Loo, loo } from '../../../diagnostics/loo.ts';
import type { Design } from '../../design/design.ts';
import { rowNumbers } from '../../design/rowNumbers.ts';
import { familyOf } from '../../families/familyOf.ts';
import { checkFit } from '../../input/checkFit.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { cells } from '../../products/cells.ts';
import { familyRows } from '../../products/familyRows.ts';
import { rowsLogLikelihood } from './logLikelihood.ts';

/**
 * Leave-one-out of the rows of a fit: arrays and `above` by position among the rows in use, and the number of each
 * among the rows given.
 */
export interface LeaveOneOut extends Loo {
  /**
   * Counted from 1, rows left out for missing values included; `rowNumbers[above[0]]` is the first row whose Pareto k
   * is too large.
   */
  readonly rowNumbers: readonly number[];
}

/**
 * Leave-one-out cross-validation of a fit over its original rows: what `loo(logLikelihood(fit))` gives, and the numbers
 * of the rows. Rows of a logit or probit model that are equal in predictors, groups, response, trials and weight have
 * the same column of log-likelihoods; each column is gone through once, so that ten thousand voters of five hundred
 * kinds cost five hundred.
 */
export function leaveOneOut(fit: Fit): LeaveOneOut {
  checkFit('leaveOneOut', fit, 'mcmc');
  const { index, first } = distinctRows(fit.design);
  const distinct = loo(rowsLogLikelihood(fit, first));
  const spread = (values: Float64Array): Float64Array => Float64Array.from(index, (column) => values[column]!);
  const { elpd, mcse, p, ic, paretoK, ess } = distinct.pointwise;
  const pointwise = {
    elpd: spread(elpd),
    mcse: spread(mcse),
    p: spread(p),
    ic: spread(ic),
    paretoK: spread(paretoK),
    ess: spread(ess),
  };
  const above = Array.from(index.keys()).filter((i) => pointwise.paretoK[i]! > distinct.paretoKThreshold);
  return {
    ...distinct,
    elpd: sumWithError(pointwise.elpd),
    p: sumWithError(pointwise.p),
    ic: sumWithError(pointwise.ic),
    // Equal columns have equal Monte Carlo errors, taken as independent, as `loo` does.
    mcse: above.length > 0 ? Number.NaN : Math.sqrt(pointwise.mcse.reduce((sum, value) => sum + value * value, 0)),
    pointwise,
    above,
    relativeEfficiency: spread(distinct.relativeEfficiency),
    rowNumbers: rowNumbers(fit.design),
  };
}

/** The distinct columns of the log-likelihood matrix: that of each row, and a row of each. */
function distinctRows(design: Design): { readonly index: Int32Array; readonly first: Int32Array } {
  const { n } = design;
  const index = new Int32Array(n);
  const first: number[] = [];
  if (familyOf(design).merge === null) {
    const every = index.map((_, i) => i);
    return { index: every, first: every };
  }
  const { cell } = cells(design);
  const { y, size, copies } = familyRows(design);
  const found = new Map<string, number>();
  for (let i = 0; i < n; i++) {
    const key = `${cell[i]} ${y[i]} ${size[i]} ${copies[i]}`;
    const column = found.get(key) ?? first.length;
    if (column === first.length) {
      found.set(key, column);
      first.push(i);
    }
    index[i] = column;
  }
  return { index, first: Int32Array.from(first) };
}
