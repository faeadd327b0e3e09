import { ModelError } from '../errors.ts';
import { quote } from '../input/quote.ts';
import { UNREADABLE } from './cellColumn.ts';
import { type Column, type Frame, isFrame, type Table } from './frame.ts';
import { tableColumns } from './tableColumns.ts';
import { MOST_ROWS, valueColumn } from './valueColumn.ts';

/**
 * Named columns from whatever a caller may pass as a table: columns by name, row objects (union of their keys), an
 * Arrow table, a frame.
 *
 * NaN, null and undefined are missing; booleans become the text FALSE and TRUE; big integers become numbers if all are
 * exact as doubles, else text. `where` names the table in errors (`rows`, `groups.county`, `newdata`). Throws
 * ModelError for an empty table, columns of unequal length, a column that mixes numbers and text, an infinite number,
 * a text that holds U+FFFD (bytes that were not read by their encoding), and a value (a date, an object) that is none
 * of number, text, boolean, missing.
 */
export function toFrame(table: Table, where = 'the table'): Frame {
  if (typeof where !== 'string') {
    throw new ModelError('empty-table', 'toFrame', `toFrame: the name of the table is a text, not ${quote(where)}`);
  }
  const frame = usableColumns(table, where);
  const [fault] = isFrame(table) ? [] : (frame.faults?.values() ?? []);
  if (fault !== undefined) throw fault;
  return frame;
}

/** `toFrame`, but what is wrong with a column is no error before the column is used (`Frame.faults`). */
export function usableColumns(table: Table, where: string): Frame {
  const columns = new Map<string, Column>();
  const given = isFrame(table) ? table : null;
  const faults = new Map(given?.faults);
  let n = -1;
  let first = '';
  for (const [name, input] of tableColumns(table, where)) {
    const length = lengthOf(input);
    if (length >= 0 && n < 0) {
      n = length;
      first = name;
    } else if (length >= 0 && length !== n) {
      const message = `${where}: column ${quote(name)} has ${length} values and column ${quote(first)} has ${n}; all columns need the same length`;
      throw new ModelError('unequal-columns', where, message);
    }
    try {
      const column = valueColumn(input, name, where);
      // A frame was read before.
      if (given === null) checkReadable(name, column, where);
      columns.set(name, { ...given?.columns.get(name), ...column });
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
      faults.set(name, error);
    }
  }
  if (n <= 0 && faults.size > 0) for (const fault of faults.values()) throw fault;
  if (n <= 0) {
    const what = n < 0 ? 'has no columns' : 'has no rows';
    throw new ModelError('empty-table', where, `${where} ${what}; at least one column with one value is needed`);
  }
  return { n, columns, ...(faults.size > 0 ? { faults } : {}), ...(given?.reduced ? { reduced: given.reduced } : {}) };
}

/**
 * Texts that were not read by their encoding are no values: two that differ in such bytes alone are one. Throws
 * ModelError `csv-encoding`.
 */
function checkReadable(name: string, column: Column, where: string): void {
  if (name.includes('\ufffd')) {
    throw new ModelError('csv-encoding', where, `${where}: a column is named ${quote(name)}, ${UNREADABLE}`);
  }
  if (column.kind !== 'text') return;
  const row = column.values.findIndex((text) => text?.includes('\ufffd'));
  if (row < 0) return;
  const message = `${where}: column ${quote(name)} is ${quote(column.values[row])} in row ${row + 1}, ${UNREADABLE}`;
  throw new ModelError('csv-encoding', where, message);
}

/** The length of a list of values; -1 of what is none. */
function lengthOf(input: unknown): number {
  const length = typeof input === 'object' && input !== null ? (input as { length?: unknown }).length : undefined;
  return typeof length === 'number' && Number.isInteger(length) && length >= 0 && length <= MOST_ROWS ? length : -1;
}
