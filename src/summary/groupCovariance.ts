import { drawCount, groupDraws } from './groupDraws.ts';
import type { ModelFit } from './modelFit.ts';

/**
 * a' Sigma_f b in every draw, or at the estimates (length 1): the covariance that group term `f` gives two rows of one
 * group whose varying columns are a and b (length q).
 */
export function groupCovariance(fit: ModelFit, f: number, a: ArrayLike<number>, b: ArrayLike<number>): Float64Array {
  const q = a.length;
  if (fit.kind === 'maximumLikelihood') {
    const { Sigma } = fit.groups[f]!;
    let sum = 0;
    for (let k = 0; k < q; k++) for (let l = 0; l < q; l++) sum += a[k]! * b[l]! * Sigma[k * q + l]!;
    return Float64Array.of(sum);
  }
  const draws = groupDraws(fit, f);
  const sum = new Float64Array(drawCount(fit));
  for (let k = 0; k < q; k++) {
    const weight = a[k]! * b[k]!;
    if (weight === 0) continue;
    draws.tau(k).forEach((tau, s) => {
      sum[s]! += weight * tau * tau;
    });
  }
  draws.pairs.forEach(({ first, second }, pair) => {
    const weight = a[first]! * b[second]! + a[second]! * b[first]!;
    if (weight === 0) return;
    const [one, other] = [draws.tau(first), draws.tau(second)];
    draws.corr(pair).forEach((corr, s) => {
      sum[s]! += weight * corr * one[s]! * other[s]!;
    });
  });
  return sum;
}

/** z' Sigma_f z in every draw, or at the estimates (length 1). */
export function groupVariances(fit: ModelFit, f: number, z: ArrayLike<number>): Float64Array {
  // Rounding may leave less than nothing of two slopes that cancel.
  return groupCovariance(fit, f, z, z).map((value) => Math.max(0, value));
}
