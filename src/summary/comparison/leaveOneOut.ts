import { loo, looTotals } from '../../../diagnostics/loo.ts';
import { rowNumbers } from '../../design/rowNumbers.ts';
import { text } from '../../input/acceptedValue.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions, type OptionTable } from '../../input/checkOptions.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { unitsOf } from '../integrated/units.ts';
import { distinctRows } from './distinctRows.ts';
import { type LeaveOneOut, leaveUnitsOut } from './leaveUnitsOut.ts';
import { rowsLogLikelihood } from './logLikelihood.ts';

/** What is left out. */
export interface LeaveOneOutOptions {
  /**
   * A grouping factor: its groups one after the other, 'how well is a new group predicted?'. Without it the rows, 'how
   * well is a new row of the same groups?'.
   */
  readonly by?: string;
}

const LEAVE_OPTIONS: OptionTable<LeaveOneOutOptions> = { by: text };

/** What was computed, by fit and by factor ('' for the rows): fits are not changed once they are made. */
const known = new WeakMap<Fit, Map<string, LeaveOneOut>>();

/**
 * Leave-one-out cross-validation of a fit by Pareto-smoothed importance sampling (Vehtari, Gelman & Gabry 2017). Over
 * its original rows: what `loo(logLikelihood(fit))` gives, given the deviations of the groups. With `by`, over the
 * groups of a factor, their deviations integrated out: what `loo(groupLogLikelihood(fit, by))` gives of the groups that
 * have rows (Merkle, Furr & Rabe-Hesketh 2019); groups are large parts of the data, and Pareto k says where the draws
 * cannot tell what a fit without one would be (`refitLeaveOneOut` fits those). What was computed for a fit is not
 * computed again.
 *
 * Throws `unknown-factor` and what `groupLogLikelihood` throws; `draws-not-kept` for rows where the fit kept summaries
 * of the deviations alone.
 */
export function leaveOneOut(fit: Fit, options: LeaveOneOutOptions = {}): LeaveOneOut {
  checkFit('leaveOneOut', fit, 'mcmc');
  checkOptions('leaveOneOut', options, LEAVE_OPTIONS);
  const { by } = options;
  const results = known.get(fit) ?? new Map<string, LeaveOneOut>();
  const found = results.get(by ?? '') ?? (by === undefined ? leaveRowsOut(fit) : leaveGroupsOut(fit, by));
  known.set(fit, results.set(by ?? '', found));
  return found;
}

function leaveGroupsOut(fit: Fit, by: string): LeaveOneOut {
  return leaveUnitsOut(fit, by, unitsOf(fit.design, by));
}

/**
 * Rows of a logit or probit model that are equal in predictors, groups, response, trials and weight have the same
 * column of log-likelihoods; each column is gone through once, so that ten thousand voters of five hundred kinds cost
 * five hundred.
 */
function leaveRowsOut(fit: Fit): LeaveOneOut {
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
  return {
    ...distinct,
    ...looTotals(pointwise, distinct.paretoKThreshold),
    relativeEfficiency: spread(distinct.relativeEfficiency),
    by: null,
    rowNumbers: rowNumbers(fit.design),
    levels: [],
  };
}
