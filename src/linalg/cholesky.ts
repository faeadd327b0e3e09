/**
 * Cholesky factorisation of small dense matrices, in place on row-major `Float64Array`s. Every function takes the place
 * of the matrix (or vector) inside its array as an offset, so that many small matrices may live in one array.
 * Only the lower triangle is read or written unless a function says otherwise.
 */

/**
 * Replaces the lower triangle of A (n x n, row-major, symmetric) by L with A = L L'.
 * Returns false, leaving the triangle half done, when A is not numerically positive definite or not finite.
 * (Golub & Van Loan 2013, algorithm 4.2.1 in its inner-product form.)
 */
export function cholesky(a: Float64Array, n: number, offset = 0): boolean {
  if (n >= LARGE) return choleskyLarge(a, n, offset);
  for (let i = 0; i < n; i++) {
    const row = offset + i * n;
    for (let j = 0; j < i; j++) {
      const other = offset + j * n;
      let sum = a[row + j]!;
      for (let k = 0; k < j; k++) sum -= a[row + k]! * a[other + k]!;
      a[row + j] = sum / a[other + j]!;
    }
    let pivot = a[row + i]!;
    for (let k = 0; k < i; k++) pivot -= a[row + k]! * a[row + k]!;
    if (!(pivot > 0 && pivot < Number.POSITIVE_INFINITY)) return false;
    a[row + i] = Math.sqrt(pivot);
  }
  return true;
}

/**
 * From this order on four rows are taken together: each entry of a finished row is loaded once for four products that
 * do not wait for each other.
 */
export const LARGE = 12;

function choleskyLarge(a: Float64Array, n: number, offset: number): boolean {
  for (let j = 0; j < n; j++) {
    const own = offset + j * n;
    let pivot = a[own + j]!;
    for (let k = 0; k < j; k++) pivot -= a[own + k]! * a[own + k]!;
    if (!(pivot > 0 && pivot < Number.POSITIVE_INFINITY)) return false;
    const root = Math.sqrt(pivot);
    a[own + j] = root;
    const inverse = 1 / root;
    let i = j + 1;
    for (; i + 3 < n; i += 4) {
      const r0 = offset + i * n;
      const r1 = r0 + n;
      const r2 = r1 + n;
      const r3 = r2 + n;
      let s0 = a[r0 + j]!;
      let s1 = a[r1 + j]!;
      let s2 = a[r2 + j]!;
      let s3 = a[r3 + j]!;
      for (let k = 0; k < j; k++) {
        const l = a[own + k]!;
        s0 -= a[r0 + k]! * l;
        s1 -= a[r1 + k]! * l;
        s2 -= a[r2 + k]! * l;
        s3 -= a[r3 + k]! * l;
      }
      a[r0 + j] = s0 * inverse;
      a[r1 + j] = s1 * inverse;
      a[r2 + j] = s2 * inverse;
      a[r3 + j] = s3 * inverse;
    }
    for (; i < n; i++) {
      const row = offset + i * n;
      let sum = a[row + j]!;
      for (let k = 0; k < j; k++) sum -= a[row + k]! * a[own + k]!;
      a[row + j] = sum * inverse;
    }
  }
  return true;
}

/** Solves L x = b in place on b (length n), L lower triangular (n x n, row-major). */
export function forwardSolve(l: Float64Array, n: number, b: Float64Array, lOffset = 0, bOffset = 0): void {
  for (let i = 0; i < n; i++) {
    const row = lOffset + i * n;
    let sum = b[bOffset + i]!;
    for (let k = 0; k < i; k++) sum -= l[row + k]! * b[bOffset + k]!;
    b[bOffset + i] = sum / l[row + i]!;
  }
}

/** Solves L' x = b in place on b (length n), L lower triangular (n x n, row-major). */
export function backwardSolve(l: Float64Array, n: number, b: Float64Array, lOffset = 0, bOffset = 0): void {
  for (let i = n - 1; i >= 0; i--) {
    const row = lOffset + i * n;
    const x = b[bOffset + i]! / l[row + i]!;
    b[bOffset + i] = x;
    for (let k = 0; k < i; k++) b[bOffset + k]! -= l[row + k]! * x;
  }
}

/** Solves A x = b in place on b (length n), given the factor L of A = L L'. */
export function choleskySolve(l: Float64Array, n: number, b: Float64Array, lOffset = 0, bOffset = 0): void {
  forwardSolve(l, n, b, lOffset, bOffset);
  backwardSolve(l, n, b, lOffset, bOffset);
}

/** x := L x in place (length n), L lower triangular (n x n, row-major). */
export function multiplyLower(l: Float64Array, n: number, x: Float64Array, lOffset = 0, xOffset = 0): void {
  for (let i = n - 1; i >= 0; i--) {
    const row = lOffset + i * n;
    let sum = 0;
    for (let k = 0; k <= i; k++) sum += l[row + k]! * x[xOffset + k]!;
    x[xOffset + i] = sum;
  }
}

/** log |A| = 2 sum_i log L_ii, from the factor L (n x n) of A = L L'. */
export function logDeterminant(l: Float64Array, n: number, offset = 0): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += log(l[offset + i * n + i]!);
  return 2 * sum;
}

/** Writes L^-1 (n x n, row-major, zeros above the diagonal) to `out`, which may be `l` itself at the same offset. */
export function invertLower(l: Float64Array, n: number, out: Float64Array, lOffset = 0, outOffset = 0): void {
  for (let i = 0; i < n; i++) {
    const row = lOffset + i * n;
    const to = outOffset + i * n;
    const inverse = 1 / l[row + i]!;
    // Ascending j reads l[row + k] for k >= j only, so that writing out[to + j] over l[row + j] is safe.
    for (let j = 0; j < i; j++) {
      let sum = 0;
      for (let k = j; k < i; k++) sum += l[row + k]! * out[outOffset + k * n + j]!;
      out[to + j] = -sum * inverse;
    }
    out[to + i] = inverse;
    for (let j = i + 1; j < n; j++) out[to + j] = 0;
  }
}

/** Writes A^-1 (n x n, row-major, both triangles) to `out`, given the factor L of A = L L'; `out` may be `l` itself. */
export function invertFromCholesky(l: Float64Array, n: number, out: Float64Array, lOffset = 0, outOffset = 0): void {
  invertLower(l, n, out, lOffset, outOffset);
  // A^-1 = M' M with M = L^-1: entry (i, j) needs rows k >= i only, so that rows may be overwritten from the top.
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < n; k++) sum += out[outOffset + k * n + i]! * out[outOffset + k * n + j]!;
      out[outOffset + i * n + j] = sum;
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) out[outOffset + j * n + i] = out[outOffset + i * n + j]!;
}

import { log } from '../elementary.ts';
