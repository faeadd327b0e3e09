import type { Arrow } from './arrow.ts';
import { LARGE } from './cholesky.ts';

/**
 * Brings an arrow's Cholesky factor to another value of the last m = r - from rows and columns of the matrix, `tail`
 * (m x m, the lower triangle counts), in place: L_tt = chol(tail - sum_j G_jt' G_jt - L_te L_te'), G_jt the border of
 * block j at those columns and L_te what stands left of them, neither of which depends on the tail. O(m^2 (J q + r)) in
 * place of a factorisation, and the same bits: everything is subtracted in the order of `factorArrow`. Returns false
 * when the matrix is not numerically positive definite.
 */
export function refactorCorner({ pattern, border, corner }: Arrow, from: number, tail: Float64Array): boolean {
  const { J, q, r, start, columns } = pattern;
  const m = r - from;
  for (let i = 0; i < m; i += 1) {
    for (let k = 0; k <= i; k += 1) corner[(from + i) * r + from + k] = tail[i * m + k]!;
  }
  for (let j = 0; j < J; j += 1) {
    const first = start[j]!;
    const width = start[j + 1]! - first;
    const rows = q * first;
    for (let s = width - 1; s >= 0 && columns[first + s]! >= from; s -= 1) {
      const row = columns[first + s]! * r;
      for (let t = s; t >= 0 && columns[first + t]! >= from; t -= 1) {
        let sum = 0;
        for (let a = rows, end = rows + q * width; a < end; a += width) sum += border[a + s]! * border[a + t]!;
        corner[row + columns[first + t]!] = corner[row + columns[first + t]!]! - sum;
      }
    }
  }
  for (let i = from; i < r; i += 1) {
    for (let j = from; j <= i; j += 1) {
      let sum = corner[i * r + j]!;
      for (let k = 0; k < j; k += 1) sum -= corner[i * r + k]! * corner[j * r + k]!;
      if (j < i) {
        const pivot = corner[j * r + j]!;
        corner[i * r + j] = r >= LARGE ? sum * (1 / pivot) : sum / pivot;
      } else {
        if (!(sum > 0 && sum < Number.POSITIVE_INFINITY)) return false;
        corner[i * r + i] = Math.sqrt(sum);
      }
    }
  }
  return true;
}

/**
 * The last r - from entries of L^-1 b in place on b (`forwardSolveArrow`), whose entries before them are solved and
 * whose last ones are those of b: the same bits.
 */
export function forwardSolveCorner({ pattern, border, corner }: Arrow, from: number, b: Float64Array): void {
  const { J, q, r, start, columns } = pattern;
  const before = J * q;
  for (let j = 0; j < J; j += 1) {
    const first = start[j]!;
    const width = start[j + 1]! - first;
    for (let a = 0; a < q; a += 1) {
      const row = q * first + a * width;
      const x = b[j * q + a]!;
      for (let s = width - 1; s >= 0 && columns[first + s]! >= from; s -= 1) {
        const at = before + columns[first + s]!;
        b[at] = b[at]! - border[row + s]! * x;
      }
    }
  }
  for (let i = from; i < r; i += 1) {
    let sum = b[before + i]!;
    for (let k = 0; k < i; k += 1) sum -= corner[i * r + k]! * b[before + k]!;
    b[before + i] = sum / corner[i * r + i]!;
  }
}
