import { correlationPairs } from '../design/correlationPairs.ts';
import type { CovarianceBlock } from '../design/design.ts';

/**
 * Writes C, the lower Cholesky factor of the correlation matrix R of a factor (q x q, row-major, block diagonal over
 * the covariance blocks), so that Sigma = Lambda Lambda' with Lambda = diag(tau) C. Defined on the boundary too: with
 * |corr| = 1 a pivot is 0 and its column is 0; a correlation that is not a number (an sd is 0) counts as 0.
 */
export function correlationFactor(term: {
  readonly q: number;
  readonly blocks: readonly Pick<CovarianceBlock, 'start' | 'size'>[];
}): (corr: ArrayLike<number>, C: Float64Array) => void {
  const { q, blocks } = term;
  const pairs = correlationPairs(blocks);
  return (corr, C) => {
    C.fill(0);
    for (let k = 0; k < q; k++) C[k * q + k] = 1;
    pairs.forEach(({ first, second }, pair) => {
      C[second * q + first] = Number.isNaN(corr[pair]!) ? 0 : corr[pair]!;
    });
    for (const { start, size } of blocks) {
      for (let j = start; j < start + size; j++) {
        let pivot = C[j * q + j]!;
        for (let k = start; k < j; k++) pivot -= C[j * q + k]! * C[j * q + k]!;
        const diagonal = pivot > 1e-14 ? Math.sqrt(pivot) : 0;
        C[j * q + j] = diagonal;
        for (let i = j + 1; i < start + size; i++) {
          let sum = C[i * q + j]!;
          for (let k = start; k < j; k++) sum -= C[i * q + k]! * C[j * q + k]!;
          C[i * q + j] = diagonal > 0 ? sum / diagonal : 0;
        }
      }
    }
  };
}
