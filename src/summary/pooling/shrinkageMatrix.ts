import type { GroupTerm } from '../../design/design.ts';
import { cholesky, choleskySolve } from '../../linalg/cholesky.ts';
import { correlationFactor } from '../correlationFactor.ts';
import type { CovarianceDraws, GroupInformation } from './shrinkageWeight.ts';

/**
 * Matrix weights of the population line, J x q x q row-major: the mean over draws of W_j = V_j Sigma^-1 = I - V_j Z_j'
 * Omega Z_j, with V_j = (Z_j' Omega Z_j + Sigma^-1)^-1. Given the covariances, a group whose own regression exists has
 * b_j = W_j gamma w_j + (I - W_j) own_j: each coefficient takes from every other one, so that it may lie outside its
 * own two. I for a group without rows, and at Sigma = 0.
 *
 * Computed as I - Lambda M^-1 Lambda' A_j with M = Lambda' A_j Lambda + I, regular at tau = 0 and |corr| = 1;
 * `information` is A, Z_j' W Z_j (J x q x q), as for `shrinkageWeight`, whose weight is V_j[k,k] / Sigma[k,k] and not
 * the diagonal of W_j where q > 1. O(S J q^3).
 */
export function shrinkageMatrix(term: GroupTerm, information: GroupInformation, draws: CovarianceDraws): Float64Array {
  const { J, q } = term;
  const S = draws.tau[0]!.length;
  const mean = new Float64Array(J * q * q);
  const C = new Float64Array(q * q);
  const lambda = new Float64Array(q * q);
  const M = new Float64Array(q * q);
  const side = new Float64Array(q * q);
  const corr = new Float64Array(draws.corr.length);
  const factor = correlationFactor(term);
  const column = new Float64Array(q);
  for (let s = 0; s < S; s++) {
    const A = typeof information === 'function' ? information(s) : information;
    for (let pair = 0; pair < corr.length; pair++) corr[pair] = draws.corr[pair]![s]!;
    factor(corr, C);
    const scale = draws.sigma ? 1 / draws.sigma[s]! : 1;
    for (let k = 0; k < q; k++) {
      for (let l = 0; l < q; l++) lambda[k * q + l] = l <= k ? scale * draws.tau[k]![s]! * C[k * q + l]! : 0;
    }
    for (let j = 0; j < J; j++) {
      const own = A.subarray(j * q * q, (j + 1) * q * q);
      // Lambda' A, and Lambda' A Lambda + I.
      for (let a = 0; a < q; a++) {
        for (let b = 0; b < q; b++) {
          let value = 0;
          for (let c = a; c < q; c++) value += lambda[c * q + a]! * own[c * q + b]!;
          side[a * q + b] = value;
        }
      }
      for (let a = 0; a < q; a++) {
        for (let b = 0; b < q; b++) {
          let value = a === b ? 1 : 0;
          for (let c = b; c < q; c++) value += side[a * q + c]! * lambda[c * q + b]!;
          M[a * q + b] = value;
        }
      }
      cholesky(M, q);
      for (let b = 0; b < q; b++) {
        for (let a = 0; a < q; a++) column[a] = side[a * q + b]!;
        choleskySolve(M, q, column);
        for (let a = 0; a < q; a++) {
          let value = a === b ? 1 : 0;
          for (let c = 0; c <= a; c++) value -= lambda[a * q + c]! * column[c]!;
          mean[(j * q + a) * q + b]! += value / S;
        }
      }
    }
  }
  return mean;
}
