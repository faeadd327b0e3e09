import type { DependentColumn, RankDeficiency } from './design.ts';

/**
 * What misses the row space by less than this share of its size is taken to lie in it: R's `estimability` has the same.
 */
const TOLERANCE = 1e-8;
/** Cells that a reason names. */
const NAMED = 3;

/**
 * The first column left out of X that keeps x'beta from being estimable, or null where the rows of the fit determine
 * it. x (`at` gives its entries by position among the full columns) is estimable when it lies in the row space of the
 * full X: where every column left out is the same combination of the others in x as it is in the rows, x_j = sum_k w_jk
 * x_k. Then x'beta is the sum over the columns that are kept.
 */
export function notEstimable({ dependent }: RankDeficiency, at: (column: number) => number): DependentColumn | null {
  for (const column of dependent) {
    const own = at(column.column);
    let rest = own;
    let size = Math.abs(own);
    for (const [k, weight] of column.weights) {
      const part = weight * at(k);
      rest -= part;
      size += Math.abs(part);
    }
    if (Math.abs(rest) > TOLERANCE * size) return column;
  }
  return null;
}

/**
 * Why a row is not estimable, or null where it is: `in the rows of the fit x13:x21 is 0 in every row, and here not (no
 * row has x1 "3" with x2 "1")`.
 */
export function notEstimableReason(deficiency: RankDeficiency, at: (column: number) => number): string | null {
  const found = notEstimable(deficiency, at);
  if (found === null) return null;
  const { cells, cellCount } = deficiency;
  const shown = cells.slice(0, NAMED).join(', ');
  const more = cellCount > NAMED ? ` and ${cellCount - NAMED} more cells` : '';
  const why = found.emptyCell && cells.length > 0 ? ` (no row has ${shown}${more})` : '';
  return `not estimable: in the fit ${found.sentence}, and here not${why}`;
}
