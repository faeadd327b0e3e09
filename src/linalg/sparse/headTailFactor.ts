import { log } from '../../elementary.ts';
import { backwardSolve, forwardSolve } from '../cholesky.ts';
import { blockedCholesky } from './blockedCholesky.ts';
import type { HeadTail } from './headTail.ts';

/** A symmetric matrix, or its Cholesky factor in the same places. */
export interface HeadTailMatrix {
  readonly pattern: HeadTail;
  /** Length head. */
  readonly diagonal: Float64Array;
  /** Along `pattern.rows`. */
  readonly values: Float64Array;
  /** tail x tail, row-major; the lower triangle counts. */
  readonly corner: Float64Array;
}

/** A matrix of zeros. */
export function allocateHeadTail(pattern: HeadTail): HeadTailMatrix {
  return {
    pattern,
    diagonal: new Float64Array(pattern.head),
    values: new Float64Array(pattern.rows.length),
    corner: new Float64Array(pattern.tail * pattern.tail),
  };
}

/**
 * Replaces a matrix by its Cholesky factor, in place: the head column by column, each less what the earlier ones have
 * in its row (left-looking), their products taken off the corner, and the corner as a dense matrix. Returns false when
 * it is not numerically positive definite.
 */
export function factorHeadTail({ pattern, diagonal, values, corner }: HeadTailMatrix): boolean {
  const { size, head, tail, start, rows, split, before, entries, columns } = pattern;
  const at = new Int32Array(size);
  for (let t = 0; t < head; t++) {
    let pivot = diagonal[t]!;
    const end = start[t + 1]!;
    if (before[t]! < before[t + 1]!) {
      for (let s = start[t]!; s < end; s++) at[rows[s]!] = s;
      for (let e = before[t]!; e < before[t + 1]!; e++) {
        const entry = entries[e]!;
        const l = values[entry]!;
        pivot -= l * l;
        for (let s = entry + 1, last = start[columns[e]! + 1]!; s < last; s++) {
          const to = at[rows[s]!]!;
          values[to] = values[to]! - l * values[s]!;
        }
      }
    }
    if (!(pivot > 0 && pivot < Number.POSITIVE_INFINITY)) return false;
    const root = Math.sqrt(pivot);
    const inverse = 1 / root;
    diagonal[t] = root;
    for (let s = start[t]!; s < end; s++) values[s] = values[s]! * inverse;
    for (let s = split[t]!; s < end; s++) {
      const g = values[s]!;
      const row = (rows[s]! - head) * tail - head;
      for (let k = split[t]!; k <= s; k++) {
        const to = row + rows[k]!;
        corner[to] = corner[to]! - g * values[k]!;
      }
    }
  }
  return blockedCholesky(corner, tail);
}

/** x := L^-1 x of a vector in the order of places, in place. */
export function forwardPlaces({ pattern, diagonal, values, corner }: HeadTailMatrix, x: Float64Array): void {
  const { head, tail, start, rows } = pattern;
  for (let j = 0; j < head; j++) {
    if (x[j] === 0) continue;
    const value = x[j]! / diagonal[j]!;
    x[j] = value;
    for (let s = start[j]!; s < start[j + 1]!; s++) x[rows[s]!] = x[rows[s]!]! - values[s]! * value;
  }
  forwardSolve(corner, tail, x, 0, head);
}

/** x := L^-T x of a vector in the order of places, in place. */
export function backwardPlaces({ pattern, diagonal, values, corner }: HeadTailMatrix, x: Float64Array): void {
  const { head, tail, start, rows } = pattern;
  backwardSolve(corner, tail, x, 0, head);
  for (let j = head - 1; j >= 0; j--) {
    let sum = x[j]!;
    for (let s = start[j]!; s < start[j + 1]!; s++) sum -= values[s]! * x[rows[s]!]!;
    x[j] = sum / diagonal[j]!;
  }
}

/** x := L' x of a vector in the order of places, in place. */
export function transposedPlaces({ pattern, diagonal, values, corner }: HeadTailMatrix, x: Float64Array): void {
  const { head, tail, start, rows } = pattern;
  for (let j = 0; j < head; j++) {
    let sum = diagonal[j]! * x[j]!;
    for (let s = start[j]!; s < start[j + 1]!; s++) sum += values[s]! * x[rows[s]!]!;
    x[j] = sum;
  }
  for (let j = 0; j < tail; j++) {
    let sum = 0;
    for (let i = j; i < tail; i++) sum += corner[i * tail + j]! * x[head + i]!;
    x[head + j] = sum;
  }
}

/** L^-1 b of a vector in the order of the coordinates; the result is in the order of places, for its length. */
export function forwardSolveHeadTail(factor: HeadTailMatrix, b: Float64Array): Float64Array {
  const { size, place } = factor.pattern;
  const x = new Float64Array(size);
  for (let i = 0; i < size; i++) x[place[i]!] = b[i]!;
  forwardPlaces(factor, x);
  return x;
}

/** Solves P x = b in place on b, given the factor of P; b is in the order of the coordinates. */
export function solveHeadTail(factor: HeadTailMatrix, b: Float64Array): void {
  const { size, place } = factor.pattern;
  const x = forwardSolveHeadTail(factor, b);
  backwardPlaces(factor, x);
  for (let i = 0; i < size; i++) b[i] = x[place[i]!]!;
}

/** log |P| without its last `without` coordinates of the tail, given the factor. */
export function logDetHeadTail({ pattern, diagonal, corner }: HeadTailMatrix, without = 0): number {
  const { head, tail } = pattern;
  let sum = 0;
  for (let j = 0; j < head; j++) sum += log(diagonal[j]!);
  for (let i = 0; i < tail - without; i++) sum += log(corner[i * tail + i]!);
  return 2 * sum;
}

/** 2 sum of log L_ii over the last `count` coordinates of the tail. */
export function logDetLast({ pattern, corner }: HeadTailMatrix, count: number): number {
  const { tail } = pattern;
  let sum = 0;
  for (let i = tail - count; i < tail; i++) sum += log(corner[i * tail + i]!);
  return 2 * sum;
}
