import type { LogLikelihood } from '../../../diagnostics/logLikelihood.ts';
import { needsIndependent } from '../../design/needsIndependent.ts';
import { needsRows } from '../../design/needsRows.ts';
import { logLevelProbability } from '../../families/orderedLink.ts';
import { checkFit } from '../../input/checkFit.ts';
import { quote } from '../../input/quote.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { familyRows } from '../../products/familyRows.ts';
import { drawCount, ownDraws, sigmaDraws } from '../groupDraws.ts';
import { structuredUnits } from '../integrated/structuredUnits.ts';
import { fittedRows } from '../prediction/fittedRows.ts';
import { linearPredictor } from '../prediction/linearPredictor.ts';
import { thresholdDraws } from '../thresholdDraws.ts';

/**
 * Log-likelihood of every original row at every draw, with every constant: log N(y_i; eta_i, sigma^2 / w_i), or log
 * N(y_i; eta_i, se_i^2) with known standard errors, or that of Student's t; in a logit or probit model that of the row
 * as it was given, 0/1 or a count among its trials, times its weight (leaving out such a row leaves out all it stands
 * for). S x n, row-major, chain after chain, as `loo` and `waic` take it. Given the group deviations: it asks how well
 * new rows of the same groups are predicted (for new groups see `groupLogLikelihood`).
 */
export function logLikelihood(fit: Fit): LogLikelihood {
  checkFit('logLikelihood', fit, 'mcmc');
  return rowsLogLikelihood(
    fit,
    Int32Array.from({ length: fit.design.n }, (_, i) => i),
  );
}

/** The same of the rows at the positions `chosen` alone: S x chosen.length. */
export function rowsLogLikelihood(fit: Fit, chosen: Int32Array): LogLikelihood {
  needsRows(fit.design, 'log-likelihoods of rows', 'distinct');
  const { groupTerms, residual } = fit.design;
  if (residual?.groups) {
    needsIndependent(
      fit.design,
      'the log-likelihood of a row',
      `rows of one ${residual.groups.factor} tell of each other, and groupLogLikelihood and leaveOneOut with by: ${quote(residual.groups.factor)} are of whole groups`,
    );
  }
  if (residual) return rowsApart(fit, chosen);
  const n = chosen.length;
  const S = drawCount(fit);
  const sigma = sigmaDraws(fit);
  const own = ownDraws(fit);
  const { family, y, size, copies, constants } = familyRows(fit.design);
  const { rows } = fittedRows(
    fit,
    groupTerms.map((_, f) => f),
  );
  const predictor = linearPredictor(fit, rows);
  const values = new Float64Array(S * n);
  const eta = new Float64Array(S);
  const one = new Float64Array(4);
  const ordered = thresholdDraws(fit);
  const thresholds = new Float64Array(ordered?.count ?? 0);
  chosen.forEach((i, column) => {
    predictor(i, eta);
    for (let s = 0; ordered && s < S; s++) {
      ordered.at(s, thresholds);
      values[s * n + column] = copies[i]! * logLevelProbability(ordered.link, y[i]!, eta[s]!, thresholds);
    }
    if (ordered) return;
    for (let s = 0; s < S; s++) {
      family.derivatives(y[i]!, size[i]!, eta[s]!, sigma ? sigma[s]! : 1, one, own ? own[s]! : undefined);
      values[s * n + column] = copies[i]! * one[0]! + constants[i]!;
    }
  });
  return { values, draws: S, observations: n, chains: fit.draws.chains };
}

/** The same of rows whose residuals are independent with sds of their own. */
function rowsApart(fit: Fit, chosen: Int32Array): LogLikelihood {
  const { design } = fit;
  const index = new Int32Array(design.n).fill(-1);
  chosen.forEach((i, column) => {
    index[i] = column;
  });
  const units = { levels: Array.from(chosen, String), index };
  return structuredUnits(
    fit,
    { design, units, integrated: design.groupTerms.map(({ J }) => new Uint8Array(J)) },
    false,
  );
}
