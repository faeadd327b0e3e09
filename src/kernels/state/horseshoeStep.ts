import { exp, log, log1p } from '../../elementary.ts';
import { type Horseshoe, horseshoeVariance } from '../../priors/horseshoe.ts';
import { slice } from '../../proposals/slice.ts';
import type { Rng } from '../../random/rng.ts';

/** First brackets of the logs of scales. */
const WIDTH = 2;

/**
 * Draws the scales of one horseshoe given its coefficients and fills in their variances: `scales` from `at` on has log
 * tau, log c^2 and log lambda of each column; `x` and `variances` are of all coefficients. In turn by slice sampling:
 * log lambda_j one by one; log tau; log tau with every tau lambda_j kept, so that the two need not creep behind each
 * other; log c^2. In logs the half-Cauchy of a scale s is proportional to s / (1 + s^2). Allocates nothing.
 */
export function horseshoeStep({
  prior,
  columns,
}: Horseshoe): (x: Float64Array, scales: Float64Array, at: number, variances: Float64Array, rng: Rng) => void {
  const m = columns.length;
  const { globalScale, slabDf, slabScale } = prior;
  const square = new Float64Array(m);
  const lambda = new Float64Array(m);
  let tau = 1;
  let c2 = 1;
  let own = 0;
  const logNormal = (j: number, tauLambda: number, slab: number): number => {
    const v = horseshoeVariance(prior, tauLambda, slab);
    return -0.5 * (log(v) + square[j]! / v);
  };
  const logHalfCauchy = (t: number): number => t - log1p(exp(2 * t));
  const ofLambda = (t: number): number => logNormal(own, tau * exp(t), c2) + logHalfCauchy(t);
  const ofTau = (t: number): number => {
    const value = exp(t);
    let sum = logHalfCauchy(t - log(globalScale));
    for (let j = 0; j < m; j += 1) sum += logNormal(j, value * lambda[j]!, c2);
    return sum;
  };
  /** Of the log of tau over tau as it is. */
  const ofShift = (t: number): number => {
    let sum = logHalfCauchy(log(tau / globalScale) + t);
    for (let j = 0; j < m; j += 1) sum += logHalfCauchy(log(lambda[j]!) - t);
    return sum;
  };
  const ofSlab = (t: number): number => {
    const value = exp(t);
    let sum = -0.5 * slabDf * (t + (slabScale * slabScale) / value);
    for (let j = 0; j < m; j += 1) sum += logNormal(j, tau * lambda[j]!, value);
    return sum;
  };
  return (x, scales, at, variances, rng) => {
    for (let j = 0; j < m; j += 1) square[j] = x[columns[j]!]! * x[columns[j]!]!;
    tau = exp(scales[at]!);
    c2 = exp(scales[at + 1]!);
    for (own = 0; own < m; own += 1) {
      scales[at + 2 + own] = slice(ofLambda, scales[at + 2 + own]!, WIDTH, rng);
      lambda[own] = exp(scales[at + 2 + own]!);
    }
    scales[at] = slice(ofTau, scales[at]!, WIDTH, rng);
    tau = exp(scales[at]!);
    const shift = slice(ofShift, 0, WIDTH, rng);
    scales[at] = scales[at]! + shift;
    tau = exp(scales[at]!);
    for (let j = 0; j < m; j += 1) {
      scales[at + 2 + j] = scales[at + 2 + j]! - shift;
      lambda[j] = exp(scales[at + 2 + j]!);
    }
    scales[at + 1] = slice(ofSlab, scales[at + 1]!, WIDTH, rng);
    c2 = exp(scales[at + 1]!);
    for (let j = 0; j < m; j += 1) variances[columns[j]!] = horseshoeVariance(prior, tau * lambda[j]!, c2);
  };
}
