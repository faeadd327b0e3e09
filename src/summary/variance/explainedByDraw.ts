import { averagedMean } from '../../families/averagedMean.ts';
import { familyOf } from '../../families/familyOf.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { equalRows } from '../../products/equalRows.ts';
import { rowCounts } from '../../products/rowCounts.ts';
import { rowSizes } from '../../products/rowSizes.ts';
import { drawCount, ownDraws, sigmaDraws } from '../groupDraws.ts';
import { predictorRows } from '../prediction/fittedRows.ts';
import { linearPredictor } from '../prediction/linearPredictor.ts';
import { spreadDraws } from '../spreadDraws.ts';
import { meanStructuredVariances } from '../structuredVariances.ts';
import { thinnedFit } from '../thinnedFit.ts';

/** Per draw, over the rows of the data: the variance of their means and the mean of their variances. */
export interface Explained {
  readonly fitted: Float64Array;
  readonly residual: Float64Array;
  /** That not all draws were used, where it is so. */
  readonly notes: readonly string[];
}

/**
 * Var_i(mu_i) (denominator n - 1) and the mean of Var(y_i) in every draw. With groups mu_i = E(y_i | beta, u); without
 * them the deviations are integrated out of both, mu_i = E(y_i | beta, Sigma), so that what groups explain is in the
 * variances: of numbers z' Sigma z is added, of successes it is mu (1 - mu), of counts the variance of the mean. Rows
 * count as the 0/1 rows they stand for.
 */
export function explainedByDraw(whole: Fit, withGroups: boolean): Explained {
  const { design } = whole;
  const { n, p, X, response, groupTerms } = design;
  const family = familyOf(design);
  const perTrial = family.kind === 'successes';
  const size = perTrial ? new Float64Array(n).fill(1) : rowSizes(design);
  const counts = rowCounts(design);
  const { index, first } = equalRows(n, [
    { values: X, width: p },
    ...groupTerms.map(({ Z, q }) => ({ values: Z, width: q })),
    ...(withGroups ? groupTerms.map((term) => ({ values: term.index, width: 1 })) : []),
    ...(response.offset ? [{ values: response.offset, width: 1 }] : []),
    { values: size, width: 1 },
  ]);
  // Without groups a mean is a sum of eight, with its variance.
  const { fit, notes } = thinnedFit(whole, first.length, first.length * (withGroups ? 2 : 24));
  const weight = new Float64Array(first.length);
  index.forEach((c, i) => {
    weight[c]! += counts ? counts[i]! : 1;
  });
  const S = drawCount(fit);
  const factors = withGroups ? groupTerms.map((_, f) => f) : [];
  const predictor = linearPredictor(fit, predictorRows(fit, design, factors));
  const sigma = design.residual ? null : sigmaDraws(fit);
  const own = ownDraws(fit);
  const averaged = averagedMean(family.link);
  const eta = new Float64Array(S);
  const mean = new Float64Array(S);
  const squares = new Float64Array(S);
  const residual = new Float64Array(S);
  const spreadAt = spreadDraws(fit);
  const none = new Float64Array(S);
  let total = 0;
  first.forEach((i, c) => {
    const count = weight[c]!;
    const before = total;
    total += count;
    predictor(i, eta);
    const spread = withGroups ? none : spreadAt(groupTerms.map(({ Z, q }) => Z.subarray(i * q, (i + 1) * q))).variance;
    const each = size[i]!;
    const exposed = family.kind === 'counts' ? each : 1;
    for (let s = 0; s < S; s++) {
      const v = spread[s]!;
      const mu = exposed * (v === 0 ? family.mean(eta[s]!) : averaged.mean(eta[s]!, v));
      const off = mu - mean[s]!;
      mean[s]! += (count / total) * off;
      squares[s]! += ((count * before) / total) * off * off;
      const variance = v === 0 ? ownVariance(each, eta[s]!, s) : marginalVariance(mu, v, each, s);
      residual[s]! += (count / total) * (variance - residual[s]!);
    }
  });
  // Residuals that are not independent with one sigma: the mean of their variances is the same at every mean.
  if (design.residual) {
    meanStructuredVariances(fit, true).forEach((value, s) => {
      residual[s]! += value;
    });
  }
  return { fitted: squares.map((value) => value / (total - 1)), residual, notes };

  function ownVariance(each: number, at: number, s: number): number {
    return design.residual ? 0 : family.variance(each, at, sigma?.[s] ?? 1, own?.[s]);
  }

  function marginalVariance(mu: number, v: number, each: number, s: number): number {
    if (family.kind === 'successes') return mu * (1 - mu);
    if (family.kind !== 'counts') return ownVariance(each, 0, s) + v;
    // E mu^2 = (E mu)^2 exp(v), and the variance given mu is mu + c mu^2, c that of the mean 1 less 1.
    const second = mu * mu * Math.exp(v);
    return mu + (family.variance(1, 0, 1, own?.[s]) - 1) * second + second - mu * mu;
  }
}
