import type { CrossProducts } from '../../products/crossProducts.ts';
import { type LevelProducts, turnedPair } from '../../products/levelProducts.ts';

/** Sparse rows: row i has `values[s]` at `columns[s]`, start[i] <= s < start[i + 1], columns ascending. */
export interface SparseRows {
  readonly start: Int32Array;
  readonly columns: Int32Array;
  readonly values: Float64Array;
}

/**
 * The rows of a factor's coefficients in the cross-products A, at the columns from <= k < to of x that are not its own;
 * null where they are the leading factor's, whose columns are stored as rows only. Zeros are left out.
 */
export function sparseRows(
  { A, levels, pattern, leading, groups, borderOffsets }: CrossProducts,
  f: number,
  [from, to]: readonly [number, number],
): SparseRows | null {
  const { J, q } = groups[f]!;
  const head = pattern.J * pattern.q;
  if (to <= head) return null;
  if (levels && f !== leading) return rowsOfLevels(levels, f, [from, to]);
  const offset = borderOffsets[f]!;
  const start = new Int32Array(J * q + 1);
  const fill = (columns: Int32Array | null, values: Float64Array | null): number => {
    let count = 0;
    const put = (column: number, value: number): void => {
      if (value === 0) return;
      if (columns && values) {
        columns[count] = column;
        values[count] = value;
      }
      count += 1;
    };
    for (let j = 0; j < J; j += 1) {
      for (let a = 0; a < q; a += 1) {
        if (f === leading) {
          const width = pattern.start[j + 1]! - pattern.start[j]!;
          const row = q * pattern.start[j]! + a * width;
          for (let s = 0; s < width; s += 1) {
            const column = head + pattern.columns[pattern.start[j]! + s]!;
            if (column >= from && column < to) put(column, A.border[row + s]!);
          }
        } else {
          const row = (offset - head + j * q + a) * pattern.r;
          for (let column = from; column < to; column += 1) {
            if (column < offset || column >= offset + J * q) put(column, A.corner[row + column - head]!);
          }
        }
        start[j * q + a + 1] = count;
      }
    }
    return count;
  };
  const count = fill(null, null);
  const columns = new Int32Array(count);
  const values = new Float64Array(count);
  fill(columns, values);
  return { start, columns, values };
}

/** The transpose of rows for the places `own` of x whose columns are places in `columns` of x. */
export function transposed(
  rows: SparseRows,
  own: readonly [number, number],
  [from, to]: readonly [number, number],
): SparseRows {
  const start = new Int32Array(to - from + 1);
  for (const column of rows.columns) start[column - from + 1]! += 1;
  for (let k = 0; k < to - from; k += 1) start[k + 1]! += start[k]!;
  const next = start.slice();
  const columns = new Int32Array(rows.columns.length);
  const values = new Float64Array(rows.columns.length);
  for (let i = 0; i < own[1] - own[0]; i += 1) {
    for (let s = rows.start[i]!; s < rows.start[i + 1]!; s += 1) {
      const at = next[rows.columns[s]! - from]!++;
      columns[at] = own[0] + i;
      values[at] = rows.values[s]!;
    }
  }
  return { start, columns, values };
}

/** The same of a factor that does not lead, where the corner is there by pairs of levels. */
function rowsOfLevels(
  { groups, offsets, beside, pairs, p, size }: LevelProducts,
  f: number,
  [from, to]: readonly [number, number],
): SparseRows {
  const { J, q } = groups[f]!;
  const met = pairs
    .flatMap((pair) => (pair.f === f ? [pair] : pair.g === f ? [turnedPair(pair, groups)] : []))
    .filter(({ g }) => offsets[g]! >= from && offsets[g]! < to)
    .sort((a, b) => offsets[a.g]! - offsets[b.g]!);
  const start = new Int32Array(J * q + 1);
  const columns: number[] = [];
  const values: number[] = [];
  const put = (column: number, value: number): void => {
    if (value === 0 || column < from || column >= to) return;
    columns.push(column);
    values.push(value);
  };
  for (let j = 0; j < J; j += 1) {
    for (let a = 0; a < q; a += 1) {
      for (const pair of met) {
        const width = groups[pair.g]!.q;
        for (let k = pair.start[j]!; k < pair.start[j + 1]!; k += 1) {
          for (let b = 0; b < width; b += 1) {
            put(offsets[pair.g]! + pair.levels[k]! * width + b, pair.values[(k * q + a) * width + b]!);
          }
        }
      }
      for (let k = 0; k < p; k += 1) put(size - p + k, beside[f]![(j * q + a) * p + k]!);
      start[j * q + a + 1] = columns.length;
    }
  }
  return { start, columns: Int32Array.from(columns), values: Float64Array.from(values) };
}
