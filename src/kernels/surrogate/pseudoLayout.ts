import type { Design } from '../../design/design.ts';
import { rowsByLevel } from '../../products/arrowLayout.ts';
import type { CrossProducts } from '../../products/crossProducts.ts';
import { type CrossedLayout, type LargeFactor, largeFactors } from '../crossed/crossedLayout.ts';
import type { CrossedRows, FactorRows } from './crossedRows.ts';

/**
 * The layout of a crossed model under precisions of the rows that change. What the large factors have in common with
 * each other is not in it (`others` is empty): that is summed over the rows.
 */
export interface PseudoLayout extends CrossedLayout {
  /** [Z X]' side, length of x; the entries of large factors are free for others to use. */
  readonly c: Float64Array;
  /** Fills blocks, edges, corner and c with precisions `omega` and `side`, length n. Allocates nothing. */
  fill(omega: Float64Array, side: Float64Array): void;
}

/** The layout of a design with at least one factor, empty. */
export function pseudoLayout(
  { groupTerms }: Design,
  rows: CrossedRows,
  products: Pick<CrossProducts, 'groups' | 'leading' | 'size'>,
): PseudoLayout {
  const { n, p, X, factors } = rows;
  const { large, small } = largeFactors(products);
  const places: number[] = [];
  const starts = small.map((f) => {
    const { J, q, offset } = factors[f]!;
    const from = places.length;
    for (let i = 0; i < J * q; i += 1) places.push(offset + i);
    return from;
  });
  const first = places.length;
  for (let k = 0; k < p; k += 1) places.push(rows.beta + k);
  const W = places.length;
  const corner = new Float64Array(W * W);
  const c = new Float64Array(products.size);
  const smallRows = small.map((f) => factors[f]!);
  // The border's entries of one row: the small factors' varying columns in order, then X.
  const count = smallRows.reduce((sum, { q }) => sum + q, 0) + p;
  const values = new Float64Array(count);
  const columns = new Int32Array(count);
  const within = new Int32Array(count);

  const load = (i: number): void => {
    let k = 0;
    for (let g = 0; g < smallRows.length; g += 1) {
      const { q, index, z, constant } = smallRows[g]!;
      for (let a = 0; a < q; a += 1, k += 1) {
        values[k] = constant ? z[0]! : z[i * q + a]!;
        columns[k] = starts[g]! + index[i]! * q + a;
      }
    }
    for (let a = 0; a < p; a += 1, k += 1) {
      values[k] = X[i * p + a]!;
      columns[k] = first + a;
    }
  };

  /** Which columns of the border each level of a large factor touches, and where each row's stand among them. */
  const touched = (f: number): { start: Int32Array; columns: Int32Array; local: readonly Int32Array[] } => {
    const { start: from, order } = rowsByLevel(groupTerms[f]!);
    const { J } = factors[f]!;
    const start = new Int32Array(J + 1);
    const met: number[] = [];
    const local = smallRows.map(() => new Int32Array(n));
    for (let j = 0; j < J; j += 1) {
      for (let g = 0; g < smallRows.length; g += 1) {
        const { q, index } = smallRows[g]!;
        const members = order.subarray(from[j]!, from[j + 1]!);
        const levels = [...new Set(Array.from(members, (i) => index[i]!))].sort((a, b) => a - b);
        const at = new Map(levels.map((level, k) => [level, met.length - start[j]! + k * q]));
        for (const i of members) local[g]![i] = at.get(index[i]!)!;
        for (const level of levels) for (let a = 0; a < q; a += 1) met.push(starts[g]! + level * q + a);
      }
      for (let k = 0; k < p; k += 1) met.push(first + k);
      start[j + 1] = met.length;
    }
    return { start, columns: Int32Array.from(met), local };
  };

  const own = large.map((f): { readonly factor: LargeFactor; fill(omega: Float64Array): void } => {
    const { J, q, offset, index, z, constant }: FactorRows = factors[f]!;
    const { start, columns: met, local } = touched(f);
    const blocks = new Float64Array(J * q * q);
    const edge = new Float64Array(q * met.length);
    return {
      factor: { f, offset, J, q, blocks, others: [], start, columns: met, edge },
      fill(omega) {
        blocks.fill(0);
        edge.fill(0);
        for (let i = 0; i < n; i += 1) {
          load(i);
          const j = index[i]!;
          const width = start[j + 1]! - start[j]!;
          let k = 0;
          for (let g = 0; g < smallRows.length; g += 1)
            for (let a = 0; a < smallRows[g]!.q; a += 1, k += 1) within[k] = local[g]![i]! + a;
          for (let a = 0; a < p; a += 1, k += 1) within[k] = width - p + a;
          for (let a = 0; a < q; a += 1) {
            const weighted = omega[i]! * (constant ? z[0]! : z[i * q + a]!);
            for (let b = 0; b < q; b += 1) {
              const at = (j * q + a) * q + b;
              blocks[at] = blocks[at]! + weighted * (constant ? z[0]! : z[i * q + b]!);
            }
            const row = q * start[j]! + a * width;
            for (let l = 0; l < count; l += 1) {
              const at = row + within[l]!;
              edge[at] = edge[at]! + weighted * values[l]!;
            }
          }
        }
      },
    };
  });

  return {
    large: own.map(({ factor }) => factor),
    small,
    places: Int32Array.from(places),
    corner,
    c,
    fill(omega, side) {
      for (const { fill } of own) fill(omega);
      corner.fill(0);
      c.fill(0);
      for (let i = 0; i < n; i += 1) {
        load(i);
        for (let k = 0; k < count; k += 1) {
          const weighted = omega[i]! * values[k]!;
          const place = places[columns[k]!]!;
          c[place] = c[place]! + side[i]! * values[k]!;
          for (let l = 0; l < count; l += 1) {
            const at = columns[k]! * W + columns[l]!;
            corner[at] = corner[at]! + weighted * values[l]!;
          }
        }
      }
    },
  };
}

/** c_j += D_j u_j + N_jw w for every level of a large factor: what its scores at (u, w) lack of S. */
export function addOwn(
  { J, q, offset, blocks, start, columns, edge }: LargeFactor,
  x: Float64Array,
  w: Float64Array,
  c: Float64Array,
): void {
  for (let j = 0; j < J; j += 1) {
    const first = start[j]!;
    const width = start[j + 1]! - first;
    for (let a = 0; a < q; a += 1) {
      const i = j * q + a;
      let sum = c[offset + i]!;
      for (let b = 0; b < q; b += 1) sum += blocks[i * q + b]! * x[offset + j * q + b]!;
      const row = q * first + a * width;
      for (let l = 0; l < width; l += 1) sum += edge[row + l]! * w[columns[first + l]!]!;
      c[offset + i] = sum;
    }
  }
}
