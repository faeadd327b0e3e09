import { subtractProduct } from './subtractProduct.ts';

/** Columns that are finished together. */
const PANEL = 24;

/**
 * Replaces the lower triangle of A (n x n, row-major, symmetric) by L with A = L L': left-looking, a panel of columns
 * at a time. Returns false when A is not numerically positive definite or not finite. Writes rubbish beside the
 * diagonal in the upper triangle. n^3 / 6 multiplications, at twice the pace of `cholesky` from a few hundred columns
 * on.
 */
export function blockedCholesky(a: Float64Array, n: number): boolean {
  for (let d = 0; d < n; d += PANEL) {
    const width = Math.min(PANEL, n - d);
    subtractProduct(a, a, a, n, [d, n], [d, d + width], [0, d]);
    for (let j = d; j < d + width; j++) {
      const own = j * n;
      let pivot = a[own + j]!;
      for (let k = d; k < j; k++) pivot -= a[own + k]! * a[own + k]!;
      if (!(pivot > 0 && pivot < Number.POSITIVE_INFINITY)) return false;
      const root = Math.sqrt(pivot);
      a[own + j] = root;
      for (let i = j + 1; i < d + width; i++) {
        const row = i * n;
        let sum = a[row + j]!;
        for (let k = d; k < j; k++) sum -= a[row + k]! * a[own + k]!;
        a[row + j] = sum / root;
      }
    }
    panelSolve(a, a, n, [d + width, n], d, width);
  }
  return true;
}

/**
 * The inverse of the leading count x count part of A = L L' (L n x n, row-major, its upper triangle not read) to `out`
 * (n x n), both triangles, other rows and columns 0; `work` is n x n too. count^3 / 3 multiplications.
 */
export function blockedInverse(L: Float64Array, n: number, count: number, work: Float64Array, out: Float64Array): void {
  // Row i of `work` is column i of L^-1: zeros up to i, and each inner product runs along rows.
  work.fill(0);
  for (let i = 0; i < count; i++) work[i * n + i] = 1;
  for (let d = 0; d < count; d += PANEL) {
    const width = Math.min(PANEL, count - d);
    for (let i = 0; i < d; i += PANEL) {
      subtractProduct(work, L, work, n, [i, Math.min(i + PANEL, d)], [d, d + width], [i, d]);
    }
    panelSolve(L, work, n, [0, d + width], d, width);
  }
  out.fill(0);
  for (let i = 0; i < count; i += PANEL) {
    const rows = [i, Math.min(i + PANEL, count)] as const;
    for (let j = 0; j <= i; j += PANEL) {
      subtractProduct(work, work, out, n, rows, [j, Math.min(j + PANEL, count)], [i, count]);
    }
  }
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      const value = -out[i * n + j]!;
      out[i * n + j] = value;
      out[j * n + i] = value;
    }
  }
}

/** Solves X T' = C in place on rows of C, columns d .. d + width - 1, with T the triangle of L there. */
function panelSolve(
  L: Float64Array,
  c: Float64Array,
  n: number,
  [first, end]: readonly [number, number],
  d: number,
  width: number,
): void {
  for (let i = first; i < end; i++) {
    const row = i * n;
    for (let j = d; j < d + width; j++) {
      const own = j * n;
      let sum = c[row + j]!;
      for (let k = d; k < j; k++) sum -= c[row + k]! * L[own + k]!;
      c[row + j] = sum / L[own + j]!;
    }
  }
}
