import { Z75, Z95 } from '../../../special/normalPoints.ts';
import { type DeviationSummary, deviationSummary } from '../../../summary/deviationSummary.ts';
import { drawSummary } from '../../../summary/drawSummary.ts';
import { likelihoodCoefficient } from '../../../summary/estimates.ts';
import { drawCount, groupDraws } from '../../../summary/groupDraws.ts';
import { jointCovariance } from '../../../summary/jointCovariance.ts';
import type { ModelFit } from '../../../summary/modelFit.ts';

/** Mean (or estimate) and central 50% and 90% intervals. */
export interface Estimate {
  readonly mean: number;
  readonly sd: number;
  readonly q5: number;
  readonly q25: number;
  readonly q75: number;
  readonly q95: number;
}

/**
 * Every group's deviation u_jk or coefficient b_jk, from its draws or the summary that was kept of them; of a maximum
 * likelihood fit, estimate and sd of the prediction
 * error with normal intervals.
 */
export function groupEstimates(fit: ModelFit, f: number, k: number, what: 'deviation' | 'coefficient'): Estimate[] {
  const { J, q } = fit.design.groupTerms[f]!;
  if (fit.kind === 'mcmc') {
    const summary = deviationSummary(fit, f);
    if (summary !== null) return Array.from({ length: J }, (_, j) => ofSummary(summary[what](j, k, PROBS)));
    const draws = groupDraws(fit, f);
    const b = new Float64Array(drawCount(fit));
    return Array.from({ length: J }, (_, j) => {
      if (what === 'coefficient') draws.coefficient(j, k, b);
      return estimateOf(what === 'coefficient' ? b : draws.u(j, k));
    });
  }
  const joint = what === 'coefficient' ? jointCovariance(fit) : null;
  const { modes, conditionalCov } = fit.groups[f]!;
  return Array.from({ length: J }, (_, j) => {
    if (joint) {
      const { estimate, sd } = likelihoodCoefficient(fit, joint, f, j, k);
      return normal(estimate, sd);
    }
    return normal(modes[j * q + k]!, Math.sqrt(conditionalCov[(j * q + k) * q + k]!));
  });
}

function normal(mean: number, sd: number): Estimate {
  return { mean, sd, q5: mean - Z95 * sd, q25: mean - Z75 * sd, q75: mean + Z75 * sd, q95: mean + Z95 * sd };
}

const PROBS = [0.05, 0.25, 0.75, 0.95];

/** The estimate that draws make. */
export function estimateOf(draws: Float64Array): Estimate {
  return ofSummary(drawSummary(draws, PROBS));
}

function ofSummary({ mean, sd, quantiles }: ReturnType<DeviationSummary['deviation']>): Estimate {
  return { mean, sd, q5: quantiles[0]!, q25: quantiles[1]!, q75: quantiles[2]!, q95: quantiles[3]! };
}
