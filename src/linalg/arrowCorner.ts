import { log } from '../elementary.ts';
import type { Arrow } from './arrow.ts';
import { backwardSolve, cholesky, forwardSolve } from './cholesky.ts';
import { backwardPlaces, factorHeadTail, forwardPlaces, transposedPlaces } from './sparse/headTailFactor.ts';

/**
 * The corner of an arrow matrix, dense or sparse, and its Cholesky factor L: of a sparse one L is lower triangular in
 * the order of its places, and L^-T z has the covariance C^-1 all the same. Vectors are those of the arrow.
 */

/** Replaces the corner by its factor, in place; false when it is not numerically positive definite. */
export function factorCorner({ pattern, corner, sparse }: Arrow): boolean {
  return sparse ? factorHeadTail(sparse.matrix) : cholesky(corner, pattern.r);
}

/** The corner's part of b := L^-1 b. */
export function forwardSolveInCorner(factor: Arrow, b: Float64Array): void {
  const { J, q, r } = factor.pattern;
  if (factor.sparse) inPlaces(factor, b, forwardPlaces);
  else forwardSolve(factor.corner, r, b, 0, J * q);
}

/** The corner's part of b := L^-T b. */
export function backwardSolveInCorner(factor: Arrow, b: Float64Array): void {
  const { J, q, r } = factor.pattern;
  if (factor.sparse) inPlaces(factor, b, backwardPlaces);
  else backwardSolve(factor.corner, r, b, 0, J * q);
}

/** The corner's part of out := out + L' x. */
export function addTransposedInCorner(factor: Arrow, x: Float64Array, out: Float64Array): void {
  const { J, q, r } = factor.pattern;
  const { corner, sparse } = factor;
  const tail = J * q;
  if (sparse) {
    const { place } = sparse.matrix.pattern;
    for (let k = 0; k < r; k++) sparse.work[place[k]!] = x[tail + k]!;
    transposedPlaces(sparse.matrix, sparse.work);
    for (let k = 0; k < r; k++) out[tail + k] = out[tail + k]! + sparse.work[place[k]!]!;
    return;
  }
  for (let k = 0; k < r; k++) {
    let sum = out[tail + k]!;
    for (let i = k; i < r; i++) sum += corner[i * r + k]! * x[tail + i]!;
    out[tail + k] = sum;
  }
}

/** A vector's part in the corner in the order of places, and back. */
function inPlaces(
  { pattern, sparse }: Arrow,
  b: Float64Array,
  act: (matrix: NonNullable<Arrow['sparse']>['matrix'], x: Float64Array) => void,
): void {
  const { J, q, r } = pattern;
  const { matrix, work } = sparse!;
  const { place } = matrix.pattern;
  const tail = J * q;
  for (let k = 0; k < r; k++) work[place[k]!] = b[tail + k]!;
  act(matrix, work);
  for (let k = 0; k < r; k++) b[tail + k] = work[place[k]!]!;
}

/** The diagonal of the corner, or of its factor, into out[at ..]. */
export function diagonalOfCorner({ pattern, corner, sparse }: Arrow, out: Float64Array, at: number): void {
  const { r } = pattern;
  if (!sparse) {
    for (let k = 0; k < r; k++) out[at + k] = corner[k * r + k]!;
    return;
  }
  const { pattern: places, diagonal, corner: tail } = sparse.matrix;
  for (let k = 0; k < r; k++) {
    const to = places.place[k]!;
    out[at + k] = to < places.head ? diagonal[to]! : tail[(to - places.head) * (places.tail + 1)]!;
  }
}

/**
 * 2 sum of log L_ii over the coordinates from .. to - 1 of the corner: the part of log |P| that belongs to those.
 */
export function logDetCorner(factor: Arrow, from = 0, to = factor.pattern.r): number {
  const { r } = factor.pattern;
  let sum = 0;
  if (!factor.sparse) {
    for (let i = from; i < to; i++) sum += log(factor.corner[i * r + i]!);
    return 2 * sum;
  }
  const { pattern, diagonal, corner } = factor.sparse.matrix;
  const { place, head, tail } = pattern;
  // As in `logDetBlocks`.
  let product = 1;
  for (let i = from; i < to; i++) {
    const at = place[i]!;
    product *= at < head ? diagonal[at]! : corner[(at - head) * (tail + 1)]!;
    if (product > 1e100 || product < 1e-100) {
      sum += log(product);
      product = 1;
    }
  }
  return 2 * (sum + log(product));
}
