import { log } from '../elementary.ts';
import { invertLower } from '../linalg/cholesky.ts';
import { transformedFactor } from '../linalg/transformedFactor.ts';
import { logScaleDensity, type MappedPrior, type MovingPrior } from './priors.ts';

/**
 * Log prior density of a covariance block Sigma = diag(tau) R diag(tau) with respect to d tau d R (the correlations
 * below the diagonal), up to a constant. `tau` starts at `offset` (sds), `L` is the lower Cholesky factor of R (size x
 * size, row-major).
 *
 * - separation: sum_k log p(tau_k) + (eta - 1) log |R|.
 * - halfTCov (Huang & Wand 2013, eq. 2 with the auxiliaries integrated out):
 *   -(df + 2 q)/2 log |R| - (df + q)/2 sum_k log(df [R^-1]_kk + tau_k^2 / scale_k^2).
 * - inverseWishart: -(df + q + 1)/2 log |Sigma| - tr(scale Sigma^-1)/2, and the Jacobian q sum_k log tau_k.
 * - mapped: the density of T Sigma T', and q sum_k (log tau_k - log of the sds of T Sigma T'), from d Sigma = 2^q prod
 *   tau_k^q d tau d R on both sides.
 *
 * Returns a function that owns its workspace: the call allocates nothing.
 */
export function covarianceDensity(
  prior: MovingPrior,
  size: number,
): (tau: Float64Array, offset: number, L: Float64Array) => number {
  if (prior.kind === 'separation') {
    return (tau, offset, L) => {
      let sum = 0;
      for (let k = 0; k < size; k += 1) sum += logScaleDensity(prior.tau[k]!, tau[offset + k]!);
      if (prior.eta !== 1) {
        let product = 1;
        for (let k = 0; k < size; k += 1) product *= L[k * size + k]!;
        sum += 2 * (prior.eta - 1) * log(product);
      }
      return sum;
    };
  }
  if (prior.kind === 'mapped') return mappedDensity(prior);
  const inverse = new Float64Array(size * size);
  if (prior.kind === 'halfTCov') {
    const { df, scale } = prior;
    return (tau, offset, L) => {
      invertLower(L, size, inverse);
      let logDiagonal = 0;
      let sum = 0;
      for (let k = 0; k < size; k += 1) {
        logDiagonal += log(L[k * size + k]!);
        let precision = 0;
        for (let i = k; i < size; i += 1) precision += inverse[i * size + k]! * inverse[i * size + k]!;
        const ratio = tau[offset + k]! / scale[k]!;
        sum -= 0.5 * (df + size) * log(df * precision + ratio * ratio);
      }
      return sum - (df + 2 * size) * logDiagonal;
    };
  }
  const { df, scale } = prior;
  return (tau, offset, L) => {
    invertLower(L, size, inverse);
    let logDeterminant = 0;
    let logTau = 0;
    let trace = 0;
    for (let k = 0; k < size; k += 1) {
      const t = log(tau[offset + k]!);
      logTau += t;
      logDeterminant += 2 * (t + log(L[k * size + k]!));
    }
    for (let a = 0; a < size; a += 1) {
      for (let b = 0; b < size; b += 1) {
        let precision = 0;
        for (let i = Math.max(a, b); i < size; i += 1) precision += inverse[i * size + a]! * inverse[i * size + b]!;
        trace += (scale[a * size + b]! * precision) / (tau[offset + a]! * tau[offset + b]!);
      }
    }
    return -0.5 * (df + size + 1) * logDeterminant - 0.5 * trace + size * logTau;
  };
}

function mappedDensity({ of, size, T }: MappedPrior): (tau: Float64Array, offset: number, L: Float64Array) => number {
  const density = covarianceDensity(of, size);
  const factor = new Float64Array(size * size);
  const sds = new Float64Array(size);
  return (tau, offset, L) => {
    transformedFactor(T, size, tau, offset, L, sds, factor);
    let logRatio = 0;
    for (let k = 0; k < size; k += 1) {
      if (!(sds[k]! > 0)) return -Infinity;
      logRatio += log(tau[offset + k]! / sds[k]!);
    }
    return density(sds, 0, factor) + size * logRatio;
  };
}
