import { residualModel } from '../../residual/residualModel.ts';
import type { ModelFit } from '../modelFit.ts';
import { residualPlaces } from '../residualPlaces.ts';

/**
 * Adds to V (rows.length squared, row-major) the covariance of the residuals of these rows at the estimates, or its
 * posterior mean, of a fit whose residuals are not independent with one sigma.
 */
export function addResidualCovariance(fit: ModelFit, rows: readonly number[], V: Float64Array): void {
  const { design } = fit;
  const { groups = null } = design.residual ?? {};
  const model = residualModel(design);
  const { count: S, placeAt } = residualPlaces(fit, model);
  const n = rows.length;
  const place = (i: number): number => (groups ? groups.positions[groups.occasion[i]!]! : 0);
  for (let s = 0; s < S; s++) {
    const { coordinates, unit } = placeAt(s);
    model.at(coordinates);
    const { between, variance } = model.correlation;
    const sds = rows.map((i) => {
      return (unit * model.rowSd(i)) / Math.sqrt(design.response.weights?.[i] ?? 1);
    });
    for (let r = 0; r < n; r++) {
      V[r * n + r]! += (sds[r]! ** 2 * variance(place(rows[r]!))) / S;
      for (let c = 0; groups && c < r; c++) {
        const [a, b] = [rows[r]!, rows[c]!];
        if (groups.index[a] !== groups.index[b]) continue;
        const value = (sds[r]! * sds[c]! * between(place(a), place(b))) / S;
        V[r * n + c]! += value;
        V[c * n + r]! += value;
      }
    }
  }
}
