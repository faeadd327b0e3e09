import type { ColumnSource } from '../../design/columns/columnSource.ts';
import { ModelError } from '../../errors.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { drawCount } from '../groupDraws.ts';
import { residualDraws } from '../residualDraws.ts';
import { predictorRows } from './fittedRows.ts';
import { linearPredictor } from './linearPredictor.ts';
import { newResiduals } from './newResiduals.ts';
import { residualPredictor } from './residualPredictor.ts';
import { newRowSizes, type RowResponse } from './rowResponse.ts';

/**
 * Responses of new rows of a fit whose residuals are not independent with one sigma, at every draw: N(eta + c'e, v),
 * c'e what the residuals of the rows of the fit in the group say of the new one and v the variance left
 * (`residualPredictor`). Without `conditional` a residual is its own. Throws `not-supported` for the rows of the fit
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
  const predictor = residualPredictor(design, newResiduals(design, source), newRowSizes(fit, source), conditional);
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
    for (let s = 0; s < S; s++) {
      const { coordinates, unit } = placeAt(s);
      predictor.model.at(coordinates);
      const { weights, variance } = predictor.given(i, unit);
      let mean = values[s]!;
      for (let a = 0; a < weights.length; a++) mean += weights[a]! * residuals[a]![s]!;
      values[s] = mean + Math.sqrt(variance) * rng.normal();
    }
  };
}
