import type { Arrow } from '../linalg/arrow.ts';
import { cornerPlace } from '../linalg/sparse/sparseCorner.ts';
import { borderScaling } from './borderScaling.ts';
import type { CrossProducts } from './crossProducts.ts';
import { sparseScaling } from './sparseScaling.ts';

/**
 * Fills the arrow matrix of the scaled coefficients: with u~_f = Lambda_f e_f (working coordinates, Lambda_f relative
 * to sigma),
 *   P = [Lambda 0; 0 I]' A [Lambda 0; 0 I] + diag(I, sigma^2 V^-1),
 * which stays regular at tau = 0. `Lambda[f]` is q_f x q_f, row-major, not necessarily triangular; `betaPrecision` is
 * sigma^2 V^-1 (p x p, working coordinates) or null for a flat prior. `source` stands in for the cross-products' own
 * border and corner (both triangles), where a caller has recentred them. Only the lower triangles of `out` are filled.
 * Allocates nothing.
 */
export type RelativePrecision = (
  Lambda: readonly Float64Array[],
  betaPrecision: Float64Array | null,
  out: Arrow,
  source?: { readonly border: Float64Array; readonly corner: Float64Array },
) => void;

/** Where coefficients stand in the arrow's vectors. */
export type ArrowPlaces = Pick<CrossProducts, 'groups' | 'borderOffsets' | 'size' | 'p'>;

/** The same with cross-products A, which may change between fills. */
export type ArrowProducts = ArrowPlaces & Pick<CrossProducts, 'A' | 'pattern' | 'leading'>;

/** Prepares the fill for one set of cross-products. */
export function relativePrecision(products: ArrowProducts): RelativePrecision {
  const { A, pattern, leading, p } = products;
  const { J, q, r, start } = pattern;
  const others = r - p;
  const scaling = borderScaling(products);
  const sparse = pattern.sparse ? sparseScaling(products) : null;
  const ofBeta = pattern.sparse ? cornerPlace(pattern.sparse.places) : (i: number, k: number): number => i * r + k;
  const half = new Float64Array(q * q);
  const empty = new Float64Array(0);

  return (Lambda, betaPrecision, out, { border, corner } = A) => {
    const L = leading >= 0 ? Lambda[leading]! : empty;
    fillBlocks(A, border, L, out, half);
    if (others > 0) {
      const { border: rows } = out;
      for (let j = 0; j < J; j += 1) {
        const width = start[j + 1]! - start[j]!;
        for (let b = 0; b < q; b += 1) scaling.touched(Lambda, rows, q * start[j]! + b * width, j);
      }
    }
    if (sparse) sparse(Lambda, corner, out.corner);
    else out.corner.set(corner);
    if (others > 0 && !sparse) {
      for (let i = 0; i < r; i += 1) scaling.row(Lambda, out.corner, i * r);
      for (let i = 0; i < r; i += 1) scaling.column(Lambda, out.corner, i, r);
      for (let k = 0; k < others; k += 1) out.corner[k * r + k] = out.corner[k * r + k]! + 1;
    }
    if (betaPrecision) {
      for (let a = 0; a < p; a += 1) {
        for (let b = 0; b <= a; b += 1) {
          const at = ofBeta(others + a, others + b);
          out.corner[at] = out.corner[at]! + betaPrecision[a * p + b]!;
        }
      }
    }
  };
}

/**
 * Diagonal blocks L' A_jj L + I (lower triangles) and border rows L' A_j of every block; one and two coordinates a
 * block are written out.
 */
function fillBlocks(A: Arrow, from: Float64Array, L: Float64Array, out: Arrow, half: Float64Array): void {
  const { J, q, start } = A.pattern;
  const { blocks } = A;
  if (q === 1) {
    const l = L[0]!;
    const l2 = l * l;
    for (let j = 0; j < J; j += 1) out.blocks[j] = 1 + l2 * blocks[j]!;
    for (let s = 0, end = start[J]!; s < end; s += 1) out.border[s] = l * from[s]!;
    return;
  }
  if (q === 2) {
    const a = L[0]!;
    const b = L[1]!;
    const c = L[2]!;
    const d = L[3]!;
    for (let j = 0; j < J; j += 1) {
      const at = 4 * j;
      const x = blocks[at]!;
      const y = blocks[at + 2]!;
      const z = blocks[at + 3]!;
      const u0 = x * a + y * c;
      const v0 = y * a + z * c;
      const u1 = x * b + y * d;
      const v1 = y * b + z * d;
      out.blocks[at] = 1 + a * u0 + c * v0;
      out.blocks[at + 2] = b * u0 + d * v0;
      out.blocks[at + 3] = 1 + b * u1 + d * v1;
      const upper = 2 * start[j]!;
      const width = start[j + 1]! - start[j]!;
      const lower = upper + width;
      for (let s = 0; s < width; s += 1) {
        const p = from[upper + s]!;
        const r = from[lower + s]!;
        out.border[upper + s] = a * p + c * r;
        out.border[lower + s] = b * p + d * r;
      }
    }
    return;
  }
  for (let j = 0; j < J; j += 1) {
    const at = j * q * q;
    for (let a = 0; a < q; a += 1) {
      for (let b = 0; b < q; b += 1) {
        let sum = 0;
        for (let k = 0; k < q; k += 1) sum += blocks[at + a * q + k]! * L[k * q + b]!;
        half[a * q + b] = sum;
      }
    }
    for (let a = 0; a < q; a += 1) {
      for (let b = 0; b <= a; b += 1) {
        let sum = a === b ? 1 : 0;
        for (let k = 0; k < q; k += 1) sum += L[k * q + a]! * half[k * q + b]!;
        out.blocks[at + a * q + b] = sum;
      }
    }
    const width = start[j + 1]! - start[j]!;
    const g = q * start[j]!;
    for (let b = 0; b < q; b += 1) {
      for (let s = 0; s < width; s += 1) {
        let sum = 0;
        for (let a = 0; a < q; a += 1) sum += L[a * q + b]! * from[g + a * width + s]!;
        out.border[g + b * width + s] = sum;
      }
    }
  }
}

/** out := [Lambda 0; 0 I]' v for a vector in the order of the cross-products; `out` must not be `v`. */
export function scaleTransposed(
  products: ArrowPlaces,
  Lambda: readonly Float64Array[],
  v: Float64Array,
  out: Float64Array,
): void {
  applyLevels(products, Lambda, v, out, true);
}

/** out := [Lambda 0; 0 I] v: working coefficients u~ = Lambda e from scaled ones; `out` must not be `v`. */
export function scaleBy(
  products: ArrowPlaces,
  Lambda: readonly Float64Array[],
  v: Float64Array,
  out: Float64Array,
): void {
  applyLevels(products, Lambda, v, out, false);
}

function applyLevels(
  products: ArrowPlaces,
  Lambda: readonly Float64Array[],
  v: Float64Array,
  out: Float64Array,
  transposed: boolean,
): void {
  const { groups, borderOffsets, size, p } = products;
  for (let f = 0; f < groups.length; f += 1) {
    const { J, q } = groups[f]!;
    const L = Lambda[f]!;
    for (let j = 0; j < J; j += 1) {
      const at = borderOffsets[f]! + j * q;
      for (let a = 0; a < q; a += 1) {
        let sum = 0;
        for (let b = 0; b < q; b += 1) sum += (transposed ? L[b * q + a]! : L[a * q + b]!) * v[at + b]!;
        out[at + a] = sum;
      }
    }
  }
  for (let k = size - p; k < size; k += 1) out[k] = v[k]!;
}
