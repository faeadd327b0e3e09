import { ModelError } from '../errors.ts';
import { quote } from '../input/quote.ts';
import { type ArrowTable, isFrame } from './frame.ts';

/**
 * The columns of what a caller may pass as a table, as lists by name (see `toFrame`). Throws ModelError `not-a-table`.
 */
export function tableColumns(given: unknown, where: string): [string, unknown][] {
  if (typeof given !== 'object' || given === null) {
    throw new ModelError('not-a-table', where, `${where} is ${quote(given)}; ${ACCEPTED_TABLES}`);
  }
  if (typeof (given as { then?: unknown }).then === 'function') {
    throw new ModelError('not-a-table', where, `${where} is the promise of a table; await it`);
  }
  if (given instanceof Map || given instanceof Set) {
    const message = `${where} is a ${given instanceof Map ? 'Map' : 'Set'}; ${ACCEPTED_TABLES} (Object.fromEntries makes one of a Map of columns)`;
    throw new ModelError('not-a-table', where, message);
  }
  if (isFrame(given)) return [...given.columns].map(([name, column]) => [name, column.values]);
  if (isArrow(given)) return arrowColumns(given);
  return Array.isArray(given) ? rowColumns(given, where) : Object.entries(given);
}

const ACCEPTED_TABLES = 'a table is an object of columns, an array of row objects, an Arrow table or a frame';

function isArrow(value: object): value is ArrowTable {
  const { schema, getChild } = value as { schema?: { fields?: unknown } | null; getChild?: unknown };
  return typeof getChild === 'function' && typeof schema === 'object' && Array.isArray(schema?.fields);
}

/** Arrow's typed arrays hold anything where a value is null, so its columns are read value by value. */
function arrowColumns(table: ArrowTable): [string, unknown][] {
  return table.schema.fields.map(({ name, type }) => {
    const values = Array.from(table.getChild(name) ?? []);
    const isDate = /^(?:date|timestamp)/i.test(String(type));
    return [name, isDate ? values.map((value) => (value === null ? null : A_DATE)) : values];
  });
}

/**
 * What stands for a date that Arrow gives as a number of milliseconds, which nobody wrote: it is refused as every date
 * is.
 */
const A_DATE = { [Symbol.toStringTag]: 'Date' };

function rowColumns(rows: readonly unknown[], where: string): [string, unknown][] {
  const columns = new Map<string, unknown[]>();
  rows.forEach((row, i) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw new ModelError('not-a-table', where, `${where}: row ${i + 1} is ${quote(row)}; ${ACCEPTED_TABLES}`);
    }
    for (const [name, value] of Object.entries(row)) {
      let column = columns.get(name);
      if (column === undefined) {
        column = new Array<unknown>(rows.length).fill(null);
        columns.set(name, column);
      }
      column[i] = value;
    }
  });
  return [...columns];
}
