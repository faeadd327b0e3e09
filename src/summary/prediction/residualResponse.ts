import type { ColumnSource } from '../../design/columns/columnSource.ts';
import { exp } from '../../elementary.ts';
import { ModelError } from '../../errors.ts';
import { scalarDraws } from '../../mcmc/draws.ts';
import type { Fit } from '../../mcmc/fit.ts';
import type { Rng } from '../../random/rng.ts';
import { drawCount, variableOf } from '../groupDraws.ts';
import { residualDraws } from '../residualDraws.ts';
import { predictorRows } from './fittedRows.ts';
import { linearPredictor } from './linearPredictor.ts';
import { type NewResiduals, newResiduals } from './newResiduals.ts';
import { residualPredictor } from './residualPredictor.ts';
import { newRowSizes, type RowResponse } from './rowResponse.ts';

/**
 * Responses of new rows of a fit whose residuals are not independent with one sigma, at every draw: N(eta + c'e, v),
 * c'e what the residuals of the rows of the fit in the group say of the new one and v the variance left
 * (`residualPredictor`); a new group's residual sd, where each group has its own, is drawn from normal(0, omega^2)
 * about log sigma. Without `conditional` a residual is its own. Throws `not-supported` for the rows of the fit
 * (`source` null), whose residuals are known.
 */
export function residualResponse(fit: Fit, source: ColumnSource | null, conditional: boolean): RowResponse {
  const { design } = fit;
  if (source === null) {
    throw new ModelError(
      'not-supported',
      'kind',
      `kind: 'response' of a fit whose residuals depend on each other is of new rows, and the residuals of its own are known; give newdata, or predict the mean`,
    );
  }
  const fresh = newResiduals(design, source);
  const predictor = residualPredictor(design, fresh, newRowSizes(fit, source), conditional);
  const newSd = newGroupSds(fit, fresh);
  const placeAt = residualDraws(fit, predictor.model);
  const eta = linearPredictor(
    fit,
    predictorRows(
      fit,
      design,
      design.groupTerms.map((_, f) => f),
    ),
  );
  const S = drawCount(fit);
  return (i, values, rng) => {
    const residuals = predictor.rowsOf(i).map((row) => {
      const own = new Float64Array(S);
      eta(row, own);
      return own.map((value) => design.response.y[row]! - value);
    });
    const factors = newSd(i, rng);
    for (let s = 0; s < S; s++) {
      const { coordinates, unit } = placeAt(s);
      predictor.model.at(coordinates);
      const { weights, variance } = predictor.given(i, unit);
      const factor = factors?.[s] ?? 1;
      let mean = values[s]!;
      for (let a = 0; a < weights.length; a++) mean += factor * weights[a]! * residuals[a]![s]!;
      values[s] = mean + factor * Math.sqrt(variance) * rng.normal();
    }
  };
}

/**
 * What the sd of a row of a new group is multiplied by at every draw, exp(delta), delta ~ normal(0, omega^2), the same
 * for all rows of that group; null of a group of the fit, and where groups have no sds of their own.
 */
function newGroupSds(fit: Fit, { sdGroup, sdLevel }: NewResiduals): (i: number, rng: Rng) => Float64Array | null {
  const groups = fit.design.residual?.sigmaGroups;
  if (!groups) return () => null;
  const omega = scalarDraws(fit.draws, variableOf(fit, `omega_${groups.factor}`).offset);
  const drawn = new Map<string, Float64Array>();
  return (i, rng) => {
    if (sdGroup[i]! >= 0) return null;
    const level = sdLevel(i);
    const known = drawn.get(level);
    if (known) return known;
    const own = omega.map((sd) => exp(sd * rng.normal()));
    drawn.set(level, own);
    return own;
  };
}
