import type { CellTable } from './cellTable.ts';

/** What sum_i y_i eta_i is linear in: the border's coefficients (length r), and those of the blocks (J x q). */
export interface LinearSums {
  readonly border: Float64Array;
  readonly blocks: Float64Array;
}

/** The sums of y over the cells of a table, y in the order of the table. */
export function linearSums(table: CellTable, y: Float64Array): LinearSums {
  const { J, q, start, row, z, count, values: entries, columns, layout } = table;
  const border = new Float64Array(layout.pattern.r);
  const blocks = new Float64Array(J * q);
  for (let j = 0; j < J; j += 1) {
    for (let i = start[j]!; i < start[j + 1]!; i += 1) {
      for (let a = 0; a < q; a += 1) blocks[j * q + a] = blocks[j * q + a]! + y[i]! * z[i * q + a]!;
      for (let k = row[i]! * count; k < (row[i]! + 1) * count; k += 1) {
        border[columns[k]!] = border[columns[k]!]! + y[i]! * entries[k]!;
      }
    }
  }
  return { border, blocks };
}

/** Adds the part of the blocks from .. to - 1 at their coefficients u. Allocates nothing. */
export function addLinear(
  from: number,
  to: number,
  q: number,
  sums: Float64Array,
  u: Float64Array,
  values: Float64Array,
): void {
  for (let j = from, k = from * q; j < to; j += 1) {
    let sum = values[j]!;
    for (let a = 0; a < q; a += 1, k += 1) sum += sums[k]! * u[k]!;
    values[j] = sum;
  }
}
