import type { Arrow } from '../../linalg/arrow.ts';
import { backwardSolveArrow } from '../../linalg/arrowCholesky.ts';
import { inverseCorner } from '../../linalg/arrowInverse.ts';
import { forwardSolve } from '../../linalg/cholesky.ts';
import { inverseHeadTail } from '../../linalg/sparse/headTailInverse.ts';
import { cornerMatrix } from '../../linalg/sparse/sparseCorner.ts';
import type { CrossProducts } from '../../products/crossProducts.ts';
import { scaleBy } from '../../products/relativePrecision.ts';
import type { ArrowMarginalLikelihood } from '../marginal/arrowMarginalLikelihood.ts';
import type { CellTable } from './cellTable.ts';

/**
 * Mean and variance of every cell's linear predictor under the Gaussian conditional of (u, beta) that `likelihood` was
 * last solved at (sigma = 1): with a the cell's row in the scaled coordinates (e, beta), the variance is a' P^-1 a =
 * |y|^2 + d' S d, y = L_j^-1 a_j, d = a_border - G_j' y and S the corner of P^-1. Only the columns that the cell's
 * block touches enter. Set-up only: it allocates.
 */
export function linearPredictorMoments(
  table: CellTable,
  products: CrossProducts,
  likelihood: ArrowMarginalLikelihood,
  mean: Float64Array,
  variance: Float64Array,
): void {
  const { J, q, start, z, row, rows, count, values, columns, base, local, layout } = table;
  const { pattern, size, leading } = layout;
  const tail = size - pattern.r;
  const { arrow, side, working } = likelihood;
  const scaled = Float64Array.from(side);
  backwardSolveArrow(arrow, scaled);
  const x = new Float64Array(size);
  scaleBy(products, working, scaled, x);
  const S = inverseOfCorner(arrow);
  const scaledRows = scaleRows(table, products, working);
  const empty = new Float64Array(0);
  const L = leading >= 0 ? working[leading]! : empty;
  const predictor = new Float64Array(rows);
  for (let d = 0; d < rows; d += 1) {
    let sum = base[d]!;
    for (let k = d * count; k < (d + 1) * count; k += 1) sum += values[k]! * x[tail + columns[k]!]!;
    predictor[d] = sum;
  }
  const y = new Float64Array(q);
  const everything = Int32Array.from({ length: pattern.r }, (_, k) => k);
  let pairs = 0;
  for (let j = 0; j < J; j += 1) {
    const first = q > 0 ? pattern.start[j]! : 0;
    const touched = q > 0 ? pattern.columns.subarray(first, pattern.start[j + 1]!) : everything;
    const width = touched.length;
    const d = new Float64Array(width);
    // The corner of P^-1 at the columns of this block.
    const own = new Float64Array(width * width);
    for (let s = 0; s < width; s += 1) {
      for (let t = 0; t <= s; t += 1, pairs += 1) {
        const value = S(pairs, touched[s]!, touched[t]!);
        own[s * width + t] = value;
        own[t * width + s] = value;
      }
    }
    for (let i = start[j]!; i < start[j + 1]!; i += 1) {
      d.fill(0);
      const from = row[i]! * count;
      for (let k = 0; k < count; k += 1) d[q > 0 ? local[i * count + k]! : columns[from + k]!] = scaledRows[from + k]!;
      let eta = predictor[row[i]!]!;
      for (let b = 0; b < q; b += 1) {
        eta += z[i * q + b]! * x[j * q + b]!;
        let sum = 0;
        for (let a = 0; a < q; a += 1) sum += L[a * q + b]! * z[i * q + a]!;
        y[b] = sum;
      }
      forwardSolve(arrow.blocks, q, y, j * q * q, 0);
      let v = 0;
      for (let a = 0; a < q; a += 1) {
        const ya = y[a]!;
        v += ya * ya;
        const g = q * first + a * width;
        for (let s = 0; s < width; s += 1) d[s] = d[s]! - arrow.border[g + s]! * ya;
      }
      for (let s = 0; s < width; s += 1) {
        let sum = 0;
        for (let t = 0; t < width; t += 1) sum += own[s * width + t]! * d[t]!;
        v += d[s]! * sum;
      }
      mean[i] = eta;
      variance[i] = v;
    }
  }
}

/** The corner of P^-1 at two columns that a block touches, its pair of number `pair` (`SparseCorner.products`). */
function inverseOfCorner(arrow: Arrow): (pair: number, s: number, t: number) => number {
  const { r, sparse } = arrow.pattern;
  const out = new Float64Array(arrow.corner.length);
  if (!sparse) {
    inverseCorner(arrow, out);
    return (_pair, s, t) => out[s * r + t]!;
  }
  const { tail } = sparse.places;
  inverseHeadTail(arrow.sparse!.matrix, 0, cornerMatrix(sparse, out), new Float64Array(tail * tail));
  return (pair) => out[sparse.products[pair]!]!;
}

/** The border rows in scaled coordinates: Lambda_f' z in the places of every factor f, beta's entries as they are. */
function scaleRows(table: CellTable, products: CrossProducts, working: readonly Float64Array[]): Float64Array {
  const { rows, count, values } = table;
  const out = Float64Array.from(values);
  for (let d = 0; d < rows; d += 1) {
    let at = d * count;
    products.groups.forEach(({ q }, f) => {
      if (f === products.leading) return;
      const Lambda = working[f]!;
      for (let b = 0; b < q; b += 1) {
        let sum = 0;
        for (let a = 0; a < q; a += 1) sum += Lambda[a * q + b]! * values[at + a]!;
        out[at + b] = sum;
      }
      at += q;
    });
  }
  return out;
}
