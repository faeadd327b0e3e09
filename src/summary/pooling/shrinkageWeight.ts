import type { GroupTerm } from '../../design/design.ts';
import { cholesky, forwardSolve } from '../../linalg/cholesky.ts';
import { correlationFactor } from '../correlationFactor.ts';

/**
 * Covariance parameters of one factor over S draws: tau by column, corr by pair, and the residual sd (null counts as
 * 1).
 */
export interface CovarianceDraws {
  readonly tau: readonly ArrayLike<number>[];
  readonly corr: readonly ArrayLike<number>[];
  readonly sigma: ArrayLike<number> | null;
}

/** Z_j' W Z_j of every group (J x q x q): the same in every draw, or by draw. */
export type GroupInformation = Float64Array | ((draw: number) => Float64Array);

/** The same ratios of one group with two coefficients, added to `sum`: |L^-1 c|^2 without the roots of L. */
function addPair(A: Float64Array, j: number, lambda: Float64Array, C: Float64Array, sum: Float64Array): void {
  const block = 4 * j;
  const l0 = lambda[0]!;
  const l1 = lambda[2]!;
  const l2 = lambda[3]!;
  const a0 = A[block]! * l0 + A[block + 1]! * l1;
  const a1 = A[block + 2]! * l0 + A[block + 3]! * l1;
  const m0 = 1 + l0 * a0 + l1 * a1;
  const share = (l2 * a1) / m0;
  // Rounding may not take it below the 1 of the prior.
  const m1 = Math.max(1, 1 + l2 * A[block + 3]! * l2 - share * l2 * a1);
  const c0 = C[2]!;
  const c1 = C[3]! - share * c0;
  const first = C[0]! * C[0]!;
  sum[2 * j]! += first / m0 + (share * share * first) / m1;
  sum[2 * j + 1]! += (c0 * c0) / m0 + (c1 * c1) / m1;
}

/**
 * Conditional over prior variance of every deviation, J x q, the weight on the population line where one column varies:
 * the mean over draws of V_j[k,k] / Sigma[k,k] with V_j = (Z_j' Omega Z_j + Sigma^-1)^-1, in [0, 1]; 1 for a group
 * without rows.
 *
 * Computed without inverting Sigma: with Lambda = diag(tau) C, R = C C', V_j = Lambda M_j^-1 Lambda' and
 * M_j = Lambda' Z_j' Omega Z_j Lambda + I = L L', the ratio is |L^-1 c_k|^2, c_k row k of C. It is regular at tau = 0
 * (weight 1) and at |corr| = 1. `information` is Z_j' W Z_j (J x q x q), Omega = W / sigma^2. O(S J q^3); every draw is
 * used.
 */
export function shrinkageWeight(term: GroupTerm, information: GroupInformation, draws: CovarianceDraws): Float64Array {
  const { J, q } = term;
  const S = draws.tau[0]!.length;
  const sum = new Float64Array(J * q);
  const C = new Float64Array(q * q);
  const lambda = new Float64Array(q * q);
  const corr = new Float64Array(draws.corr.length);
  const factor = correlationFactor(term);
  const product = new Float64Array(q * q);
  const M = new Float64Array(q * q);
  const c = new Float64Array(q);
  for (let s = 0; s < S; s++) {
    const A = typeof information === 'function' ? information(s) : information;
    for (let pair = 0; pair < corr.length; pair++) corr[pair] = draws.corr[pair]![s]!;
    factor(corr, C);
    const scale = draws.sigma ? 1 / draws.sigma[s]! : 1;
    for (let k = 0; k < q; k++) {
      const t = scale * draws.tau[k]![s]!;
      for (let l = 0; l <= k; l++) lambda[k * q + l] = t * C[k * q + l]!;
    }
    for (let j = 0; j < J; j++) {
      if (q === 1) {
        sum[j]! += 1 / (1 + lambda[0]! * lambda[0]! * A[j]!);
        continue;
      }
      if (q === 2) {
        addPair(A, j, lambda, C, sum);
        continue;
      }
      const block = j * q * q;
      for (let a = 0; a < q; a++) {
        for (let l = 0; l < q; l++) {
          let value = 0;
          for (let b = l; b < q; b++) value += A[block + a * q + b]! * lambda[b * q + l]!;
          product[a * q + l] = value;
        }
      }
      for (let k = 0; k < q; k++) {
        for (let l = 0; l <= k; l++) {
          let value = k === l ? 1 : 0;
          for (let a = k; a < q; a++) value += lambda[a * q + k]! * product[a * q + l]!;
          M[k * q + l] = value;
        }
      }
      cholesky(M, q);
      for (let k = 0; k < q; k++) {
        for (let l = 0; l < q; l++) c[l] = C[k * q + l]!;
        forwardSolve(M, q, c);
        let value = 0;
        for (let l = 0; l < q; l++) value += c[l]! * c[l]!;
        sum[j * q + k]! += value;
      }
    }
  }
  // Rounding may leave 1 + 1e-16 where the weight is 1.
  return sum.map((value) => Math.min(1, value / S));
}
