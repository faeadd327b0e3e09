import { ModelError } from '../errors.ts';
import { quote } from '../input/quote.ts';
import type { ReducedValue } from './reducedTable.ts';
import type { ReductionPlan } from './reductionPlan.ts';

type Columns = Readonly<Record<string, readonly ReducedValue[]>>;

/**
 * The distinct rows without a missing value, and how many rows of the database the others stand for. Throws ModelError
 * `missing-values` where there are any and `missing` is 'error', with their number by column.
 */
export function completeCells(
  table: Columns,
  plan: ReductionPlan,
  missing: 'error' | 'drop',
): { cells: Columns; dropped: number } {
  const names = new Map(Object.keys(table).map((name) => [name.toLowerCase(), name]));
  const column = (name: string): readonly ReducedValue[] => table[names.get(name) ?? ''] ?? [];
  const counts = column('n');
  const keys = plan.keys.map((name, k) => ({
    name,
    text: plan.text.has(name) || plan.levels.has(name),
    values: column(`k${k}`),
  }));
  const isMissing = (value: ReducedValue | undefined, text: boolean): boolean =>
    value === null || value === undefined || (!text && Number.isNaN(Number(value)));
  const by = keys.map(({ name, text, values }) => ({
    name,
    count: counts.reduce<number>((sum, n, c) => sum + (isMissing(values[c], text) ? Number(n) : 0), 0),
  }));
  const kept = Array.from(counts.keys()).filter((c) => keys.every(({ text, values }) => !isMissing(values[c], text)));
  if (kept.length === counts.length) return { cells: table, dropped: 0 };
  const total = counts.reduce<number>((sum, n) => sum + Number(n), 0);
  const dropped = total - kept.reduce((sum, c) => sum + Number(counts[c]), 0);
  if (missing === 'error') throw missingRows(total, dropped, by);
  if (kept.length === 0) throw noRows(total);
  const cells = Object.fromEntries(Object.entries(table).map(([name, values]) => [name, kept.map((c) => values[c]!)]));
  return { cells, dropped };
}

/** The error for rows of a database that have missing values. */
export function missingRows(
  total: number,
  dropped: number,
  columns: readonly { readonly name: string; readonly count: number }[],
): ModelError {
  const named = columns.filter(({ count }) => count > 0).map(({ name, count }) => `${quote(name)} in ${count}`);
  return new ModelError(
    'missing-values',
    'rows',
    `${dropped} of the ${total} rows have missing values (${named.join(', ')}); fill them in, or pass missing: 'drop' (--missing drop) to leave these rows out`,
  );
}

/** The error for a table without a complete row. */
export function noRows(total: number): ModelError {
  const found = total === 0 ? 'the table has no rows' : `all ${total} rows have missing values, so none is left`;
  return new ModelError('empty-table', 'rows', `${found}; at least one complete row is needed`);
}
