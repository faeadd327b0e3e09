import type { Design } from '../design/design.ts';
import { log } from '../elementary.ts';
import { residualModel } from '../residual/residualModel.ts';
import { LOG_2PI } from '../special/normalPoints.ts';
import { rowPrecisions } from './rowWeights.ts';

/**
 * log N(y; eta, sigma^2 W^-1) of all rows together, W the precision of the residuals (`src/residual`) at the parameters
 * `value(name, k)`: `sigma`, where the columns of its terms are 0, `phi` or `rho`, and `delta`. Throws where the
 * structure has more than one correlation.
 */
export function structuredLogLikelihood(
  design: Design,
  eta: Float64Array,
  value: (name: string, k?: number) => number,
): number {
  const { n, response } = design;
  const model = residualModel(design);
  const { coordinates, unit } = model.place(value);
  if (!model.at(coordinates)) return -Infinity;
  const weights = rowPrecisions(design);
  const items = new Float64Array(n + model.sums.length);
  let logWeights = 0;
  for (let i = 0; i < n; i += 1) {
    items[i] = Math.sqrt(weights[i]!) * (response.y[i]! - eta[i]!);
    logWeights += log(weights[i]!);
  }
  model.sums.forEach((rows, s) => {
    for (const i of rows) items[n + s]! += items[i]!;
  });
  let square = 0;
  for (let at = 0; at < model.set.length; at += 1) {
    const [one, two] = [model.first[at]!, model.second[at]!];
    square += (one === two ? 1 : 2) * model.coefficients[model.set[at]!]! * items[one]! * items[two]!;
  }
  return -0.5 * (n * (LOG_2PI + 2 * log(unit)) + model.logDet - logWeights + square / (unit * unit));
}
