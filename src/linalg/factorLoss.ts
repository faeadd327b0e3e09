import type { Arrow } from './arrow.ts';
import { factorArrow } from './arrowCholesky.ts';
import { diagonalOfCorner } from './arrowCorner.ts';

/**
 * Digits that a Cholesky factor may lose in a pivot, as P_ii / L_ii^2: rounding of P leaves an error of some
 * eps P_ii / L_ii^2 in log L_ii, and so in a log determinant.
 */
export const LARGEST_LOSS = 1e11;

/**
 * Replaces P by its Cholesky factor L, in place, as `factorArrow` does, and returns max_i P_ii / L_ii^2, the largest
 * ratio of a pivot before and after the elimination of those before it; Infinity where P is not numerically positive
 * definite. `diagonal` is workspace, of P's size.
 */
export function factorLoss(arrow: Arrow, diagonal: Float64Array): number {
  const { J, q, r } = arrow.pattern;
  const { blocks } = arrow;
  const head = J * q;
  for (let k = 0; k < head; k += 1) diagonal[k] = blocks[k * q + (k % q)]!;
  diagonalOfCorner(arrow, diagonal, head);
  if (!factorArrow(arrow)) return Infinity;
  let loss = 1;
  for (let k = 0; k < head; k += 1) {
    const pivot = blocks[k * q + (k % q)]!;
    loss = Math.max(loss, diagonal[k]! / (pivot * pivot));
  }
  const { sparse } = arrow;
  if (sparse) {
    diagonalOfCorner(arrow, sparse.work, 0);
    for (let k = 0; k < r; k += 1) loss = Math.max(loss, diagonal[head + k]! / (sparse.work[k]! * sparse.work[k]!));
    return loss;
  }
  for (let k = 0; k < r; k += 1) {
    const pivot = arrow.corner[k * r + k]!;
    loss = Math.max(loss, diagonal[head + k]! / (pivot * pivot));
  }
  return loss;
}
