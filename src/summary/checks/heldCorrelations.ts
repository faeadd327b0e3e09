import { type Finding, number } from '../../../diagnostics/finding.ts';
import { correlationName } from '../../graph/correlationName.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { residualModel } from '../../residual/residualModel.ts';
import { drawCount } from '../groupDraws.ts';
import { residualDraws } from '../residualDraws.ts';

/** Draws that are looked at. */
const DRAWS = 1000;
/** A draw is at the end where its room (`Correlation.room`) is less than this. */
const NEAR = 1.5;
/** The share of draws there from which what lies beyond the end would be missed. */
const MOST = 0.01;

/**
 * Correlations of residuals that are held where digits end. Nearer to 1 in size than that (a share of 5e-8 of a
 * residual's variance left by the others of its group, 1e-12 of `ar1`, `car1` and `cs`) a density cannot be computed
 * and counts as 0. A posterior with mass beyond leaves draws piled up before it: sds of differences of rows are then
 * too large, whatever R-hat says. One that ends before it has next to none within half of it.
 */
export function heldCorrelations(fit: Fit): Finding[] {
  const groups = fit.design.residual?.groups;
  if (!groups) return [];
  const model = residualModel(fit.design);
  const placeAt = residualDraws(fit, model);
  const count = drawCount(fit);
  const step = Math.max(1, Math.floor(count / DRAWS));
  let near = 0;
  let looked = 0;
  for (let s = 0; s < count; s += step) {
    looked += 1;
    // What is recorded is rounded, so that the last draws before the end may be beyond it.
    if (!model.at(placeAt(s).coordinates) || model.correlation.room < NEAR) near += 1;
  }
  if (near < MOST * looked) return [];
  const share = near === looked ? 'all' : `${number(Math.round((1000 * near) / looked) / 10)}%`;
  const nearer = groups.structure === 'toeplitz' || groups.structure === 'unstructured';
  const remedy = `take differences of the rows of ${groups.factor} for a response${nearer ? ', or ar1, car1 or cs, which go nearer to 1' : ''}`;
  const message = `${groups.structure} within ${groups.factor}: in ${share} of the draws residuals of one ${groups.factor} determine each other as far as digits go, and beyond that nothing can be drawn, so that the draws are held there and what differs within ${groups.factor} looks less certain than it is; ${remedy}`;
  return [
    {
      variable: correlationName(groups.structure) ?? 'rho',
      code: 'heldCorrelation',
      severity: 'problem',
      message,
      value: near / looked,
      threshold: MOST,
    },
  ];
}
