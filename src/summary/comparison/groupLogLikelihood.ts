import type { LogLikelihood } from '../../../diagnostics/logLikelihood.ts';
import { needsIndependent } from '../../design/needsIndependent.ts';
import { needsRows } from '../../design/needsRows.ts';
import { ModelError } from '../../errors.ts';
import { familyOf } from '../../families/familyOf.ts';
import { checkFit } from '../../input/checkFit.ts';
import { cholesky, forwardSolve, logDeterminant } from '../../linalg/cholesky.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { correlationFactor } from '../correlationFactor.ts';
import { betaDraws, drawCount, groupDraws, sigmaDraws } from '../groupDraws.ts';
import { factorPosition } from '../modelFit.ts';
import { groupPrecision, rowPrecision, rowsByGroup } from '../pooling/groupPrecision.ts';
import { LOG_2PI } from './logLikelihood.ts';

/**
 * Log-likelihood of every group at every draw with the group's deviations integrated out, log N(y_j; offset_j + X_j
 * beta, D_j + Z_j Sigma Z_j'), D_j = diag(sigma^2 / w_i) or diag(se_i^2): S x J, row-major, for leave-one-group-out,
 * the question for new groups (Merkle, Furr & Rabe-Hesketh 2019). In closed form: with r = y_j - offset_j - X_j beta,
 * Sigma = Lambda Lambda' and M = I + Lambda' Z_j' D^-1 Z_j Lambda = L L',
 * -2 log p = n_j log 2pi + log|D| + log|M| + r' D^-1 r - |L^-1 Lambda' Z_j' D^-1 r|^2, regular at tau = 0. 0 for a
 * group without rows.
 *
 * Throws `unknown-factor`, `unsupported-family` for a logit or probit model, which has no closed form, and
 * `several-factors` where the model has more than one grouping factor: the others' deviations would tie the groups
 * together.
 */
export function groupLogLikelihood(fit: Fit, factor: string): LogLikelihood {
  checkFit('groupLogLikelihood', fit, 'mcmc');
  const { design } = fit;
  const f = factorPosition(design, factor);
  if (familyOf(design).conjugate !== 'normal') {
    throw new ModelError(
      'unsupported-family',
      factor,
      `the log-likelihood of a group is in closed form for a gaussian response, and ${design.response.label} is ${design.response.family}; logLikelihood has that of its rows`,
    );
  }
  if (design.groupTerms.length > 1) {
    const all = design.groupTerms.map((term) => term.factor).join(', ');
    throw new ModelError(
      'several-factors',
      factor,
      `the log-likelihood of a group is in closed form for one grouping factor; the model has ${all}`,
    );
  }
  needsRows(design, 'log-likelihoods of groups', 'moments');
  needsIndependent(design, 'groupLogLikelihood');
  const { p, X, response } = design;
  const draws = groupDraws(fit, f);
  const { J, q, Z, labels } = draws.term;
  const S = drawCount(fit);
  const precision = rowPrecision(design);
  const A = groupPrecision(draws.term, precision);
  const { start, rows } = rowsByGroup(draws.term);
  const sigma = sigmaDraws(fit);
  const beta = Array.from({ length: p }, (_, c) => betaDraws(fit, c));
  const taus = labels.map((_, k) => draws.tau(k));
  const corrs = draws.pairs.map((_, pair) => draws.corr(pair));
  const logPrecision = new Float64Array(J);
  for (let j = 0; j < J; j++) {
    for (let at = start[j]!; at < start[j + 1]!; at++) logPrecision[j]! += Math.log(precision[rows[at]!]!);
  }
  const values = new Float64Array(S * J);
  const corr = new Float64Array(corrs.length);
  const lambda = new Float64Array(q * q);
  const M = new Float64Array(q * q);
  const h = new Float64Array(q);
  const a = new Float64Array(q);
  const coefficients = new Float64Array(p);
  const factorise = correlationFactor(draws.term);
  for (let s = 0; s < S; s++) {
    for (let pair = 0; pair < corr.length; pair++) corr[pair] = corrs[pair]![s]!;
    for (let c = 0; c < p; c++) coefficients[c] = beta[c]![s]!;
    factorise(corr, lambda);
    const scale = sigma ? 1 / (sigma[s]! * sigma[s]!) : 1;
    for (let k = 0; k < q; k++) for (let l = 0; l < q; l++) lambda[k * q + l]! *= taus[k]![s]!;
    for (let j = 0; j < J; j++) {
      const count = start[j + 1]! - start[j]!;
      if (count === 0) continue;
      h.fill(0);
      let square = 0;
      for (let at = start[j]!; at < start[j + 1]!; at++) {
        const i = rows[at]!;
        let r = response.y[i]! - (response.offset ? response.offset[i]! : 0);
        for (let c = 0; c < p; c++) r -= X[i * p + c]! * coefficients[c]!;
        const w = scale * precision[i]! * r;
        square += w * r;
        for (let k = 0; k < q; k++) h[k]! += w * Z[i * q + k]!;
      }
      for (let k = 0; k < q; k++) {
        for (let l = 0; l <= k; l++) {
          let sum = k === l ? 1 : 0;
          for (let b = k; b < q; b++) {
            for (let d = l; d < q; d++)
              sum += scale * lambda[b * q + k]! * A[(j * q + b) * q + d]! * lambda[d * q + l]!;
          }
          M[k * q + l] = sum;
        }
        a[k] = 0;
        for (let b = k; b < q; b++) a[k]! += lambda[b * q + k]! * h[b]!;
      }
      cholesky(M, q);
      forwardSolve(M, q, a);
      for (let k = 0; k < q; k++) square -= a[k]! * a[k]!;
      const logDet = -logPrecision[j]! - count * Math.log(scale) + logDeterminant(M, q);
      values[s * J + j] = -0.5 * (count * LOG_2PI + logDet + square);
    }
  }
  return { values, draws: S, observations: J, chains: fit.draws.chains };
}
