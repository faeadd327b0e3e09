/** What the cells of a column are. */
export type Kind = 'text' | 'number';

/** Columns by name. */
export type Columns<K extends Readonly<Record<string, Kind>>> = {
  readonly [Name in keyof K]: readonly (K[Name] extends 'number' ? number : string)[];
};

/**
 * The columns of a table that is written with commas between cells and semicolons (or ends of lines) between rows; no
 * cell holds either. Plain frozen arrays.
 */
export function columnsOf<const K extends Readonly<Record<string, Kind>>>(kinds: K, text: string): Columns<K> {
  const rows = text
    .split(/[;\n]+/)
    .filter((row) => row !== '')
    .map((row) => row.split(','));
  const columns = Object.entries(kinds).map(([name, kind], k) => [
    name,
    Object.freeze(rows.map((row) => (kind === 'number' ? Number(row[k]) : row[k]!))),
  ]);
  return Object.freeze(Object.fromEntries(columns)) as Columns<K>;
}
