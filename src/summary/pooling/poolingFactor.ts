import { deviationSummary } from '../deviationSummary.ts';
import { drawCount, groupDraws } from '../groupDraws.ts';
import type { ModelFit } from '../modelFit.ts';

/**
 * Pooling factor of varying term k of group term number f (Gelman & Pardoe 2006, eq. 5): 1 - var_j(E u_jk) / E(var_j
 * u_jk), variances over the J groups, expectations over the posterior; 1 is complete pooling, 0 none. Null for a single
 * group.
 *
 * Of a maximum likelihood fit: expectations given beta and the estimated covariances, E(var_j u_jk) = var_j(mode_jk) +
 * mean_j condVar_jk (the covariance between groups, which several factors bring, is left out); 1 where tau_k is 0.
 */
export function poolingFactor(fit: ModelFit, f: number, k: number): number | null {
  const { J, q } = fit.design.groupTerms[f]!;
  if (J < 2) return null;
  if (fit.kind === 'maximumLikelihood') {
    const { modes, conditionalCov } = fit.groups[f]!;
    const between = variance(Float64Array.from({ length: J }, (_, j) => modes[j * q + k]!));
    let within = 0;
    for (let j = 0; j < J; j++) within += conditionalCov[(j * q + k) * q + k]! / J;
    return between + within > 0 ? within / (between + within) : 1;
  }
  const kept = deviationSummary(fit, f);
  if (kept) {
    const expected = kept.betweenGroups(k);
    const means = Float64Array.from({ length: J }, (_, j) => kept.deviation(j, k, []).mean);
    return expected > 0 ? 1 - variance(means) / expected : 1;
  }
  const draws = groupDraws(fit, f);
  const S = drawCount(fit);
  const sum = new Float64Array(S);
  const squares = new Float64Array(S);
  const means = new Float64Array(J);
  for (let j = 0; j < J; j++) {
    const u = draws.u(j, k);
    let total = 0;
    for (let s = 0; s < S; s++) {
      const value = u[s]!;
      total += value;
      sum[s]! += value;
      squares[s]! += value * value;
    }
    means[j] = total / S;
  }
  let expected = 0;
  for (let s = 0; s < S; s++) expected += (squares[s]! - (sum[s]! * sum[s]!) / J) / (J - 1) / S;
  return expected > 0 ? 1 - variance(means) / expected : 1;
}

function variance(values: Float64Array): number {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let sum = 0;
  for (const value of values) sum += (value - mean) * (value - mean);
  return sum / (values.length - 1);
}
