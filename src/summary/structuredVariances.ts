import type { VaryingPoint } from '../design/build/varyingAt.ts';
import { residualModel } from '../residual/residualModel.ts';
import type { ModelFit } from './modelFit.ts';
import { residualPlaces } from './residualPlaces.ts';

/**
 * The variance of the residual of a row (of weight 1) at a point in every draw, or at the estimates, of a fit whose
 * residuals are not independent with one sigma, of a group of mean log sd where groups have sds of their own; null
 * where it depends on an occasion that is not given.
 */
export function structuredVariances(
  fit: ModelFit,
  { sigma, occasion }: Pick<VaryingPoint, 'sigma' | 'occasion'>,
): Float64Array | null {
  const { design } = fit;
  if (occasion === null && design.residual?.groups?.structure === 'unstructured') return null;
  const model = residualModel(design);
  const { count, placeAt } = residualPlaces(fit, model);
  return Float64Array.from({ length: count }, (_, s) => {
    const { coordinates, unit } = placeAt(s);
    model.at(coordinates);
    const sd = unit * model.relativeSd(sigma, -1);
    return sd * sd * model.correlation.variance(occasion ?? 0);
  });
}

/**
 * The mean over the rows of the variance of their residuals in every draw, or at the estimates; of rows of weight 1, or
 * `weighted`, of the rows as they are.
 */
export function meanStructuredVariances(fit: ModelFit, weighted: boolean): Float64Array {
  const { n, response } = fit.design;
  const model = residualModel(fit.design);
  const { count, placeAt } = residualPlaces(fit, model);
  return Float64Array.from({ length: count }, (_, s) => {
    const { coordinates, unit } = placeAt(s);
    model.at(coordinates);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const sd = unit * model.residualSd(i);
      sum += (sd * sd * (weighted ? 1 : (response.weights?.[i] ?? 1))) / n;
    }
    return sum;
  });
}
