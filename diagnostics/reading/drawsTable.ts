import { quote } from '../chains.ts';
import { DiagnosticsError } from '../diagnosticsError.ts';

// Names of the columns that are not variables, as posterior, tidybayes, ArviZ, ggmcmc, CmdStan, MCMCChains and this
// package write them.
export const CHAIN = /^\.?chain(_id|__)?$/i;
export const ITERATION = /^\.?(iteration|iter)$/i;
export const DRAW = /^\.?draw$/i;

/** Draws as rows of cells under names; `where` names the table in messages. */
export interface DrawsTable {
  readonly names: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const SPECIAL: Readonly<Record<string, number>> = {
  na: Number.NaN,
  nan: Number.NaN,
  missing: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  true: 1,
  false: 0,
};

/** A cell as a number; row `row` (from 0) of a column for the message. Throws `not-numeric`. */
export function cellNumber(cell: string | undefined, row: number, column: string): number {
  const text = cell?.trim() ?? '';
  const value = text === '' ? Number.NaN : Number(text);
  if (!Number.isNaN(value)) return value;
  const special = SPECIAL[text.toLowerCase()];
  if (special !== undefined) return special;
  throw new DiagnosticsError(
    'not-numeric',
    `row ${row + 1} of column ${quote(column)} is ${quote(text)}, not a number`,
  );
}

const isEmpty = (cell: string): boolean => cell === '' || cell.toLowerCase() === 'na';

/**
 * The column that puts the draws of a chain in order: the iteration, else the draw; -1 where there is none, or only NA.
 */
export function orderColumn({ names, rows }: DrawsTable): number {
  const filled = (pattern: RegExp): number =>
    names.findIndex((name, k) => pattern.test(name) && rows.some((row) => !isEmpty(row[k]!.trim())));
  const iteration = filled(ITERATION);
  return iteration >= 0 ? iteration : filled(DRAW);
}

/**
 * Rows of the table by chain label, labels in order of first appearance (numbers in numeric order), each in order of
 * iteration.
 */
export function rowsByChain(table: DrawsTable): Map<string, number[]> {
  const { names, rows } = table;
  const chainColumn = names.findIndex((name) => CHAIN.test(name));
  const order = orderColumn(table);
  const groups = new Map<string, number[]>();
  rows.forEach((row, r) => {
    const label = chainColumn < 0 ? '1' : row[chainColumn]!.trim();
    const group = groups.get(label);
    if (group === undefined) groups.set(label, [r]);
    else group.push(r);
  });
  if (order >= 0) {
    for (const [label, group] of groups) {
      const at = new Map(group.map((r) => [r, cellNumber(rows[r]![order], r, names[order]!)]));
      group.sort((a, b) => at.get(a)! - at.get(b)!);
      const again = group.findIndex((r, k) => k > 0 && at.get(r) === at.get(group[k - 1]!));
      if (again >= 0) {
        throw new DiagnosticsError(
          'bad-csv',
          `${names[order]} ${at.get(group[again]!)} appears twice in chain ${label}; give each chain its number in a column "chain"`,
        );
      }
    }
  }
  const labels = [...groups.keys()];
  if (labels.every((label) => label !== '' && !Number.isNaN(Number(label))))
    labels.sort((a, b) => Number(a) - Number(b));
  return new Map(labels.map((label) => [label, groups.get(label)!]));
}
