import { log } from '../../elementary.ts';
import { dot } from '../../linalg/dot.ts';
import type { Multiply } from '../../linalg/sparse/conjugateGradients.ts';
import { symmetricEigen } from '../../linalg/symmetricEigen.ts';

/** z'log(A)z, and its derivative by A: sum_s y_s y_s', y_s = vectors[s]. */
export interface QuadraticLog {
  readonly value: number;
  readonly vectors: readonly Float64Array[];
}

/** Steps end where A^-1 z would be this close: its error is the derivative's, the value's is the square of it. */
const CLOSE = 1e-9;
const MOST = 400;
/** Of the derivative's largest part: what is left out. */
const NEGLIGIBLE = 1e-11;

/**
 * z'log(A)z of a symmetric positive definite A by Lanczos' tridiagonal T = Q'A Q, z = |z| Q e_1: |z|^2 e_1'log(T)e_1,
 * which is Gauss quadrature (Golub & Meurant 2010, chapter 4). With T = S diag(t) S' its derivative by A is Q S C S'Q',
 *   C_ik = |z|^2 S_1i S_1k (log t_i - log t_k) / (t_i - t_k)
 * (Daleckii & Krein 1965). C is positive definite, and next to singular: its pivoted Cholesky factor has few columns.
 * Q is kept orthogonal to working precision. Null where A is not numerically positive definite.
 */
export function lanczosLog(multiply: Multiply, z: Float64Array): QuadraticLog | null {
  const n = z.length;
  const length = Math.sqrt(dot(z, z));
  if (length === 0) return { value: 0, vectors: [] };
  const basis = [z.map((value) => value / length)];
  const diagonal: number[] = [];
  const beside: number[] = [];
  // |residual| of A x = z after each step, relative to z, by the pivots of T.
  let pivot = 0;
  let residual = 1;
  const next = new Float64Array(n);
  for (let step = 0; step < MOST; step++) {
    const own = basis[step]!;
    multiply(own, next);
    const alpha = dot(own, next);
    diagonal.push(alpha);
    pivot = step === 0 ? alpha : alpha - beside[step - 1]! ** 2 / pivot;
    if (!(pivot > 0 && pivot < Number.POSITIVE_INFINITY)) return null;
    for (let round = 0; round < 2; round++) {
      for (const vector of basis) {
        const along = dot(vector, next);
        for (let i = 0; i < n; i++) next[i] = next[i]! - along * vector[i]!;
      }
    }
    const beta = Math.sqrt(dot(next, next));
    residual *= beta / pivot;
    if (!(residual > CLOSE)) break;
    beside.push(beta);
    basis.push(next.map((value) => value / beta));
  }
  const m = diagonal.length;
  const T = new Float64Array(m * m);
  for (let i = 0; i < m; i++) {
    T[i * m + i] = diagonal[i]!;
    if (i > 0) T[i * m + i - 1] = beside[i - 1]!;
  }
  const { values, vectors: S } = symmetricEigen(T, m);
  if (!(values[0]! > 0)) return null;
  const logs = values.map(log);
  const C = new Float64Array(m * m);
  let value = 0;
  for (let i = 0; i < m; i++) {
    value += S[i]! * S[i]! * logs[i]!;
    for (let k = 0; k <= i; k++) {
      const [gap, middle] = [values[i]! - values[k]!, (values[i]! + values[k]!) / 2];
      const slope = gap < 1e-5 * middle ? 1 / middle : (logs[i]! - logs[k]!) / gap;
      C[i * m + k] = length * length * S[i]! * S[k]! * slope;
    }
  }
  const columns = pivotedFactor(C, m).map((column) => {
    const y = new Float64Array(n);
    for (let k = 0; k < m; k++) {
      let coefficient = 0;
      for (let i = 0; i < m; i++) coefficient += S[k * m + i]! * column[i]!;
      for (let i = 0; i < n; i++) y[i] = y[i]! + coefficient * basis[k]![i]!;
    }
    return y;
  });
  return { value: length * length * value, vectors: columns };
}

/** Columns l_s with sum l_s l_s' = C (m x m, its lower triangle), largest pivots first, until little is left. */
function pivotedFactor(C: Float64Array, m: number): Float64Array[] {
  const left = Float64Array.from({ length: m }, (_, i) => C[i * m + i]!);
  const columns: Float64Array[] = [];
  let largest = 0;
  for (let s = 0; s < m; s++) {
    let pivot = 0;
    for (let i = 1; i < m; i++) if (left[i]! > left[pivot]!) pivot = i;
    if (s === 0) largest = left[pivot]!;
    if (!(left[pivot]! > NEGLIGIBLE * largest)) break;
    const root = Math.sqrt(left[pivot]!);
    const column = new Float64Array(m);
    for (let i = 0; i < m; i++) {
      let entry = C[Math.max(i, pivot) * m + Math.min(i, pivot)]!;
      for (const before of columns) entry -= before[i]! * before[pivot]!;
      column[i] = entry / root;
      left[i]! -= column[i]! * column[i]!;
    }
    left[pivot] = 0;
    columns.push(column);
  }
  return columns;
}
