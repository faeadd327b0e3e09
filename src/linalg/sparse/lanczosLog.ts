import { log } from '../../elementary.ts';
import { symmetricEigen } from '../symmetricEigen.ts';
import type { Multiply } from './conjugateGradients.ts';

/** z'log(A)z, and its derivative by A: sum_s weights[s] y_s y_s', y_s = vectors[s]. */
export interface QuadraticLog {
  readonly value: number;
  readonly weights: readonly number[];
  readonly vectors: readonly Float64Array[];
}

/** Steps end where A^-1 z would be this close: its error is the derivative's, the value's is the square of it. */
const CLOSE = 1e-9;
const MOST = 400;
/** Of the derivative's largest weight: what is left out. */
const NEGLIGIBLE = 1e-11;

/**
 * z'log(A)z of a symmetric positive definite A by Lanczos' tridiagonal T = Q'A Q, z = |z| Q e_1: |z|^2 e_1'log(T)e_1,
 * which is Gauss quadrature (Golub & Meurant 2010, chapter 4). With T = S diag(t) S' its derivative by A is Q S C S'Q',
 *   C_ik = |z|^2 S_1i S_1k (log t_i - log t_k) / (t_i - t_k)
 * (Daleckii & Krein 1965), here as the few eigenvectors of C that count. Q is kept orthogonal to working precision. Null
 * where A is not numerically positive definite.
 */
export function lanczosLog(multiply: Multiply, z: Float64Array): QuadraticLog | null {
  const n = z.length;
  const length = Math.sqrt(dot(z, z));
  if (length === 0) return { value: 0, weights: [], vectors: [] };
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
  const { values: shares, vectors: U } = symmetricEigen(C, m);
  const weights: number[] = [];
  const vectors: Float64Array[] = [];
  for (let s = m - 1; s >= 0 && shares[s]! > NEGLIGIBLE * shares[m - 1]!; s--) {
    const y = new Float64Array(n);
    for (let k = 0; k < m; k++) {
      let coefficient = 0;
      for (let i = 0; i < m; i++) coefficient += S[k * m + i]! * U[i * m + s]!;
      for (let i = 0; i < n; i++) y[i] = y[i]! + coefficient * basis[k]![i]!;
    }
    weights.push(shares[s]!);
    vectors.push(y);
  }
  return { value: length * length * value, weights, vectors };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
