import type { CrossProducts } from './crossProducts.ts';

/**
 * Multiplication of border rows by the relative factors of the factors that stand in the border: v' := v'
 * diag(Lambda_f, ..., I), in place, for a row over all r columns or over those that one block touches. Allocates
 * nothing.
 */
export interface BorderScaling {
  /** A row of r entries from `at`; entries of beta stay. */
  row(Lambda: readonly Float64Array[], v: Float64Array, at: number): void;
  /** A row over the columns that block j touches, from `at`. */
  touched(Lambda: readonly Float64Array[], v: Float64Array, at: number, j: number): void;
  /** A column of r entries, `stride` apart from `at`. */
  column(Lambda: readonly Float64Array[], v: Float64Array, at: number, stride: number): void;
}

/** What it takes of cross-products: where each factor's coefficients stand. */
export type BorderPlaces = Pick<CrossProducts, 'pattern' | 'leading' | 'groups' | 'borderOffsets' | 'p'>;

/** Prepares the scaling of one set of cross-products. */
export function borderScaling(products: BorderPlaces): BorderScaling {
  const { pattern, leading, groups, borderOffsets, p } = products;
  const { J, q, r, start, columns } = pattern;
  const others = r - p;
  // The factor of each border column before beta; the columns of one level follow each other.
  const factorOf = new Int32Array(others);
  groups.forEach((group, f) => {
    if (f === leading) return;
    const first = borderOffsets[f]! - J * q;
    factorOf.fill(f, first, first + group.J * group.q);
  });
  const copy = new Float64Array(groups.reduce((w, group) => Math.max(w, group.q), 1));

  /** The q_f entries of one level, `stride` apart; returns q_f. */
  const level = (Lambda: readonly Float64Array[], v: Float64Array, at: number, stride: number, f: number): number => {
    const w = groups[f]!.q;
    const L = Lambda[f]!;
    if (w === 1) {
      v[at] = v[at]! * L[0]!;
      return 1;
    }
    if (w === 2) {
      const x = v[at]!;
      const y = v[at + stride]!;
      v[at] = x * L[0]! + y * L[2]!;
      v[at + stride] = x * L[1]! + y * L[3]!;
      return 2;
    }
    for (let b = 0; b < w; b += 1) {
      let sum = 0;
      for (let a = 0; a < w; a += 1) sum += v[at + a * stride]! * L[a * w + b]!;
      copy[b] = sum;
    }
    for (let b = 0; b < w; b += 1) v[at + b * stride] = copy[b]!;
    return w;
  };

  return {
    row(Lambda, v, at) {
      for (let k = 0; k < others; ) k += level(Lambda, v, at + k, 1, factorOf[k]!);
    },
    touched(Lambda, v, at, j) {
      const first = start[j]!;
      const width = start[j + 1]! - first;
      for (let s = 0; s < width && columns[first + s]! < others; ) {
        s += level(Lambda, v, at + s, 1, factorOf[columns[first + s]!]!);
      }
    },
    column(Lambda, v, at, stride) {
      for (let k = 0; k < others; ) k += level(Lambda, v, at + k * stride, stride, factorOf[k]!);
    },
  };
}
