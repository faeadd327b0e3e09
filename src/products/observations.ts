import type { Design, GroupTerm } from '../design/design.ts';

/** How many rows of the data a design is of: its rows, or those that its rows stand for. */
export function observations({ n, rows }: Pick<Design, 'n' | 'rows'>): number {
  return rows.reduced?.observations ?? n;
}

/** How many rows of the data each level has, length J. */
export function levelObservations({ rows }: Pick<Design, 'rows'>, { J, index, counts }: GroupTerm): ArrayLike<number> {
  const { reduced } = rows;
  if (!reduced) return counts;
  const sizes = new Float64Array(J);
  for (let i = 0; i < index.length; i++) sizes[index[i]!]! += reduced.counts[i]!;
  // Shares of a cell's rows add up to a whole number but for rounding.
  return sizes.map(Math.round);
}
