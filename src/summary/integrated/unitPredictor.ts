import type { Design } from '../../design/design.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { groupDraws } from '../groupDraws.ts';
import { linearPredictor, type PredictorTerm } from '../prediction/linearPredictor.ts';

/**
 * The linear predictor without the deviations that are integrated out: a function that writes the S draws of offset_i +
 * x_i' beta + sum of z_i' u over the other levels to `out`. A factor all of whose levels are integrated out needs no
 * draws of its deviations.
 */
export function unitPredictor(
  fit: Fit,
  design: Design,
  integrated: readonly Uint8Array[],
): (i: number, out: Float64Array) => void {
  const terms = design.groupTerms.map(({ q, Z, index }, f): PredictorTerm => {
    const draws = groupDraws(fit, f);
    return { group: index, q, Z, u: (i, k) => (integrated[f]![index[i]!] === 1 ? null : draws.u(index[i]!, k)) };
  });
  return linearPredictor(fit, { X: design.X, offset: design.response.offset, terms });
}
