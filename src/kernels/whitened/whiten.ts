import { log } from '../../elementary.ts';
import { addTransposedInCorner } from '../../linalg/arrowCorner.ts';
import type { CrossProducts } from '../../products/crossProducts.ts';
import type { CellTable } from '../cells/cellTable.ts';
import { blockMeans, type WhitenedFactor } from './whitenedMap.ts';

/** The inverse of the whitened map at the covariances a factor stands at, in two steps. Vectors have length `size`. */
export interface Whitener {
  /** (e, beta), e = Lambda^-1 u~, from the coefficients x (working coordinates). */
  standardise(factor: WhitenedFactor, x: Float64Array, e: Float64Array): void;
  /** xi = T^-1 (L' (e, beta) - L^-1 h). */
  whiten(factor: WhitenedFactor, e: Float64Array, xi: Float64Array): void;
  /** log |d(e, beta) / dxi| = log |dT / dxi| - log |L|. */
  logJacobian(factor: WhitenedFactor, xi: Float64Array): number;
}

/** Allocates only here. */
export function whitener(table: CellTable, products: CrossProducts): Whitener {
  const { J, q, layout } = table;
  const { pattern, size } = layout;
  const { r, start, columns } = pattern;
  const tail = size - r;
  const mean = new Float64Array(J * q);
  const rotated = new Float64Array(size);
  const widest = products.groups.reduce((w, group) => Math.max(w, group.q), 1);
  const matrix = new Float64Array(widest * widest);
  return {
    standardise({ likelihood: { working } }, x, e) {
      e.set(x);
      for (let f = 0; f < products.groups.length; f += 1) {
        const group = products.groups[f]!;
        const from = products.borderOffsets[f]!;
        for (let j = 0; j < group.J; j += 1) solveSmall(working[f]!, matrix, group.q, e, from + j * group.q);
      }
    },
    whiten({ likelihood, skew, borderSkew }, e, xi) {
      const { arrow, side } = likelihood;
      for (let k = 0; k < r; k += 1) rotated[tail + k] = borderSkew[3 * k + 2]! - side[tail + k]!;
      addTransposedInCorner(arrow, e, rotated);
      for (let k = 0; k < r; k += 1) {
        xi[tail + k] = inverse(borderSkew[3 * k]!, borderSkew[3 * k + 1]!, rotated[tail + k]!);
      }
      blockMeans(J, q, start, columns, side, arrow.border, e, tail, mean);
      for (let j = 0; j < J && q > 0; j += 1) {
        for (let a = 0; a < q; a += 1) {
          const at = j * q + a;
          let value = skew[3 * at + 2]! - mean[at]!;
          for (let b = a; b < q; b += 1) value += arrow.blocks[(j * q + b) * q + a]! * e[j * q + b]!;
          xi[at] = inverse(skew[3 * at]!, skew[3 * at + 1]!, value);
        }
      }
    },
    logJacobian({ likelihood, skew, borderSkew }, xi) {
      let sum = -0.5 * (likelihood.logDeterminantK() + likelihood.logDeterminantP());
      for (let k = 0; k < size; k += 1) {
        const T = k < tail ? skew : borderSkew;
        const at = 3 * (k < tail ? k : k - tail);
        sum += log(T[at]! + (T[at + 1]! * xi[k]!) / Math.sqrt(1 + xi[k]! * xi[k]!));
      }
      return sum;
    },
  };
}

/** The root xi of c xi + s sqrt(1 + xi^2) = value; c > |s|. */
function inverse(c: number, s: number, value: number): number {
  const d = (c - s) * (c + s);
  return (c * value - s * Math.sqrt(value * value + d)) / d;
}

/** v := M^-1 v for the k entries of v at `at`, by elimination with row exchanges; `work` holds a copy of M. */
function solveSmall(M: Float64Array, work: Float64Array, k: number, v: Float64Array, at: number): void {
  if (k === 1) {
    v[at] = v[at]! / M[0]!;
    return;
  }
  for (let i = 0; i < k * k; i += 1) work[i] = M[i]!;
  for (let c = 0; c < k; c += 1) {
    let pivot = c;
    for (let i = c + 1; i < k; i += 1) if (Math.abs(work[i * k + c]!) > Math.abs(work[pivot * k + c]!)) pivot = i;
    if (pivot !== c) {
      for (let b = 0; b < k; b += 1) {
        const held = work[c * k + b]!;
        work[c * k + b] = work[pivot * k + b]!;
        work[pivot * k + b] = held;
      }
      const held = v[at + c]!;
      v[at + c] = v[at + pivot]!;
      v[at + pivot] = held;
    }
    for (let i = c + 1; i < k; i += 1) {
      const factor = work[i * k + c]! / work[c * k + c]!;
      for (let b = c; b < k; b += 1) work[i * k + b] = work[i * k + b]! - factor * work[c * k + b]!;
      v[at + i] = v[at + i]! - factor * v[at + c]!;
    }
  }
  for (let i = k - 1; i >= 0; i -= 1) {
    let sum = v[at + i]!;
    for (let b = i + 1; b < k; b += 1) sum -= work[i * k + b]! * v[at + b]!;
    v[at + i] = sum / work[i * k + i]!;
  }
}
