import { log } from '../elementary.ts';
import type { Arrow } from './arrow.ts';
import { backwardSolveInCorner, factorCorner, forwardSolveInCorner } from './arrowCorner.ts';
import { backwardSolve, forwardSolve } from './cholesky.ts';
import { eliminateBlocks } from './eliminateBlocks.ts';

/**
 * Replaces P by its Cholesky factor, in place: P = L L' with blocks L_j, border G_j = L_j^-1 B_j (G_j' stands left of
 * the corner) and corner chol(C - sum_j G_j' G_j). Block j costs O(q^3 + q^2 k_j + q k_j^2), k_j the border columns it
 * touches; the corner O(r^3). Returns false when P is not numerically positive definite.
 */
export function factorArrow(arrow: Arrow): boolean {
  return eliminateBlocks(arrow) && factorCorner(arrow);
}

/** Solves L x = b in place on b, given the factor. */
export function forwardSolveArrow(factor: Arrow, b: Float64Array): void {
  const { blocks, border } = factor;
  const { J, q, r, start, columns } = factor.pattern;
  const tail = J * q;
  if (q === 1 && columns.length === J * r) {
    forwardDense(J, r, blocks, border, b);
    forwardSolveInCorner(factor, b);
    return;
  }
  if (q === 2 && columns.length === J * r) {
    forwardDensePairs(J, r, blocks, border, b);
    forwardSolveInCorner(factor, b);
    return;
  }
  for (let j = 0; j < J; j++) {
    forwardSolve(blocks, q, b, j * q * q, j * q);
    const first = start[j]!;
    const width = start[j + 1]! - first;
    for (let a = 0; a < q; a++) {
      const row = q * first + a * width;
      const x = b[j * q + a]!;
      for (let s = 0; s < width; s++) b[tail + columns[first + s]!]! -= border[row + s]! * x;
    }
  }
  forwardSolveInCorner(factor, b);
}

/**
 * The same where b is 0 in all blocks but those at the positions `touched` (each once): the others stay 0, and cost
 * nothing.
 */
export function forwardSolveTouched(factor: Arrow, b: Float64Array, touched: Iterable<number>): void {
  const { blocks, border } = factor;
  const { J, q, start, columns } = factor.pattern;
  const tail = J * q;
  for (const j of touched) {
    forwardSolve(blocks, q, b, j * q * q, j * q);
    const first = start[j]!;
    const width = start[j + 1]! - first;
    for (let a = 0; a < q; a++) {
      const row = q * first + a * width;
      const x = b[j * q + a]!;
      for (let s = 0; s < width; s++) b[tail + columns[first + s]!]! -= border[row + s]! * x;
    }
  }
  forwardSolveInCorner(factor, b);
}

/**
 * The blocks' part of the forward solution, one coordinate a block and every block touching every border column: four
 * at a time, in order.
 */
function forwardDense(J: number, r: number, blocks: Float64Array, border: Float64Array, b: Float64Array): void {
  for (let j = 0; j < J; j++) b[j] = b[j]! / blocks[j]!;
  let j = 0;
  for (; j + 3 < J; j += 4) {
    const at = j * r;
    const x0 = b[j]!;
    const x1 = b[j + 1]!;
    const x2 = b[j + 2]!;
    const x3 = b[j + 3]!;
    for (let s = 0; s < r; s++) {
      const g = at + s;
      b[J + s] = b[J + s]! - border[g]! * x0 - border[g + r]! * x1 - border[g + 2 * r]! * x2 - border[g + 3 * r]! * x3;
    }
  }
  for (; j < J; j++) {
    const x = b[j]!;
    for (let s = 0; s < r; s++) b[J + s]! -= border[j * r + s]! * x;
  }
}

/** The same for two coordinates a block. */
function forwardDensePairs(J: number, r: number, blocks: Float64Array, border: Float64Array, b: Float64Array): void {
  const tail = 2 * J;
  for (let j = 0; j < J; j++) {
    const x0 = b[2 * j]! / blocks[4 * j]!;
    const x1 = (b[2 * j + 1]! - blocks[4 * j + 2]! * x0) / blocks[4 * j + 3]!;
    b[2 * j] = x0;
    b[2 * j + 1] = x1;
    const upper = 2 * j * r;
    for (let s = 0; s < r; s++) b[tail + s] = b[tail + s]! - border[upper + s]! * x0 - border[upper + r + s]! * x1;
  }
}

/** Solves L' x = b in place on b, given the factor. */
export function backwardSolveArrow(factor: Arrow, b: Float64Array): void {
  const { blocks, border } = factor;
  const { J, q, start, columns } = factor.pattern;
  const tail = J * q;
  backwardSolveInCorner(factor, b);
  for (let j = 0; j < J; j++) {
    const first = start[j]!;
    const width = start[j + 1]! - first;
    for (let a = 0; a < q; a++) {
      const row = q * first + a * width;
      let sum = b[j * q + a]!;
      for (let s = 0; s < width; s++) sum -= border[row + s]! * b[tail + columns[first + s]!]!;
      b[j * q + a] = sum;
    }
    backwardSolve(blocks, q, b, j * q * q, j * q);
  }
}

/** Solves P x = b in place on b, given the factor of P. */
export function solveArrow(factor: Arrow, b: Float64Array): void {
  forwardSolveArrow(factor, b);
  backwardSolveArrow(factor, b);
}

/** out := A x for an arrow matrix that is not factored; `out` must not be `x`. */
export function multiplyArrow(matrix: Arrow, x: Float64Array, out: Float64Array): void {
  const { blocks, border, corner } = matrix;
  const { J, q, r, start, columns } = matrix.pattern;
  const tail = J * q;
  for (let i = 0; i < r; i++) {
    const row = i * r;
    const value = x[tail + i]!;
    let sum = corner[row + i]! * value;
    for (let k = 0; k < i; k++) {
      sum += corner[row + k]! * x[tail + k]!;
      out[tail + k]! += corner[row + k]! * value;
    }
    out[tail + i] = sum;
  }
  for (let j = 0; j < J; j++) {
    const first = start[j]!;
    const width = start[j + 1]! - first;
    for (let a = 0; a < q; a++) {
      const row = (j * q + a) * q;
      const value = x[j * q + a]!;
      let sum = blocks[row + a]! * value;
      for (let b = 0; b < a; b++) {
        sum += blocks[row + b]! * x[j * q + b]!;
        out[j * q + b]! += blocks[row + b]! * value;
      }
      const edge = q * first + a * width;
      for (let s = 0; s < width; s++) {
        const column = tail + columns[first + s]!;
        sum += border[edge + s]! * x[column]!;
        out[column]! += border[edge + s]! * value;
      }
      out[j * q + a] = sum;
    }
  }
}

/** x' A x for an arrow matrix that is not factored. */
export function quadraticFormArrow(matrix: Arrow, x: Float64Array): number {
  const { blocks, border, corner } = matrix;
  const { J, q, r, start, columns } = matrix.pattern;
  const tail = J * q;
  let total = 0;
  for (let j = 0; j < J; j++) {
    const first = start[j]!;
    const width = start[j + 1]! - first;
    for (let a = 0; a < q; a++) {
      const row = (j * q + a) * q;
      let sum = 0;
      for (let b = 0; b < a; b++) sum += blocks[row + b]! * x[j * q + b]!;
      const edge = q * first + a * width;
      for (let s = 0; s < width; s++) sum += border[edge + s]! * x[tail + columns[first + s]!]!;
      const value = x[j * q + a]!;
      total += value * (blocks[row + a]! * value + 2 * sum);
    }
  }
  for (let i = 0; i < r; i++) {
    let sum = 0;
    for (let k = 0; k < i; k++) sum += corner[i * r + k]! * x[tail + k]!;
    const value = x[tail + i]!;
    total += value * (corner[i * r + i]! * value + 2 * sum);
  }
  return total;
}

/** sum_j log |L_j L_j'|: the part of log |P| that belongs to the diagonal blocks. */
export function logDetBlocks(factor: Arrow): number {
  const { J, q } = factor.pattern;
  const { blocks } = factor;
  let sum = 0;
  // One logarithm for many pivots: a pivot, a square root, lies in 1e-162 .. 1e154, so that the product stays finite.
  let product = 1;
  for (let j = 0; j < J; j++) {
    for (let a = 0; a < q; a++) {
      product *= blocks[(j * q + a) * q + a]!;
      if (product > 1e100 || product < 1e-100) {
        sum += log(product);
        product = 1;
      }
    }
  }
  return 2 * (sum + log(product));
}
