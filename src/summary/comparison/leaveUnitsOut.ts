import type { LogLikelihood } from '../../../diagnostics/logLikelihood.ts';
import { type Loo, loo } from '../../../diagnostics/loo.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { unitLogLikelihood } from '../integrated/unitLogLikelihood.ts';
import { levelsWithin, type Units } from '../integrated/units.ts';

/**
 * Leave-one-out of the rows, or of the groups of a factor: arrays and `above` by position among the rows in use, or
 * among the groups that have rows.
 */
export interface LeaveOneOut extends Loo {
  /** The factor whose groups were left out; null for rows. */
  readonly by: string | null;
  /**
   * Of rows: the number of each among the rows given, counted from 1, rows left out for missing values included;
   * `rowNumbers[above[0]]` is the first row whose Pareto k is too large. Empty of groups.
   */
  readonly rowNumbers: readonly number[];
  /** Of groups: the level of each. Empty of rows. */
  readonly levels: readonly string[];
}

/**
 * Leave-one-out of units of rows, which need be no groups of the model: `unitLogLikelihood` with the deviations of the
 * levels that have rows in one unit alone integrated out, of the units that have rows.
 */
export function leaveUnitsOut(fit: Fit, by: string, units: Units): LeaveOneOut {
  const there = new Uint8Array(units.levels.length);
  for (const j of units.index) if (j >= 0) there[j] = 1;
  const integrated = fit.design.groupTerms.map((term) => levelsWithin(term, units));
  const all = unitLogLikelihood(fit, { design: fit.design, units, integrated });
  return {
    ...loo(columnsOf(all, there)),
    by,
    rowNumbers: [],
    levels: units.levels.filter((_, j) => there[j] === 1),
  };
}

/** The columns that are marked, in their order. */
function columnsOf(all: LogLikelihood, marked: Uint8Array): LogLikelihood {
  const chosen = [...marked.keys()].filter((j) => marked[j] === 1);
  const { values, draws, observations } = all;
  if (chosen.length === observations) return all;
  const out = new Float64Array(draws * chosen.length);
  for (let s = 0; s < draws; s++) {
    for (let c = 0; c < chosen.length; c++) out[s * chosen.length + c] = values[s * observations + chosen[c]!]!;
  }
  return { ...all, values: out, observations: chosen.length };
}
