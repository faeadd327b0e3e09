import { averagedMean } from '../../families/averagedMean.ts';
import { familyOf } from '../../families/familyOf.ts';
import { satterthwaite } from '../../likelihood/inference/satterthwaite.ts';
import type { MaximumLikelihoodFit } from '../../likelihood/maximumLikelihoodFit.ts';
import { quadraticForm } from '../../linalg/smallMatrix.ts';
import { groupCovariance, groupVariances } from '../groupCovariance.ts';
import { jointCovariance, type WeightedDeviation } from '../jointCovariance.ts';
import type { EffectPoints } from './effectPoints.ts';
import { addPoint, type EffectGroups, emptyCombination, linearParts, type PartCombination } from './pointSums.ts';

/** A part at the estimates, and its gradient by (beta, u). */
export interface PartEstimate {
  readonly estimate: number;
  readonly gradient: PartCombination;
}

/**
 * Every part at the estimates with its exact gradient by the coefficients and deviations. `linear` and groups as
 * `partDraws` has them; the covariances stand at their estimates.
 */
export function partEstimates(
  fit: MaximumLikelihoodFit,
  points: EffectPoints,
  parts: number,
  groups: EffectGroups,
  linear: boolean,
): PartEstimate[] {
  const { design } = fit;
  if (linear) {
    return linearParts(design, points, parts).map((gradient) => ({ gradient, estimate: estimateOf(fit, gradient) }));
  }
  const averaged = averagedMean(familyOf(design).link);
  const out = Array.from({ length: parts }, () => ({ estimate: 0, gradient: emptyCombination(design) }));
  const three = new Float64Array(3);
  const { groupTerms } = design;
  for (let i = 0; i < points.n; i++) {
    const part = out[points.part[i]!]!;
    const weight = points.weight[i]!;
    const point = emptyCombination(design);
    addPoint(design, points, 'at', i, 1, point);
    let variance = 0;
    let change = 0;
    if (groups === 'new') {
      groupTerms.forEach(({ q }, f) => {
        const z = points.at.Z[f]!.subarray(i * q, (i + 1) * q);
        variance += groupVariances(fit, f, z)[0]!;
        if (points.slope) change += groupCovariance(fit, f, z, points.slope.Z[f]!.subarray(i * q, (i + 1) * q))[0]!;
      });
    }
    const eta = estimateOf(fit, point);
    averaged.derivatives(eta, variance, three);
    if (!points.slope) {
      part.estimate += weight * averaged.mean(eta, variance);
      addPoint(design, points, 'at', i, weight * three[0]!, part.gradient);
      continue;
    }
    const step = emptyCombination(design);
    addPoint(design, points, 'slope', i, 1, step);
    const rise = estimateOf(fit, step);
    part.estimate += weight * (three[0]! * rise + three[1]! * change);
    addPoint(design, points, 'at', i, weight * (three[1]! * rise + three[2]! * change), part.gradient);
    addPoint(design, points, 'slope', i, weight * three[0]!, part.gradient);
  }
  return out;
}

/** offset + x'beta + the weighted deviations at the estimates. */
function estimateOf(fit: MaximumLikelihoodFit, { offset, x, deviations }: PartCombination): number {
  let sum = offset;
  for (let c = 0; c < x.length; c++) sum += x[c]! * fit.fixef.estimates[c]!;
  deviations.forEach((weights, f) => {
    for (const [at, weight] of weights) sum += weight * fit.groups[f]!.modes[at]!;
  });
  return sum;
}

/** The difference of two parts. */
export function partDifference(to: PartEstimate, from: PartEstimate): PartEstimate {
  return {
    estimate: to.estimate - from.estimate,
    gradient: {
      offset: 0,
      x: to.gradient.x.map((value, c) => value - from.gradient.x[c]!),
      deviations: to.gradient.deviations.map((weights, f) => {
        const out = new Map(weights);
        for (const [at, weight] of from.gradient.deviations[f]!) out.set(at, (out.get(at) ?? 0) - weight);
        return out;
      }),
    },
  };
}

/** Standard errors by the delta method, and the degrees of freedom of t: Infinity is the normal. */
export interface PartErrors {
  readonly se: number;
  readonly df: number;
}

/**
 * se = sqrt(g' V g), V the covariance of beta, or of (u, beta) where deviations take part (Robinson 1991, equation
 * 5.3); df by Satterthwaite where the part is a linear combination of coefficients.
 */
export function partErrors(fit: MaximumLikelihoodFit, parts: readonly PartEstimate[], linear: boolean): PartErrors[] {
  const deviations = parts.map(({ gradient }) =>
    gradient.deviations.flatMap((weights, f): WeightedDeviation[] => {
      const { q } = fit.groups[f]!;
      return [...weights].map(([at, weight]) => ({ f, j: Math.floor(at / q), k: at % q, weight }));
    }),
  );
  const alone = deviations.every((own) => own.length === 0);
  const xs = parts.map(({ gradient }) => gradient.x);
  const dfs = linear && alone ? satterthwaite(fit, xs) : null;
  const joint = alone ? null : jointCovariance(fit);
  return xs.map((x, a) => ({
    se: joint ? joint.sdOf(deviations[a]!, x) : Math.sqrt(Math.max(0, quadraticForm(fit.fixef.vcov, x))),
    df: dfs ? dfs[a]! : Number.POSITIVE_INFINITY,
  }));
}
