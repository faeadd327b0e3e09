import type { CrossProducts } from '../../products/crossProducts.ts';
import type { CellTable } from '../cells/cellTable.ts';
import { blockMeans, type WhitenedFactor } from './whitenedMap.ts';

/**
 * The inverse of the whitened map: fills xi (length `size`) from the coefficients x (working coordinates) at the covariances the factor stands at.
 * With e = Lambda^-1 u~: xi = T^-1 (L' (e, beta) - L^-1 h). Returns a function that allocates nothing.
 */
export function whitener(
  table: CellTable,
  products: CrossProducts,
): (factor: WhitenedFactor, x: Float64Array, xi: Float64Array) => void {
  const { J, q, layout } = table;
  const { pattern, size } = layout;
  const { r, start, columns } = pattern;
  const tail = size - r;
  const scaled = new Float64Array(size);
  const mean = new Float64Array(J * q);
  const widest = products.groups.reduce((w, group) => Math.max(w, group.q), 1);
  const matrix = new Float64Array(widest * widest);
  return ({ likelihood, skew, borderSkew }, x, xi) => {
    const { arrow, side, working } = likelihood;
    scaled.set(x);
    for (let f = 0; f < products.groups.length; f += 1) {
      const group = products.groups[f]!;
      const from = products.borderOffsets[f]!;
      for (let j = 0; j < group.J; j += 1) solveSmall(working[f]!, matrix, group.q, scaled, from + j * group.q);
    }
    for (let k = 0; k < r; k += 1) {
      let sum = borderSkew[3 * k + 2]! - side[tail + k]!;
      for (let i = k; i < r; i += 1) sum += arrow.corner[i * r + k]! * scaled[tail + i]!;
      xi[tail + k] = inverse(borderSkew[3 * k]!, borderSkew[3 * k + 1]!, sum);
    }
    blockMeans(J, q, start, columns, side, arrow.border, scaled, tail, mean);
    for (let j = 0; j < J && q > 0; j += 1) {
      for (let a = 0; a < q; a += 1) {
        const at = j * q + a;
        let value = skew[3 * at + 2]! - mean[at]!;
        for (let b = a; b < q; b += 1) value += arrow.blocks[(j * q + b) * q + a]! * scaled[j * q + b]!;
        xi[at] = inverse(skew[3 * at]!, skew[3 * at + 1]!, value);
      }
    }
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
