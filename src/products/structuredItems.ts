import type { ArrowLayout } from './arrowLayout.ts';
import type { WorkingRows } from './workingRows.ts';

/** One row, or a sum of rows of one block, of [Z X r] in the sparse form of the arrow matrix. */
export interface Item {
  /** Its block of the leading factor; 0 where there is none. */
  block: number;
  /** Entries of the block, length q. */
  readonly z: Float64Array;
  /** Entries of the border: how many, their columns, their places in the block's border, and what they are. */
  count: number;
  readonly columns: Int32Array;
  readonly local: Int32Array;
  readonly values: Float64Array;
  residual: number;
}

/**
 * A reader of items: rows times `factor` (the roots of their weights), and the sums of such rows. `residuals` are those
 * of the rows, not multiplied. Two items may be held at once: `load` fills the one it is given.
 */
export function itemReader(
  rows: WorkingRows,
  { pattern }: ArrowLayout,
  factor: Float64Array,
  residuals: Float64Array,
  sums: readonly Int32Array[],
): { allocate(): Item; load(item: number, out: Item): void } {
  const n = factor.length;
  const most = sums.reduce((longest, list) => Math.max(longest, list.length), 1);
  const width = Math.min(most * rows.values.length, pattern.r);
  // The place of each border column in the item being summed, or -1.
  const place = new Int32Array(pattern.r).fill(-1);
  const add = (i: number, out: Item): void => {
    rows.load(i);
    out.block = rows.level();
    const f = factor[i]!;
    for (let a = 0; a < pattern.q; a++) out.z[a]! += f * rows.z[a]!;
    for (let k = 0; k < rows.values.length; k++) {
      const column = rows.columns[k]!;
      let at = place[column]!;
      if (at < 0) {
        at = out.count;
        out.count += 1;
        place[column] = at;
        out.columns[at] = column;
        out.local[at] = rows.local[k]!;
        out.values[at] = 0;
      }
      out.values[at]! += f * rows.values[k]!;
    }
    out.residual += f * residuals[i]!;
  };
  return {
    allocate: () => ({
      block: 0,
      z: new Float64Array(pattern.q),
      count: 0,
      columns: new Int32Array(width),
      local: new Int32Array(width),
      values: new Float64Array(width),
      residual: 0,
    }),
    load(item, out) {
      out.z.fill(0);
      out.count = 0;
      out.residual = 0;
      if (item < n) add(item, out);
      else for (const i of sums[item - n]!) add(i, out);
      for (let k = 0; k < out.count; k++) place[out.columns[k]!] = -1;
    },
  };
}
