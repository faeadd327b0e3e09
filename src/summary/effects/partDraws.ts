import { averagedMean } from '../../families/averagedMean.ts';
import { familyOf } from '../../families/familyOf.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { groupCovariance, groupVariances } from '../groupCovariance.ts';
import { betaDraws, drawCount, groupDraws } from '../groupDraws.ts';
import { linearPredictor, type PredictorRows } from '../prediction/linearPredictor.ts';
import type { EffectPoints, PointColumns } from './effectPoints.ts';
import { type EffectGroups, linearParts, type PartCombination } from './pointSums.ts';

/**
 * The draws of every part, parts x S row-major: in each draw the means (or slopes) of its points are added up with
 * their weights, so that nothing is taken at a mean of draws. `linear`: the mean is the linear predictor itself. With
 * groups 'new' the deviations are integrated out in each draw (`averagedMean`); the slope by x is then G' d eta / dx +
 * G'' z' Sigma dz / dx, G'' / 2 being the derivative of G by the variance.
 */
export function partDraws(
  fit: Fit,
  points: EffectPoints,
  parts: number,
  groups: EffectGroups,
  linear: boolean,
): Float64Array {
  const S = drawCount(fit);
  const out = new Float64Array(parts * S);
  if (linear) {
    linearParts(fit.design, points, parts).forEach((part, a) => {
      addCombination(fit, part, out.subarray(a * S, (a + 1) * S));
    });
    return out;
  }
  const family = familyOf(fit.design);
  const eta = linearPredictor(fit, pointRows(fit, points, points.at));
  const slope = points.slope && linearPredictor(fit, pointRows(fit, points, points.slope));
  const values = new Float64Array(S);
  const steps = new Float64Array(S);
  const none = new Float64Array(S);
  const spread = groups === 'new' ? pointSpread(fit, points) : null;
  const averaged = averagedMean(family.link);
  const three = new Float64Array(3);
  for (let i = 0; i < points.n; i++) {
    const start = points.part[i]! * S;
    const weight = points.weight[i]!;
    eta(i, values);
    if (slope === null && spread === null) {
      for (let s = 0; s < S; s++) out[start + s]! += weight * family.mean(values[s]!);
      continue;
    }
    const { variance, change } = spread?.(i) ?? { variance: none, change: none };
    if (slope === null) {
      for (let s = 0; s < S; s++) out[start + s]! += weight * averaged.mean(values[s]!, variance[s]!);
      continue;
    }
    slope(i, steps);
    for (let s = 0; s < S; s++) {
      averaged.derivatives(values[s]!, variance[s]!, three);
      out[start + s]! += weight * (three[0]! * steps[s]! + three[1]! * change[s]!);
    }
  }
  return out;
}

function pointRows(fit: Fit, points: EffectPoints, { X, offset, Z }: PointColumns): PredictorRows {
  const terms = fit.design.groupTerms.map(({ q }, f) => {
    const index = points.index[f]!;
    const draws = groupDraws(fit, f);
    return { q, Z: Z[f]!, u: (i: number, k: number) => (index[i]! < 0 ? null : draws.u(index[i]!, k)) };
  });
  return { X, offset, terms };
}

/** Adds offset + x'beta + the weighted deviations to S draws. */
function addCombination(fit: Fit, { offset, x, deviations }: PartCombination, out: Float64Array): void {
  const add = (weight: number, draws: Float64Array): void => {
    for (let s = 0; s < out.length; s++) out[s]! += weight * draws[s]!;
  };
  for (let s = 0; s < out.length; s++) out[s]! += offset;
  x.forEach((weight, c) => {
    if (weight !== 0) add(weight, betaDraws(fit, c));
  });
  deviations.forEach((weights, f) => {
    const { q } = fit.design.groupTerms[f]!;
    const draws = groupDraws(fit, f);
    for (const [at, weight] of weights) add(weight, draws.u(Math.floor(at / q), at % q));
  });
}

/** Distinct rows of Z whose variances are held at a time. */
const HELD = 256;

/** The draws of sum over f of z' Sigma_f z at point i, and of z' Sigma_f dz where there are slopes. */
function pointSpread(
  fit: Fit,
  { at, slope }: EffectPoints,
): (i: number) => { readonly variance: Float64Array; readonly change: Float64Array } {
  const { groupTerms } = fit.design;
  const known = new Map<string, { readonly variance: Float64Array; readonly change: Float64Array }>();
  const S = drawCount(fit);
  return (i) => {
    const z = groupTerms.map(({ q }, f) => at.Z[f]!.subarray(i * q, (i + 1) * q));
    const dz = slope ? groupTerms.map(({ q }, f) => slope.Z[f]!.subarray(i * q, (i + 1) * q)) : [];
    const key = [...z, ...dz].map((values) => values.join(',')).join(';');
    const held = known.get(key);
    if (held) return held;
    const variance = new Float64Array(S);
    const change = new Float64Array(S);
    groupTerms.forEach((_, f) => {
      groupVariances(fit, f, z[f]!).forEach((value, s) => {
        variance[s]! += value;
      });
      const step = dz[f];
      if (step?.some((value) => value !== 0))
        groupCovariance(fit, f, z[f]!, step).forEach((value, s) => {
          change[s]! += value;
        });
    });
    if (known.size >= HELD) known.clear();
    known.set(key, { variance, change });
    return { variance, change };
  };
}

/** How many logistic means at a point the parts of merged points cost in every draw; 0 where they are linear. */
export function partCost(fit: Fit, points: EffectPoints, groups: EffectGroups, linear: boolean): number {
  if (linear) return 0;
  // A logistic mean over normal deviations is a sum of eight normal ones, its slope of eight densities.
  const eight = groups === 'new' && familyOf(fit.design).link === 'logit';
  return points.n * (points.slope ? (eight ? 8 : 2) : eight ? 24 : 1);
}
