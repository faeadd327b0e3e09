import type { LogLikelihood } from '../../diagnostics/logLikelihood.ts';
import type { Fit } from '../mcmc/fit.ts';
import { fittedRows } from './fittedRows.ts';
import { drawCount, sigmaDraws } from './groupDraws.ts';
import { linearPredictor } from './linearPredictor.ts';

/** log(2 pi). */
export const LOG_2PI = 1.8378770664093453;

/**
 * Log-likelihood of every original row at every draw, log N(y_i; eta_i, sigma^2 / w_i), or log N(y_i; eta_i, se_i^2) with known
 * standard errors: S x n, row-major, chain after chain, as `loo` and `waic` take it. Given the group deviations: it asks how well new rows of
 * the same groups are predicted (for new groups see `groupLogLikelihood`).
 */
export function logLikelihood(fit: Fit): LogLikelihood {
  const { n, response, groupTerms } = fit.design;
  const { y, weights, standardErrors } = response;
  const S = drawCount(fit);
  const sigma = sigmaDraws(fit);
  const logSigma = sigma?.map(Math.log);
  const { rows } = fittedRows(
    fit,
    groupTerms.map((_, f) => f),
  );
  const predictor = linearPredictor(fit, rows);
  const values = new Float64Array(S * n);
  const eta = new Float64Array(S);
  for (let i = 0; i < n; i++) {
    predictor(i, eta);
    const scale = standardErrors ? standardErrors[i]! : weights ? 1 / Math.sqrt(weights[i]!) : 1;
    const constant = -0.5 * LOG_2PI - Math.log(scale);
    for (let s = 0; s < S; s++) {
      const z = (y[i]! - eta[s]!) / (sigma ? scale * sigma[s]! : scale);
      values[s * n + i] = constant - (logSigma ? logSigma[s]! : 0) - 0.5 * z * z;
    }
  }
  return { values, draws: S, observations: n, chains: fit.draws.chains };
}
