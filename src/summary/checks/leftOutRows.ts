import type { Fit } from '../../mcmc/fit.ts';
import { distinctRows } from '../comparison/distinctRows.ts';
import { leftOutWeights } from '../comparison/leftOutWeights.ts';
import { rowsLogLikelihood } from '../comparison/logLikelihood.ts';
import { drawCount, ownDraws, sigmaDraws } from '../groupDraws.ts';
import { fittedRows } from '../prediction/fittedRows.ts';
import { linearPredictor } from '../prediction/linearPredictor.ts';
import { thresholdDraws } from '../thresholdDraws.ts';
import type { RowDistribution } from './distributionFunction.ts';

/** Draws of less weight than this are left out of a sum. */
const NOTHING = 1e-12;

/** A row with the weights of the draws as if it had not been seen. */
export interface LeftOutRow {
  readonly i: number;
  /** Writes sum_s w_s P(Y < y | draw s) and sum_s w_s P(Y = y | draw s) to `out`. */
  expect(at: RowDistribution, out: Float64Array): void;
}

/** Which of the distinct rows each row is, and the Pareto k of each distinct one. */
export interface LeftOutRows {
  readonly index: Int32Array;
  readonly paretoK: Float64Array;
}

/**
 * Calls `visit` for each distinct row of a fit with the Pareto-smoothed weights of 1 / p(y_i | draw s), given the
 * deviations of the groups (Vehtari, Gelman & Gabry 2017). Throws `draws-not-kept`, `needs-rows`.
 */
export function leftOutRows(fit: Fit, visit: (row: LeftOutRow) => void): LeftOutRows {
  const { design, draws } = fit;
  const S = drawCount(fit);
  const sigma = sigmaDraws(fit);
  const own = ownDraws(fit);
  const factors = design.groupTerms.map((_, f) => f);
  const predictor = linearPredictor(fit, fittedRows(fit, factors).rows);
  const eta = new Float64Array(S);
  const logLik = new Float64Array(S);
  const one = new Float64Array(2);
  const ordered = thresholdDraws(fit);
  const thresholds = new Float64Array(ordered?.count ?? 0);
  const { index, first } = distinctRows(design);
  const { values } = rowsLogLikelihood(fit, first);
  const paretoK = new Float64Array(first.length);
  first.forEach((i, column) => {
    predictor(i, eta);
    for (let s = 0; s < S; s++) logLik[s] = values[s * first.length + column]!;
    const weights = leftOutWeights(logLik, draws.chains);
    paretoK[column] = weights.paretoK;
    visit({
      i,
      expect(at, out) {
        out.fill(0);
        for (let s = 0; s < S; s++) {
          const weight = Math.exp(weights.logWeights[s]!);
          if (weight < NOTHING) continue;
          ordered?.at(s, thresholds);
          at(eta[s]!, sigma ? sigma[s]! : 1, own ? own[s]! : undefined, one, thresholds);
          out[0]! += weight * one[0]!;
          out[1]! += weight * one[1]!;
        }
      },
    });
  });
  return { index, paretoK };
}
