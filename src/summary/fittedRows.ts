import type { Frame } from '../data/frame.ts';
import type { Fit } from '../mcmc/fit.ts';
import { groupDraws } from './groupDraws.ts';
import type { PredictorRows, PredictorTerm } from './linearPredictor.ts';
import { fittedNoise, type RowNoise } from './rowNoise.ts';

/** Rows with all that a prediction of them needs. */
export interface RowsToPredict {
  readonly rows: PredictorRows;
  readonly frame: Frame;
  readonly noise: RowNoise;
}

/** The rows of the fit, with the deviations of the group terms at the positions `factors`. */
export function fittedRows(fit: Fit, factors: readonly number[]): RowsToPredict {
  const { X, response, rows, groupTerms } = fit.design;
  const terms = factors.map((f): PredictorTerm => {
    const { q, Z, index } = groupTerms[f]!;
    const draws = groupDraws(fit, f);
    return { q, Z, u: (i, k) => draws.u(index[i]!, k) };
  });
  return { rows: { X, offset: response.offset, terms }, frame: rows, noise: fittedNoise(fit) };
}
