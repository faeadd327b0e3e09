import { averagedMean } from '../../families/averagedMean.ts';
import { familyOf } from '../../families/familyOf.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { betaDraws, drawCount, groupDraws } from '../groupDraws.ts';
import { linearPredictor, type PredictorRows } from '../prediction/linearPredictor.ts';
import { type Spread, spreadDraws } from '../spreadDraws.ts';
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
    return { group: index, q, Z: Z[f]!, u: (i: number, k: number) => (index[i]! < 0 ? null : draws.u(index[i]!, k)) };
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

/** The draws of sum over f of z' Sigma_f z at point i, and of z' Sigma_f dz where there are slopes. */
function pointSpread(fit: Fit, { at, slope }: EffectPoints): (i: number) => Spread {
  const spread = spreadDraws(fit);
  const row = ({ Z }: PointColumns, i: number): Float64Array[] =>
    fit.design.groupTerms.map(({ q }, f) => Z[f]!.subarray(i * q, (i + 1) * q));
  return (i) => spread(row(at, i), slope ? row(slope, i) : []);
}

/** How many logistic means at a point the parts of merged points cost in every draw; 0 where they are linear. */
export function partCost(fit: Fit, points: EffectPoints, groups: EffectGroups, linear: boolean): number {
  if (linear) return 0;
  // A logistic mean over normal deviations is a sum of eight normal ones, its slope of eight densities.
  const eight = groups === 'new' && familyOf(fit.design).link === 'logit';
  return points.n * (points.slope ? (eight ? 8 : 2) : eight ? 24 : 1);
}
