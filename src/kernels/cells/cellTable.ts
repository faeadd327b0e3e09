import type { Design } from '../../design/design.ts';
import { type ArrowLayout, arrowLayout } from '../../products/arrowLayout.ts';
import { type Coordinates, coordinates as coordinatesOf } from '../../products/coordinates.ts';
import { rowCopies } from '../../products/rowCopies.ts';
import { rowSizes } from '../../products/rowSizes.ts';
import { workingRows } from '../../products/workingRows.ts';

/**
 * The cells of a design as the samplers pass over them: sorted by level of the leading factor, in working coordinates,
 * each split in its leading part z'u_j and in its border row (offset, X and the other factors), which many cells may
 * share: eta_i = predictor[row[i]] + sum_a z[i, a] u[j, a], predictor[d] = base[d] + sum_k values[d, k] x[columns[d,
 * k]].
 */
export interface CellTable {
  readonly n: number;
  /** Blocks: levels of the leading factor, or 1 (with q = 0) where there is none. */
  readonly J: number;
  readonly q: number;
  /** Length J + 1: the cells of block j are start[j] .. start[j + 1] - 1. */
  readonly start: Int32Array;
  /**
   * Responses, sizes (`rowSizes`: trials, exposures, precisions) and how many rows each cell stands for beyond its
   * size, length n.
   */
  readonly y: Float64Array;
  readonly size: Float64Array;
  readonly copies: Float64Array;
  /** n x q, row-major. */
  readonly z: Float64Array;
  /** The one value of z where q = 1 and all are equal, as those of an intercept; else null. */
  readonly constant: number | null;
  /** The border row of each cell, length n. */
  readonly row: Int32Array;
  /** Number of different border rows. */
  readonly rows: number;
  /** Entries of a border row; beta's p are last. */
  readonly count: number;
  /** rows x count: values, and the border columns (0 .. r - 1) they stand in, ascending. */
  readonly values: Float64Array;
  readonly columns: Int32Array;
  /** rows: the offset. */
  readonly base: Float64Array;
  /** n x count: the place of each entry within the border of the cell's block. */
  readonly local: Int32Array;
  readonly layout: ArrowLayout;
  readonly coordinates: Coordinates;
}

/** Lays out merged cells (rows in order of the leading factor's levels). */
export function cellTable(design: Design): CellTable {
  const { n, p, response } = design;
  const size = rowSizes(design);
  const copies = rowCopies(design);
  const coordinates = coordinatesOf(design, size);
  const layout = arrowLayout(design);
  const reader = workingRows(design, layout, coordinates);
  const { leading } = layout;
  const J = Math.max(1, layout.pattern.J);
  const { q } = layout.pattern;
  const count = reader.values.length;
  const start = new Int32Array(J + 1);
  const z = new Float64Array(n * q);
  const row = new Int32Array(n);
  const local = new Int32Array(n * count);
  const values: number[] = [];
  const columns: number[] = [];
  const base: number[] = [];
  const known = new Map<string, number>();
  const { index, counts } =
    leading >= 0 ? design.groupTerms[leading]! : { index: new Int32Array(n), counts: Int32Array.of(n) };
  for (let j = 0; j < J; j += 1) start[j + 1] = start[j]! + counts[j]!;
  const next = start.slice();
  const y = new Float64Array(n);
  const sizes = new Float64Array(n);
  const counted = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    reader.load(i);
    const at = next[index[i]!]!;
    next[index[i]!] = at + 1;
    y[at] = response.y[i]!;
    sizes[at] = size[i]!;
    counted[at] = copies[i]!;
    z.set(reader.z, at * q);
    local.set(reader.local, at * count);
    const offset = response.offset ? response.offset[i]! : 0;
    // The user's own columns decide which rows are equal: rounding may part the working ones.
    const own = Array.from(design.X.subarray(i * p, i * p + p));
    const others = design.groupTerms.map((term, f) =>
      f === leading ? '' : `${term.index[i]}:${term.Z.subarray(i * term.q, (i + 1) * term.q).join()}`,
    );
    const key = `${offset};${own.join()};${others.join(';')}`;
    let d = known.get(key);
    if (d === undefined) {
      d = base.length;
      known.set(key, d);
      base.push(offset);
      for (let k = 0; k < count; k += 1) {
        values.push(reader.values[k]!);
        columns.push(reader.columns[k]!);
      }
    }
    row[at] = d;
  }
  return {
    n,
    J,
    q,
    start,
    y,
    size: sizes,
    copies: counted,
    z,
    constant: q === 1 && z.every((value) => value === z[0]) ? z[0]! : null,
    row,
    rows: base.length,
    count,
    values: Float64Array.from(values),
    columns: Int32Array.from(columns),
    base: Float64Array.from(base),
    local,
    layout,
    coordinates,
  };
}
