import { averagedMean } from '../../families/averagedMean.ts';
import { familyOf } from '../../families/familyOf.ts';
import type { MaximumLikelihoodFit } from '../../likelihood/maximumLikelihoodFit.ts';
import { quadratic } from '../comparison/deltaMethod.ts';
import { jointCovariance, type WeightedDeviation } from '../jointCovariance.ts';
import type { PopulationParts } from './populationParts.ts';
import type { MatchedRows } from './rowsToPredict.ts';

/** A sum of weighted means of cells at the estimates, and its standard error. */
export interface PartSum {
  readonly estimate: number;
  readonly se: number;
}

/** Weights of the deviations u_jk of one factor by j q + k. */
type Weights = Map<number, number>;

/**
 * Each part's sum of weight_c mu_c over its cells at the estimates of a maximum likelihood fit, mu_c = g(eta_c) with
 * the modes of the groups. Where `drawn`, the mean over deviations from N(0, Sigma) stands for groups that the fit has
 * not. The standard error is by the delta method, g' V g with V the joint covariance of coefficients and modes
 * (Robinson 1991, equation 5.3), plus the variance of such a new group's deviation, which all its cells share. The
 * covariances stand at their estimates.
 */
export function partSums(
  fit: MaximumLikelihoodFit,
  { design: cells }: MatchedRows,
  { counted, index, people }: PopulationParts,
  weight: (cell: number) => number,
  drawn: boolean,
): PartSum[] {
  const { p, groupTerms } = fit.design;
  const averaged = averagedMean(familyOf(fit.design).link);
  const joint = jointCovariance(fit);
  const sums = Array.from(people, () => ({
    estimate: 0,
    x: new Float64Array(p),
    known: groupTerms.map((): Weights => new Map()),
    fresh: groupTerms.map((): Weights => new Map()),
  }));
  const derivatives = new Float64Array(3);
  for (const i of counted) {
    const sum = sums[index[i]!]!;
    let eta = cells.offset ? cells.offset[i]! : 0;
    let variance = 0;
    for (let c = 0; c < p; c++) eta += cells.X[i * p + c]! * fit.fixef.estimates[c]!;
    groupTerms.forEach(({ q }, f) => {
      const { modes, Sigma } = fit.groups[f]!;
      const j = cells.terms[f]!.index[i]!;
      const z = cells.terms[f]!.Z.subarray(i * q, (i + 1) * q);
      if (j >= 0) for (let k = 0; k < q; k++) eta += z[k]! * modes[j * q + k]!;
      else if (drawn) variance += quadratic(Sigma, z);
    });
    averaged.derivatives(eta, variance, derivatives);
    const size = weight(i);
    sum.estimate += size * averaged.mean(eta, variance);
    const slope = size * derivatives[0]!;
    for (let c = 0; c < p; c++) sum.x[c]! += slope * cells.X[i * p + c]!;
    groupTerms.forEach(({ q }, f) => {
      const term = cells.terms[f]!;
      const j = term.index[i]!;
      if (j < 0 && !drawn) return;
      const own = j >= 0 ? sum.known[f]! : sum.fresh[f]!;
      const level = j >= 0 ? j : term.newIndex[i]!;
      for (let k = 0; k < q; k++) add(own, level * q + k, slope * term.Z[i * q + k]!);
    });
  }
  return sums.map(({ estimate, x, known, fresh }) => {
    const deviations = known.flatMap((weights, f): WeightedDeviation[] => {
      const { q } = groupTerms[f]!;
      return [...weights].map(([at, value]) => ({ f, j: Math.floor(at / q), k: at % q, weight: value }));
    });
    const noise = fresh.reduce((sum, weights, f) => sum + freshVariance(fit.groups[f]!, weights), 0);
    return { estimate, se: Math.hypot(joint.sdOf(deviations, x), Math.sqrt(noise)) };
  });
}

function add(weights: Weights, at: number, value: number): void {
  if (value !== 0) weights.set(at, (weights.get(at) ?? 0) + value);
}

/** The variance of the weighted deviations of new groups, sum_j w_j' Sigma w_j. */
function freshVariance({ Sigma, q }: MaximumLikelihoodFit['groups'][number], weights: Weights): number {
  const levels = new Set(Array.from(weights.keys(), (at) => Math.floor(at / q)));
  let sum = 0;
  for (const j of levels) {
    const w = Float64Array.from({ length: q }, (_, k) => weights.get(j * q + k) ?? 0);
    sum += quadratic(Sigma, w);
  }
  return sum;
}
