import type { Design } from '../../design/design.ts';
import { estimatedParameter } from '../../families/ownParameter.ts';
import { conditionalMode } from '../../laplace/mode.ts';
import { workingPredictor } from '../../laplace/workingPredictor.ts';
import type { MovingPriors } from '../../priors/priors.ts';
import { withThresholds } from '../../priors/thresholdPrior.ts';
import { workingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import { cells } from '../../products/cells.ts';
import { cellRows, familyRows } from '../../products/familyRows.ts';
import { thresholdRows } from '../../products/thresholdRows.ts';
import { covarianceCoordinates } from '../marginal/covarianceCoordinates.ts';
import { toWorkingFactor } from '../state/relativeFactor.ts';
import { logOwnPrior } from './ownAxis.ts';

/**
 * The log posterior density of the covariances phi of a model without sigma, and of the logarithm of the family's own
 * parameter where it is estimated, with u and beta integrated out by
 * Laplace's method (Tierney & Kadane 1986) with the observed curvature, up to a constant: log p(y | e^, beta^) -
 * |e^|^2 / 2 + log p(beta^) - log |M| / 2 + log p(phi). Newton's method from the mode of the last evaluation, or
 * from 0 where that fails, takes a few steps. -Infinity where there is no mode.
 */
export function laplaceHeight(design: Design, priors: MovingPriors): (phi: Float64Array, own?: number) => number {
  const merging = cells(design);
  const { design: merged, start } = thresholdRows(merging.design);
  const rows = start.length > 0 ? familyRows(merged) : cellRows(design, merging);
  const precision = rows.size.map((size, i) => size * rows.copies[i]!);
  const predictor = workingPredictor(merged, precision, true);
  const prior = workingCoefficientPrior(
    { ...predictor, reference: new Float64Array(predictor.size) },
    withThresholds(priors.beta, priors.threshold, start),
  );
  const mode = conditionalMode(predictor, rows, prior);
  const place = covarianceCoordinates(merged.groupTerms, priors.groups, null);
  const base = merged.response.offset ?? new Float64Array(merged.n);
  const parameter = estimatedParameter(merged);
  const ownPrior = parameter && priors[parameter];
  return (phi, own) => {
    let jacobian = place.moveTo(phi);
    if (parameter && ownPrior && own !== undefined) {
      rows.own = own;
      jacobian += logOwnPrior({ parameter, prior: ownPrior }, own);
    }
    if (!(jacobian > -Infinity)) return -Infinity;
    for (let f = 0; f < mode.Lambda.length; f += 1) {
      toWorkingFactor(predictor.coordinates.groups[f]!, place.relative[f]!, mode.Lambda[f]!);
    }
    // Where the last mode is too far for Newton's steps they begin at 0.
    if (!mode.find(base)) {
      mode.e.fill(0);
      if (!mode.find(base)) {
        mode.e.fill(0);
        return -Infinity;
      }
    }
    const value = mode.logLik() - 0.5 * (mode.penalty() + mode.curvature.logDet()) + jacobian + place.logPriors(1);
    return Number.isFinite(value) ? value : -Infinity;
  };
}
