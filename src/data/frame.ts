import type { ModelError } from '../errors.ts';
import type { ReducedRows } from './reducedRows.ts';

/**
 * Two texts of a file that are one number (1.1 and 1.10), with their rows (0-based): as levels of a factor they would
 * be one.
 */
export interface SameNumber {
  readonly texts: readonly [string, string];
  readonly rows: readonly [number, number];
}

/**
 * One column: numbers (NaN is missing) or text (null is missing). Booleans become the text FALSE and TRUE, as in R.
 * `declared`: the caller said that the column is text, whatever its values look like.
 */
export type Column =
  | { readonly kind: 'number'; readonly values: Float64Array; readonly sameNumber?: SameNumber }
  | { readonly kind: 'text'; readonly values: readonly (string | null)[]; readonly declared?: boolean };

/** Named columns of equal length. A Map, so that no column name can collide with a property. */
export interface Frame {
  readonly n: number;
  readonly columns: ReadonlyMap<string, Column>;
  /** Columns that are not among these because something is wrong with them, each with the error that its use throws. */
  readonly faults?: ReadonlyMap<string, ModelError>;
  /** Present where the rows are not the rows of the data but what those were reduced to. */
  readonly reduced?: ReducedRows;
}

/** What a caller may pass as a column. */
export type ColumnInput =
  | ArrayLike<number>
  | ArrayLike<bigint>
  | readonly (number | bigint | string | boolean | null | undefined)[];

/** What is read of an Arrow table: the names of its columns, and each as a list with nulls where it is missing. */
export interface ArrowTable {
  readonly schema: { readonly fields: readonly { readonly name: string; readonly type?: unknown }[] };
  getChild(name: string): Iterable<unknown> | null;
}

/**
 * What a caller may pass as a table: columns by name, an array of row objects (of any interface or class), an Arrow
 * table, or a frame.
 */
export type Table = Frame | ArrowTable | Readonly<Record<string, ColumnInput>> | readonly object[];

/** The data of a model: the rows, and one table per grouping factor with one row per group (level-2 predictors). */
export interface ModelData {
  readonly rows: Table;
  readonly groups?: Readonly<Record<string, Table>>;
}

/** Whether a table is a frame. */
export function isFrame(value: unknown): value is Frame {
  return typeof value === 'object' && value !== null && (value as { columns?: unknown }).columns instanceof Map;
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
    return { ...column, values };
  }
  return { ...column, values: Array.from({ length: n }, (_, i) => column.values[rows[i]!]!) };
}

/** The value of a row as printed in messages: numbers as they are, text in quotes, `missing`. */
export function printValue(column: Column, i: number): string {
  if (isMissing(column, i)) return 'missing';
  return column.kind === 'number' ? String(column.values[i]) : JSON.stringify(column.values[i]);
}
