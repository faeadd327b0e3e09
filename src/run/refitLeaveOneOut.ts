import { looTotals } from '../../diagnostics/loo.ts';
import { needsRows } from '../design/needsRows.ts';
import { text, wholeNumber } from '../input/acceptedValue.ts';
import { checkFit } from '../input/checkFit.ts';
import { checkOptions, type OptionTable } from '../input/checkOptions.ts';
import { optionError } from '../input/optionError.ts';
import type { Fit } from '../mcmc/fit.ts';
import { leaveOneOut } from '../summary/comparison/leaveOneOut.ts';
import type { LeaveOneOut } from '../summary/comparison/leaveUnitsOut.ts';
import { unitsOf } from '../summary/integrated/units.ts';

import { heldOut } from './heldOut.ts';
import { RUN_OPTIONS, type RunOptions } from './runChains.ts';

/** What is left out, and how the fits are made. */
export interface RefitOptions extends Pick<RunOptions, 'onProgress' | 'signal' | 'workers' | 'worker'> {
  /** A grouping factor, whose groups are left out; without it rows are. */
  readonly by?: string;
  /** The most fits that are made; default 20. */
  readonly most?: number;
}

const { onProgress, signal, workers, worker } = RUN_OPTIONS;
const REFIT_OPTIONS: OptionTable<RefitOptions> = {
  ...{ onProgress, signal, workers, worker },
  by: text,
  most: wholeNumber(1),
};

/** Leave-one-out of which some rows or groups were left out by a fit without them. */
export interface RefittedLeaveOneOut extends LeaveOneOut {
  /** Their positions, among `rowNumbers` or `levels`; their Pareto k counts as 0. */
  readonly refitted: readonly number[];
}

/**
 * `leaveOneOut` with the rows, or groups, whose Pareto k is above the threshold left out exactly: the model is fitted
 * without each of them, with the chains, iterations and seed of the fit, and elpd_i = log mean_s p(y_i | draw s)
 * (Vehtari, Gelman & Gabry 2017, section 2.1; brms' `reloo`), the deviations of a level that has no other row
 * integrated out. Default priors are resolved on the rows that are left.
 *
 * Throws (rejects) what `leaveOneOut` and `sample` throw, and `option` where more than `most` fits would be needed,
 * which `kFold` does with fewer.
 */
export async function refitLeaveOneOut(fit: Fit, options: RefitOptions = {}): Promise<RefittedLeaveOneOut> {
  checkFit('refitLeaveOneOut', fit, 'mcmc');
  checkOptions('refitLeaveOneOut', options, REFIT_OPTIONS);
  const { by, most = 20, ...run } = options;
  const loo = leaveOneOut(fit, by === undefined ? {} : { by });
  const { design, sampling } = fit;
  const refitted = loo.above;
  if (refitted.length > most) {
    const words = `a number of fits from ${refitted.length}, the ${by ?? 'row'}s with a large Pareto k; or use kFold`;
    throw optionError('most', most, words);
  }
  if (refitted.length > 0) needsRows(design, 'fits without some of the rows', 'distinct');
  const term = by === undefined ? null : unitsOf(design, by);
  const pointwise = {
    elpd: loo.pointwise.elpd.slice(),
    mcse: loo.pointwise.mcse.slice(),
    p: loo.pointwise.p.slice(),
    ic: loo.pointwise.ic.slice(),
    paretoK: loo.pointwise.paretoK.slice(),
    ess: loo.pointwise.ess.slice(),
  };
  for (const at of refitted) {
    const name = term === null ? String(loo.rowNumbers[at]!) : loo.levels[at]!;
    const level = term?.levels.indexOf(name) ?? -1;
    const index = Int32Array.from({ length: design.n }, (_, i) =>
      (term ? term.index[i] === level : i === at) ? 0 : -1,
    );
    const what = term === null ? `row ${name}` : `${by} "${name}"`;
    const { elpd, mcse } = await heldOut(design, sampling.rule, { levels: [name], index }, what, sampling, run);
    const inSample = loo.pointwise.p[at]! + loo.pointwise.elpd[at]!;
    pointwise.elpd[at] = elpd[0]!;
    pointwise.mcse[at] = mcse[0]!;
    pointwise.p[at] = inSample - elpd[0]!;
    pointwise.ic[at] = -2 * elpd[0]!;
    pointwise.paretoK[at] = 0;
    pointwise.ess[at] = fit.draws.chains * fit.draws.iterations;
  }
  return {
    ...loo,
    ...looTotals(pointwise, loo.paretoKThreshold),
    refitted,
  };
}
