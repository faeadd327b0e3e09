import { ModelError } from '../errors.ts';

/** One column: numbers (NaN is missing) or text (null is missing). Booleans become the text FALSE and TRUE, as in R. */
export type Column =
  | { readonly kind: 'number'; readonly values: Float64Array }
  | { readonly kind: 'text'; readonly values: readonly (string | null)[] };

/** Named columns of equal length. A Map, so that no column name can collide with a property. */
export interface Frame {
  readonly n: number;
  readonly columns: ReadonlyMap<string, Column>;
}

/** What a caller may pass as a column. */
export type ColumnInput = ArrayLike<number> | readonly (number | string | boolean | null | undefined)[];

/** What a caller may pass as a table: columns by name, an array of row objects, or a frame. */
export type Table = Frame | Readonly<Record<string, ColumnInput>> | readonly Readonly<Record<string, unknown>>[];

/** The data of a model: the rows, and one table per grouping factor with one row per group (level-2 predictors). */
export interface ModelData {
  readonly rows: Table;
  readonly groups?: Readonly<Record<string, Table>>;
}

/**
 * Named columns from whatever a caller may pass as a table: columns by name, row objects (union of their keys), a frame.
 *
 * NaN, null and undefined are missing; booleans become the text FALSE and TRUE. `where` names the table in errors
 * (`rows`, `groups.county`, `newdata`). Throws ModelError for an empty table, columns of unequal length, a column that
 * mixes numbers and text, an infinite number, and a value that is none of number, text, boolean, missing.
 */
export function toFrame(table: Table, where: string): Frame {
  const given: unknown = table;
  if (typeof given !== 'object' || given === null) {
    throw new ModelError('not-a-table', where, `${where} is ${describe(given)}; ${ACCEPTED_TABLES}`);
  }
  const inputs = isFrame(given)
    ? frameInputs(given)
    : Array.isArray(given)
      ? rowInputs(given, where)
      : Object.entries(given);
  const columns = new Map<string, Column>();
  let n = -1;
  let first = '';
  for (const [name, input] of inputs) {
    const column = toColumn(input, name, where);
    const length = column.values.length;
    if (n < 0) {
      n = length;
      first = name;
    } else if (length !== n) {
      const message = `${where}: column "${name}" has ${length} values and column "${first}" has ${n}; all columns need the same length`;
      throw new ModelError('unequal-columns', where, message);
    }
    columns.set(name, column);
  }
  if (n <= 0) {
    const what = n < 0 ? 'has no columns' : 'has no rows';
    throw new ModelError('empty-table', where, `${where} ${what}; at least one column with one value is needed`);
  }
  return { n, columns };
}

/** One column of a frame from a list of values; `name` and `where` are for errors. Throws as `toFrame` does. */
function toColumn(input: unknown, name: string, where: string): Column {
  if (ArrayBuffer.isView(input) && !(input instanceof DataView)) {
    const list = input as unknown as ArrayLike<number | bigint>;
    if (typeof list[0] !== 'bigint') return numberColumn(Float64Array.from(list as ArrayLike<number>), name, where);
  }
  if (typeof input !== 'object' || input === null || !isLength((input as { length?: unknown }).length)) {
    const message = `${where}: column "${name}" is ${describe(input)}; a column is an array of numbers, text or booleans`;
    throw new ModelError('not-a-column', where, message);
  }
  const values = input as ArrayLike<unknown>;
  if (values.length > MOST_ROWS) {
    const message = `${where}: column "${name}" has ${values.length} values; a column has at most ${MOST_ROWS}`;
    throw new ModelError('too-many-rows', where, message);
  }
  let firstNumber = -1;
  let firstText = -1;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined) continue;
    if (typeof value === 'number') {
      if (firstNumber < 0 && !Number.isNaN(value)) firstNumber = i;
    } else if (typeof value === 'string' || typeof value === 'boolean') {
      if (firstText < 0) firstText = i;
    } else {
      const message = `${where}: column "${name}" holds ${describe(value)} in row ${i + 1}; numbers, text, booleans and null are accepted`;
      throw new ModelError('not-a-value', where, message);
    }
  }
  if (firstNumber >= 0 && firstText >= 0) {
    const message =
      `${where}: column "${name}" mixes numbers and text: ${values[firstNumber]} in row ${firstNumber + 1}, ` +
      `${describe(values[firstText])} in row ${firstText + 1}; make the column all numbers or all text`;
    throw new ModelError('mixed-column', where, message);
  }
  if (firstText < 0) {
    const numbers = Float64Array.from(
      { length: values.length },
      (_, i) => (values[i] as number | null | undefined) ?? Number.NaN,
    );
    return numberColumn(numbers, name, where);
  }
  const text = Array.from({ length: values.length }, (_, i) => toText(values[i]));
  return { kind: 'text', values: text };
}

/** Whether the value in row i (0-based) of a column is missing. */
export function isMissing(column: Column, i: number): boolean {
  return column.kind === 'number' ? Number.isNaN(column.values[i]!) : column.values[i] === null;
}

/** The listed rows (0-based, in the order given) of a column. */
export function selectRows(column: Column, rows: ArrayLike<number>): Column {
  const n = rows.length;
  if (column.kind === 'number') {
    const values = new Float64Array(n);
    for (let i = 0; i < n; i++) values[i] = column.values[rows[i]!]!;
    return { kind: 'number', values };
  }
  return { kind: 'text', values: Array.from({ length: n }, (_, i) => column.values[rows[i]!]!) };
}

/** The value of a row as printed in messages: numbers as they are, text in quotes, `missing`. */
export function printValue(column: Column, i: number): string {
  if (isMissing(column, i)) return 'missing';
  return column.kind === 'number' ? String(column.values[i]) : JSON.stringify(column.values[i]);
}

/** Above all a guard against the length of what is no list. */
const MOST_ROWS = 100_000_000;

function isLength(value: unknown): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

const ACCEPTED_TABLES = 'a table is an object of columns, an array of row objects or a frame';

function isFrame(value: object): value is Frame {
  return (value as { columns?: unknown }).columns instanceof Map;
}

function frameInputs(frame: Frame): [string, unknown][] {
  return [...frame.columns].map(([name, column]) => [name, column.values]);
}

function rowInputs(rows: readonly unknown[], where: string): [string, unknown][] {
  const columns = new Map<string, unknown[]>();
  rows.forEach((row, i) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw new ModelError('not-a-table', where, `${where}: row ${i + 1} is ${describe(row)}; ${ACCEPTED_TABLES}`);
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

function numberColumn(values: Float64Array, name: string, where: string): Column {
  for (let i = 0; i < values.length; i++) {
    if (values[i] === Number.POSITIVE_INFINITY || values[i] === Number.NEGATIVE_INFINITY) {
      const message = `${where}: column "${name}" is ${values[i]} in row ${i + 1}; numbers must be finite (NaN or null is missing)`;
      throw new ModelError('infinite-value', where, message);
    }
  }
  return { kind: 'number', values };
}

function toText(value: unknown): string | null {
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return typeof value === 'string' ? value : null;
}

function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'object') return Array.isArray(value) ? 'an array' : 'an object';
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : `a ${typeof value}`;
}
