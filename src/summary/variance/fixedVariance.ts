import type { Design } from '../../design/design.ts';
import { rowCounts } from '../../products/rowCounts.ts';
import { groupCovariance } from '../groupCovariance.ts';
import { betaDraws, drawCount } from '../groupDraws.ts';
import type { ModelFit } from '../modelFit.ts';

/**
 * The variance over the rows (denominator n - 1) of offset + X beta in every draw, or at the estimates (length 1):
 * beta' C beta, C the covariance matrix of the columns over the rows.
 */
export function fixedVariance(fit: ModelFit): Float64Array {
  const { p } = fit.design;
  const width = p + 1;
  const C = columnCovariance(fit.design);
  const count = fit.kind === 'mcmc' ? drawCount(fit) : 1;
  const ones = new Float64Array(count).fill(1);
  const beta = Array.from({ length: width }, (_, c) => {
    if (c === p) return ones;
    return fit.kind === 'mcmc' ? betaDraws(fit, c) : Float64Array.of(fit.fixef.estimates[c]!);
  });
  const out = new Float64Array(count);
  for (let a = 0; a < width; a++) {
    for (let b = 0; b <= a; b++) {
      const weight = (a === b ? 1 : 2) * C[a * width + b]!;
      if (weight === 0) continue;
      for (let s = 0; s < count; s++) out[s]! += weight * beta[a]![s]! * beta[b]![s]!;
    }
  }
  return out.map((value) => Math.max(0, value));
}

/** The covariances of the columns of X, and of the offset as the last, over the rows of the data. */
function columnCovariance(design: Design): Float64Array {
  const { n, p, X, response } = design;
  const counts = rowCounts(design);
  const width = p + 1;
  const mean = new Float64Array(width);
  const C = new Float64Array(width * width);
  const off = new Float64Array(width);
  let total = 0;
  for (let i = 0; i < n; i++) {
    const count = counts ? counts[i]! : 1;
    if (!(count > 0)) continue;
    const before = total;
    total += count;
    for (let c = 0; c < width; c++) {
      off[c] = (c < p ? X[i * p + c]! : (response.offset?.[i] ?? 0)) - mean[c]!;
      mean[c]! += (count / total) * off[c]!;
    }
    // Welford's update of the cross-products about the means.
    const weight = (count * before) / total;
    for (let a = 0; a < width; a++) for (let b = 0; b <= a; b++) C[a * width + b]! += weight * off[a]! * off[b]!;
  }
  return C.map((value) => value / (total - 1));
}

/**
 * The mean over the rows of z' Sigma_f z in every draw, or at the estimates: trace(Sigma_f M), M the mean of z z'
 * (Johnson 2014, equation 11).
 */
export function meanGroupVariance(fit: ModelFit, f: number): Float64Array {
  const { n, groupTerms } = fit.design;
  const { q, Z } = groupTerms[f]!;
  const counts = rowCounts(fit.design);
  const M = new Float64Array(q * q);
  let total = 0;
  for (let i = 0; i < n; i++) {
    const count = counts ? counts[i]! : 1;
    total += count;
    for (let k = 0; k < q; k++) for (let l = 0; l < q; l++) M[k * q + l]! += count * Z[i * q + k]! * Z[i * q + l]!;
  }
  const out = new Float64Array(fit.kind === 'mcmc' ? drawCount(fit) : 1);
  const unit = (k: number): number[] => Array.from({ length: q }, (_, l) => (l === k ? 1 : 0));
  for (let k = 0; k < q; k++) {
    for (let l = 0; l <= k; l++) {
      const weight = ((k === l ? 1 : 2) * M[k * q + l]!) / total;
      groupCovariance(fit, f, unit(k), unit(l)).forEach((value, s) => {
        out[s]! += weight * value;
      });
    }
  }
  return out.map((value) => Math.max(0, value));
}
