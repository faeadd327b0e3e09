import type { Design } from '../../design/design.ts';
import { estimatedParameter } from '../../families/ownParameter.ts';
import { conditionalMode } from '../../laplace/mode.ts';
import { workingPredictor } from '../../laplace/workingPredictor.ts';
import { identity } from '../../linalg/smallMatrix.ts';
import type { CoefficientPriors, MovingPriors } from '../../priors/priors.ts';
import { type SolveGiven, withStandIns } from '../../priors/standIns.ts';
import { withThresholds } from '../../priors/thresholdPrior.ts';
import { workingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import { cells } from '../../products/cells.ts';
import { toUser } from '../../products/coordinates.ts';
import { cellRows, familyRows } from '../../products/familyRows.ts';
import { thresholdRows } from '../../products/thresholdRows.ts';
import { toWorkingFactor } from '../state/relativeFactor.ts';

/** Group-level sds, and the family's own parameter where it is estimated. */
const SD = 0.5;
const OWN = 2;

/** The priors of coefficients with stand-ins for mixtures (`withStandIns`), of a family without sigma. */
export function laplaceStandIns(design: Design, priors: MovingPriors): CoefficientPriors {
  return priors.beta.mixtures ? withStandIns(priors.beta, laplaceGiven(design, priors)) : priors.beta;
}

/**
 * Coefficients of a family without sigma given the variances of their priors: with the deviations at their mode by
 * Newton's method, group-level sds being a half, integrated out by Laplace's.
 */
export function laplaceGiven(design: Design, { beta, threshold }: MovingPriors): SolveGiven {
  const merging = cells(design);
  const { design: merged, start } = thresholdRows(merging.design);
  const rows = start.length > 0 ? familyRows(merged) : cellRows(design, merging);
  if (estimatedParameter(merged)) rows.own = OWN;
  const precision = rows.size.map((size, i) => size * rows.copies[i]!);
  const predictor = workingPredictor(merged, precision, true);
  const reference = new Float64Array(predictor.size);
  const prior = workingCoefficientPrior({ ...predictor, reference }, withThresholds(beta, threshold, start));
  const mode = conditionalMode(predictor, rows, prior);
  merged.groupTerms.forEach(({ q }, f) => {
    toWorkingFactor(predictor.coordinates.groups[f]!, identity(q, SD), mode.Lambda[f]!);
  });
  const base = merged.response.offset ?? new Float64Array(merged.n);
  const all = new Float64Array(predictor.p);
  return (variance, mean) => {
    prior.setVariances!(variance);
    if (!mode.find(base)) {
      mode.e.fill(0);
      if (!mode.find(base)) {
        mode.e.fill(0);
        return -Infinity;
      }
    }
    all.set(mode.x.subarray(predictor.size - predictor.p));
    toUser(predictor.coordinates.beta, all);
    mean.set(all.subarray(start.length));
    const height = mode.logLik() - 0.5 * (mode.penalty() + mode.curvature.logDet());
    return Number.isFinite(height) ? height : -Infinity;
  };
}
