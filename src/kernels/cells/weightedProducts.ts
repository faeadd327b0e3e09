import { allocateArrow } from '../../linalg/arrow.ts';
import { cornerPlace, type SparseCorner } from '../../linalg/sparse/sparseCorner.ts';
import type { CrossProducts } from '../../products/crossProducts.ts';
import type { CellTable } from './cellTable.ts';

/** Cross-products of the cells under weights that change: the same arrays, filled anew. */
export interface WeightedProducts {
  /** As of a Gaussian model with known precisions `omega`, about the reference x = 0; sumLogWeights is 0. */
  readonly products: CrossProducts;
  /**
   * Fills A = [Z X]' Omega [Z X] and c = [Z X]' side. `omega` and `side` (length n, in the order of the table) are the
   * precision of each cell and precision times (pseudo-response less offset). Allocates nothing.
   */
  fill(omega: Float64Array, side: Float64Array): void;
  /** Fills c alone; the residual sum of squares stays. */
  fillSide(side: Float64Array): void;
}

/**
 * Prepares cross-products for a table of cells. `groups` and `p` are those of the design; what they say of the
 * population part holds under any weights.
 */
export function weightedProducts(
  table: CellTable,
  groups: CrossProducts['groups'],
  p: number,
  populationFits = false,
): WeightedProducts {
  const { n, J, q, start, z, row, rows, count, values, columns, local, layout, coordinates } = table;
  const { pattern, size, borderOffsets, leading } = layout;
  const { r } = pattern;
  const tail = size - r;
  const A = allocateArrow(pattern);
  const c = new Float64Array(size);
  const rowOmega = new Float64Array(rows);
  const rowSide = new Float64Array(rows);
  const zero = new Float64Array(size);
  const { blocks, border, corner } = A;

  // Where the products of each border row's entries go in a sparse corner.
  const sparsePlaces = pattern.sparse ? rowPlaces(table, pattern.sparse) : null;

  const fillBlocks = (omega: Float64Array): void => {
    blocks.fill(0);
    border.fill(0);
    for (let j = 0; j < J; j += 1) {
      const width = pattern.start[j + 1]! - pattern.start[j]!;
      const edge = q * pattern.start[j]!;
      for (let i = start[j]!; i < start[j + 1]!; i += 1) {
        const from = row[i]! * count;
        const to = i * count;
        for (let a = 0; a < q; a += 1) {
          const weighted = omega[i]! * z[i * q + a]!;
          const block = (j * q + a) * q;
          for (let b = 0; b <= a; b += 1) blocks[block + b] = blocks[block + b]! + weighted * z[i * q + b]!;
          const at = edge + a * width;
          for (let k = 0; k < count; k += 1) {
            const place = at + local[to + k]!;
            border[place] = border[place]! + weighted * values[from + k]!;
          }
        }
      }
      for (let a = 0; a < q; a += 1) {
        for (let b = 0; b < a; b += 1) blocks[(j * q + b) * q + a] = blocks[(j * q + a) * q + b]!;
      }
    }
  };

  const fillSide = (side: Float64Array): void => {
    c.fill(0);
    rowSide.fill(0);
    for (let j = 0; j < J; j += 1) {
      for (let i = start[j]!; i < start[j + 1]!; i += 1) {
        const value = side[i]!;
        rowSide[row[i]!] = rowSide[row[i]!]! + value;
        for (let a = 0; a < q; a += 1) c[j * q + a] = c[j * q + a]! + value * z[i * q + a]!;
      }
    }
    for (let d = 0; d < rows; d += 1) {
      const value = rowSide[d]!;
      for (let k = d * count; k < (d + 1) * count; k += 1) {
        const place = tail + columns[k]!;
        c[place] = c[place]! + value * values[k]!;
      }
    }
  };

  const products = {
    leading,
    borderOffsets,
    pattern,
    size,
    n,
    p,
    groups,
    coordinates,
    A,
    reference: zero,
    c,
    rss: 0,
    c0: c,
    rss0: 0,
    populationFits,
    sumLogWeights: 0,
    knownScale: true,
    scratch: new Float64Array(size),
  };
  return {
    products,
    fillSide,
    fill(omega, side) {
      if (q > 0) fillBlocks(omega);
      rowOmega.fill(0);
      for (let i = 0; i < n; i += 1) rowOmega[row[i]!] = rowOmega[row[i]!]! + omega[i]!;
      corner.fill(0);
      let pair = 0;
      for (let d = 0; d < rows; d += 1) {
        const from = d * count;
        for (let k = 0; k < count; k += 1) {
          const weighted = rowOmega[d]! * values[from + k]!;
          const line = columns[from + k]! * r;
          for (let l = 0; l <= k; l += 1) {
            const place = sparsePlaces ? sparsePlaces[pair++]! : line + columns[from + l]!;
            corner[place] = corner[place]! + weighted * values[from + l]!;
          }
        }
      }
      if (!sparsePlaces)
        for (let i = 0; i < r; i += 1) for (let k = 0; k < i; k += 1) corner[k * r + i] = corner[i * r + k]!;
      fillSide(side);
      let rss = 0;
      for (let i = 0; i < n; i += 1) rss += (side[i]! * side[i]!) / omega[i]!;
      products.rss0 = rss;
      products.rss = rss;
    },
  };
}

function rowPlaces({ rows, count, columns }: CellTable, { places }: SparseCorner): Int32Array {
  const at = cornerPlace(places);
  const out = new Int32Array((rows * count * (count + 1)) / 2);
  let pair = 0;
  for (let from = 0; from < rows * count; from += count) {
    for (let k = from; k < from + count; k += 1) {
      for (let l = from; l <= k; l += 1) out[pair++] = at(columns[k]!, columns[l]!);
    }
  }
  return out;
}
