import type { Frame } from '../../data/frame.ts';
import type { Design } from '../../design/design.ts';
import { needsRows } from '../../design/needsRows.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { groupDraws } from '../groupDraws.ts';
import type { PredictorRows, PredictorTerm } from './linearPredictor.ts';
import { fittedResponse, type RowResponse } from './rowResponse.ts';

/** Rows with all that a prediction of them needs. */
export interface RowsToPredict {
  readonly rows: PredictorRows;
  readonly frame: Frame;
  readonly response: RowResponse;
}

/** The rows of the fit, with the deviations of the group terms at the positions `factors`. */
export function fittedRows(fit: Fit, factors: readonly number[]): RowsToPredict {
  needsRows(fit.design, 'predictions of the fitted rows', 'moments');
  return { rows: predictorRows(fit, fit.design, factors), frame: fit.design.rows, response: fittedResponse(fit) };
}

/** The same of a design of other rows with the terms and groups of the fit, such as its cells. */
export function predictorRows(fit: Fit, design: Design, factors: readonly number[]): PredictorRows {
  const terms = factors.map((f): PredictorTerm => {
    const { q, Z, index } = design.groupTerms[f]!;
    const draws = groupDraws(fit, f);
    return { group: index, q, Z, u: (i, k) => draws.u(index[i]!, k) };
  });
  return { X: design.X, offset: design.response.offset, terms };
}
