import type { Design, GroupTerm } from './design.ts';

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

/** Where the rows were reduced, to how many, in parentheses; else nothing. */
export function reducedText({ n, rows }: Pick<Design, 'n' | 'rows'>): string {
  if (!rows.reduced) return '';
  const what = rows.reduced.moments === null ? 'distinct rows' : 'rows with the moments of their cells';
  return ` (reduced in a database to ${n} ${what})`;
}

/** How many rows a design is of, and to how many they were reduced. */
export function rowsText(design: Pick<Design, 'n' | 'rows'>): string {
  return `${observations(design)} rows${reducedText(design)}`;
}
