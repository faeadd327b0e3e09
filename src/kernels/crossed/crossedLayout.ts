import type { CrossProducts } from '../../products/crossProducts.ts';
import { type SparseRows, sparseRows, transposed } from './sparseRows.ts';

/**
 * Coefficients of small factors that stand beside beta, at most: a factorisation of so many is cheaper than the pass
 * over the cells.
 */
const WIDEST_BORDER = 60;

/**
 * One large factor: what its levels have in common with each other large factor and with the border, working
 * coordinates.
 */
export interface LargeFactor {
  /** Its place among the group terms, and the start of its J x q coefficients in x. */
  readonly f: number;
  readonly offset: number;
  readonly J: number;
  readonly q: number;
  /** Z_j' W Z_j of every level, J x q x q, both triangles. */
  readonly blocks: Float64Array;
  /** Rows of Z_f' W Z_o for each other large factor; columns are places in x. */
  readonly others: readonly { readonly f: number; readonly rows: SparseRows }[];
  /**
   * Level j touches `columns[start[j]] ..` of the border w; Z_j' W [Z_g X] there is q x (start[j + 1] - start[j]),
   * row-major, at q * start[j] of `edge`.
   */
  readonly start: Int32Array;
  readonly columns: Int32Array;
  readonly edge: Float64Array;
}

/**
 * The cross-products of a model with large factors, taken apart: large factors, and the border w = (u of
 * the small factors, beta).
 */
export interface CrossedLayout {
  readonly large: readonly LargeFactor[];
  /** The small factors: places among the group terms, in order; their coefficients stand first in w. */
  readonly small: readonly number[];
  /** Places in x of the coefficients of w. */
  readonly places: Int32Array;
  /** [Z_g X]' W [Z_g X], W x W, both triangles. */
  readonly corner: Float64Array;
}

/**
 * Which factors are large: the leading one, the next one in size, and each other until the smallest have at most 60
 * coefficients together. The two lists are in the order of the design, the leading factor first.
 */
export function largeFactors({ groups, leading }: Pick<CrossProducts, 'groups' | 'leading'>): {
  large: number[];
  small: number[];
} {
  const size = (f: number): number => groups[f]!.J * groups[f]!.q;
  const others = groups.map((_, f) => f).filter((f) => f !== leading);
  const ascending = [...others].sort((a, b) => size(a) - size(b) || a - b);
  const small: number[] = [];
  let width = 0;
  for (const f of ascending.slice(0, -1)) {
    width += size(f);
    if (width > WIDEST_BORDER) break;
    small.push(f);
  }
  return { large: [leading, ...others.filter((f) => !small.includes(f))], small: small.sort((a, b) => a - b) };
}

/** Takes the cross-products of a model with at least one factor apart. */
export function crossedLayout(products: CrossProducts): CrossedLayout {
  const { groups, borderOffsets, size, p, A, pattern, leading } = products;
  const { large, small } = largeFactors(products);
  const range = (f: number): [number, number] => [borderOffsets[f]!, borderOffsets[f]! + groups[f]!.J * groups[f]!.q];
  const head = pattern.J * pattern.q;
  const { r } = pattern;
  const places: number[] = [];
  for (const f of small) for (let i = range(f)[0]; i < range(f)[1]; i += 1) places.push(i);
  for (let i = size - p; i < size; i += 1) places.push(i);
  const W = places.length;
  const corner = new Float64Array(W * W);
  for (let a = 0; a < W; a += 1)
    for (let b = 0; b < W; b += 1) corner[a * W + b] = A.corner[(places[a]! - head) * r + places[b]! - head]!;
  const own = new Map(large.map((f) => [f, large.map((o) => (o === f ? null : sparseRows(products, f, range(o))))]));
  return {
    large: large.map((f) => {
      const { J, q } = groups[f]!;
      // The cells of two factors are read once, from the one whose rows are stored, and turned round for the other.
      const others = large.flatMap((o, k) => {
        if (o === f) return [];
        const rows = own.get(f)![k] ?? transposed(own.get(o)![large.indexOf(f)]!, range(o), range(f));
        return [{ f: o, rows }];
      });
      return { f, offset: range(f)[0], J, q, blocks: blocksOf(products, f), others, ...edges(products, f, places) };
    }),
    small,
    places: Int32Array.from(places),
    corner,
  };

  function blocksOf({ A: { blocks, corner: dense } }: CrossProducts, f: number): Float64Array {
    if (f === leading) return blocks;
    const { J, q } = groups[f]!;
    const out = new Float64Array(J * q * q);
    for (let j = 0; j < J; j += 1) {
      const at = borderOffsets[f]! - head + j * q;
      for (let a = 0; a < q; a += 1)
        for (let b = 0; b < q; b += 1) out[(j * q + a) * q + b] = dense[(at + a) * r + at + b]!;
    }
    return out;
  }
}

/** What each level of a factor has in common with the border. */
function edges(products: CrossProducts, f: number, places: readonly number[]) {
  const { J, q } = products.groups[f]!;
  const W = places.length;
  const of = new Map(places.map((place, k) => [place, k]));
  const start = new Int32Array(J + 1);
  const columns: number[] = [];
  const edge: number[] = [];
  const rows = new Float64Array(q * W);
  const all = sparseRows(products, f, [products.pattern.J * products.pattern.q, products.size])!;
  for (let j = 0; j < J; j += 1) {
    rows.fill(0);
    const touched = new Set<number>();
    for (let a = 0; a < q; a += 1) {
      for (let s = all.start[j * q + a]!; s < all.start[j * q + a + 1]!; s += 1) {
        const k = of.get(all.columns[s]!);
        if (k === undefined) continue;
        touched.add(k);
        rows[a * W + k] = all.values[s]!;
      }
    }
    const here = [...touched].sort((a, b) => a - b);
    for (const k of here) columns.push(k);
    for (let a = 0; a < q; a += 1) for (const k of here) edge.push(rows[a * W + k]!);
    start[j + 1] = columns.length;
  }
  return { start, columns: Int32Array.from(columns), edge: Float64Array.from(edge) };
}
