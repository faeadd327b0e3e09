import type { Design } from '../../design/design.ts';
import { needsIndependent } from '../../design/needsIndependent.ts';
import { familyOf } from '../../families/familyOf.ts';
import { levelInformation } from '../../families/orderedLink.ts';
import { mixingWeight } from '../../families/studentT.ts';
import { fisherInformation } from '../../laplace/fisherInformation.ts';
import { fittedValues } from '../../likelihood/fittedValues.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { cells } from '../../products/cells.ts';
import { familyRows } from '../../products/familyRows.ts';
import { rowCopies } from '../../products/rowCopies.ts';
import { drawCount, ownDraws, sigmaDraws } from '../groupDraws.ts';
import type { ModelFit } from '../modelFit.ts';
import { predictorRows } from '../prediction/fittedRows.ts';
import { linearPredictor } from '../prediction/linearPredictor.ts';
import { thresholdDraws } from '../thresholdDraws.ts';
import { rowPrecision } from './groupPrecision.ts';

/**
 * Omega of every row up to 1 / sigma^2, length n: how much the row tells of its linear predictor. Gaussian: its
 * precision (`rowPrecision`). Student-t: the posterior mean of lambda_i w_i, its precision given the mixing variable,
 * near 0 for an outlier. Every other family: the expected information of the row, of successes n_i mu'^2 / (mu (1 -
 * mu)), which is n_i mu (1 - mu) with the logit link and n_i phi^2 / (Phi (1 - Phi)) with the probit link, of
 * ordered answers sum_k (dP_k / d eta)^2 / P_k with the thresholds known; its posterior mean over all draws, or its
 * value at the estimates of a maximum likelihood fit.
 */
export function rowInformation(fit: ModelFit): Float64Array {
  const { design } = fit;
  needsIndependent(design, 'the weight of a row');
  const { conjugate } = familyOf(design);
  if (conjugate === 'normal') return rowPrecision(design);
  if (conjugate === 'scaleMixture' && fit.kind === 'mcmc') return posteriorMixing(fit);
  if (fit.kind === 'maximumLikelihood') {
    const modes = fit.groups.map((group) => group.modes);
    const eta = fittedValues(design, fit.fixef.estimates, modes);
    return informationAt(design, eta, fit.own ?? undefined, fit.thresholds?.estimates);
  }
  return posteriorInformation(fit);
}

/** w_i E(lambda_i | y): the mean over draws of w_i (nu + 1) / (nu + w_i (y_i - eta_i)^2 / sigma^2). */
function posteriorMixing(fit: Fit): Float64Array {
  const { design } = fit;
  const { y } = design.response;
  const factors = design.groupTerms.map((_, f) => f);
  const predictor = linearPredictor(fit, predictorRows(fit, design, factors));
  const sigma = sigmaDraws(fit)!;
  const nu = ownDraws(fit)!;
  const eta = new Float64Array(drawCount(fit));
  return rowPrecision(design).map((weight, i) => {
    predictor(i, eta);
    let sum = 0;
    for (let s = 0; s < eta.length; s++) {
      const z = (y[i]! - eta[s]!) / sigma[s]!;
      sum += mixingWeight(weight * z * z, nu[s]!);
    }
    return (weight * sum) / eta.length;
  });
}

/**
 * The expected information of the rows of a design without sigma at the linear predictors `eta`, both length n, and at
 * the family's own parameter, or the thresholds.
 */
export function informationAt(
  design: Design,
  eta: Float64Array,
  own?: number,
  thresholds?: Float64Array,
): Float64Array {
  const { ordered } = familyOf(design);
  if (ordered && thresholds) {
    const copies = rowCopies(design);
    return eta.map((value, i) => copies[i]! * levelInformation(ordered, value, thresholds));
  }
  const weight = new Float64Array(design.n);
  const rows = familyRows(design);
  rows.own ??= own;
  fisherInformation(rows, eta, weight, new Float64Array(design.n));
  return weight;
}

/**
 * Outcomes that a mean over draws goes through where the information of a row is a sum over its outcomes: beyond it,
 * draws evenly spaced stand for all, but no fewer than `FEWEST`.
 */
const OUTCOMES = 1e8;
const FEWEST = 50;

/**
 * Equal rows have equal information, that of rows that add up in proportion to their sizes, so that each cell is gone
 * through once.
 */
function posteriorInformation(fit: Fit): Float64Array {
  const { design } = fit;
  const merged = cells(design);
  const factors = design.groupTerms.map((_, f) => f);
  const predictor = linearPredictor(fit, predictorRows(fit, merged.design, factors));
  const S = drawCount(fit);
  const rows = familyRows(design);
  const apart = rows.family.merge === 'equal';
  const sizes = familyRows(merged.design).size;
  const one = new Float64Array(S).fill(1);
  const eta = new Float64Array(S);
  const weight = new Float64Array(S);
  const slope = new Float64Array(S);
  const parameters = ownDraws(fit);
  const ordered = thresholdDraws(fit);
  const thresholds = new Float64Array(ordered?.count ?? 0);
  const pair = new Float64Array(2);
  const outcomes = rows.family.stepInformation ? sizes.reduce((sum, size) => sum + size, 0) : 0;
  const used = outcomes * S > OUTCOMES ? Math.min(S, Math.max(FEWEST, Math.ceil(OUTCOMES / outcomes))) : S;
  const perUnit = Float64Array.from({ length: merged.design.n }, (_, c) => {
    predictor(c, eta);
    const size = apart ? new Float64Array(S).fill(sizes[c]!) : one;
    if (ordered) {
      for (let s = 0; s < S; s++) {
        ordered.at(s, thresholds);
        weight[s] = levelInformation(ordered.link, eta[s]!, thresholds);
      }
    } else if (parameters) {
      let sum = 0;
      for (let k = 0; k < used; k++) {
        const s = Math.floor((k * S) / used);
        rows.family.information(size[s]!, eta[s]!, 1, pair, parameters[s]);
        sum += pair[0]!;
      }
      return sum / used;
    } else fisherInformation({ ...rows, n: S, size, copies: one }, eta, weight, slope);
    return weight.reduce((sum, value) => sum + value, 0) / S;
  });
  return rows.copies.map((copies, i) => (apart ? 1 : rows.size[i]!) * copies * perUnit[merged.cell[i]!]!);
}
