import type { Arrow } from '../../linalg/arrow.ts';
import { cornerInverse } from '../../linalg/cornerInverse.ts';

/**
 * The inverse C of the corner of M = L L', without beta or with it, as forms N C N' of rows N = [N_h, N_x] beside it:
 *   N C N' = N_h S^-1 N_h' + x x',   x = (N_x - N_h U) L_x^-T,   U = S^-1 S_hx,
 * S the corner's part of the other factors, L_x the factor of X~'V^-1 X~. Where groups span columns of X and their sds
 * are t = tau / sigma, C has entries of t^2 that cancel in N C N' <= 1, with errors of eps t^2, and more where sds of
 * one factor differ; x is found by substitution, with errors of eps t.
 */
export interface DividedCorner {
  /** Border columns before beta. */
  readonly others: number;
  /** S^-1 in an r x r array, both triangles. */
  readonly S: Float64Array;
  /** Length of x: columns of X, or 0 without beta. */
  readonly p: number;
  /**
   * Puts x of `count` rows N, from `at`, to `out` (count x p): entry s of a row, of `width`, stands for border column
   * columns[first + s].
   */
  rows(
    N: Float64Array,
    at: number,
    count: number,
    touched: { readonly columns: ArrayLike<number>; readonly first: number; readonly width: number },
    out: Float64Array,
  ): void;
  /** -x of the unit row of a column of the other factors is row i of U L_x^-T, others x p. */
  readonly units: Float64Array;
  /** The product of row i of a and row k of b, p entries each. */
  inner(a: Float64Array, i: number, b: Float64Array, k: number): number;
}

/** `others` border columns stand before beta; `upTo` is r with beta, `others` without. `known` is S^-1, if given. */
export function dividedCorner(
  { corner, pattern: { r } }: Arrow,
  others: number,
  upTo: number,
  known?: Float64Array,
): DividedCorner {
  const p = upTo - others;
  const S = known ?? new Float64Array(r * r);
  if (!known) cornerInverse(corner, r, others, S);
  // U: L_h' u = the row of L beside it, column by column of X.
  const U = new Float64Array(others * p);
  for (let c = 0; c < p; c++) {
    for (let i = others - 1; i >= 0; i--) {
      let sum = corner[(others + c) * r + i]!;
      for (let k = i + 1; k < others; k++) sum -= corner[k * r + i]! * U[k * p + c]!;
      U[i * p + c] = sum / corner[i * r + i]!;
    }
  }
  const units = U.slice();
  for (let i = 0; i < others; i++) substitute(units, i * p);
  return {
    others,
    S,
    p,
    units,
    rows(N, at, count, { columns, first, width }, out) {
      if (p === 0) return;
      out.fill(0, 0, count * p);
      for (let a = 0; a < count; a++) {
        for (let s = 0; s < width; s++) {
          const value = N[at + a * width + s]!;
          const column = columns[first + s]!;
          if (column >= others) out[a * p + column - others]! += value;
          else for (let c = 0; c < p; c++) out[a * p + c]! -= value * U[column * p + c]!;
        }
        substitute(out, a * p);
      }
    },
    inner(a, i, b, k) {
      let sum = 0;
      for (let c = 0; c < p; c++) sum += a[i * p + c]! * b[k * p + c]!;
      return sum;
    },
  };

  /** x L_x' = v in place. */
  function substitute(v: Float64Array, at: number): void {
    for (let c = 0; c < p; c++) {
      const row = (others + c) * r + others;
      let sum = v[at + c]!;
      for (let k = 0; k < c; k++) sum -= corner[row + k]! * v[at + k]!;
      v[at + c] = sum / corner[row + c]!;
    }
  }
}
