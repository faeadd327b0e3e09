import { residualModel } from '../../residual/residualModel.ts';
import { whitening } from '../../residual/whitening.ts';
import type { ModelFit } from '../modelFit.ts';
import { residualPoint } from '../residualPoint.ts';

/**
 * Residuals of the rows of a fit whose residuals are not independent with one sigma, `eta` the fitted values: as they
 * are ('response'), made independent with sd 1 ('normalized'), or each over its own sd (every other type, which of
 * normal rows are one).
 */
export function structuredResiduals(
  fit: ModelFit,
  eta: ArrayLike<number>,
  type: string,
): { readonly fitted: number; readonly residual: number }[] {
  const { design } = fit;
  const { n, response } = design;
  const model = residualModel(design);
  const { coordinates, unit } = residualPoint(fit, model);
  const values = Float64Array.from(response.y, (y, i) => y - eta[i]!);
  model.at(coordinates);
  if (type === 'normalized') {
    const white = whitening(design, model, new Int32Array(n), 1);
    if (!white.refresh()) throw new Error('the covariance of the residuals is not positive definite');
    white.apply(values);
    for (let i = 0; i < n; i++) values[i]! /= unit;
  } else if (type !== 'response') {
    for (let i = 0; i < n; i++) values[i]! /= unit * model.residualSd(i);
  }
  return Array.from(values, (residual, i) => ({ fitted: eta[i]!, residual }));
}
