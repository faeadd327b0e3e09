import { type Factor, factor, interaction } from '../../data/factor.ts';
import { type Column, type Frame, isMissing } from '../../data/frame.ts';
import type { ReducedRows } from '../../data/reducedRows.ts';
import { ModelError } from '../../errors.ts';
import type { GroupTable } from './groupTable.ts';
import { knownByCell } from './knownByCell.ts';
import { unknownColumn } from './unknownColumn.ts';

/**
 * Columns by name over a set of rows, wherever they stand: a column of a group table is broadcast to the rows by the
 * table's grouping factor, so that a term cannot tell where its columns come from.
 */
export interface ColumnSource {
  readonly n: number;
  /** Name of the rows in messages: `rows`, `newdata`, `groups.county`. */
  readonly where: string;
  /** Whether the column stands on the rows or in a group table. */
  has(name: string): boolean;
  /**
   * Where a column stands: '' for the rows themselves, else the name of the group table. Throws when it is nowhere, and
   * what is wrong with it.
   */
  place(name: string): string;
  /** The column, length n. Throws ModelError when it is nowhere, or when a row's group has no row in the table. */
  column(name: string): Column;
  /** The grouping factor `a` or `a:b` of the rows. */
  factor(by: string): Factor;
  /** Present where the rows are what the rows of the data were reduced to. */
  readonly reduced?: ReducedRows;
  /** Row i (0-based) as messages name it: `row 12 of rows`, `groups.county "ANOKA"`. */
  rowName(i: number): string;
}

export interface SourceOptions {
  readonly where: string;
  /** How messages name row i; by default `row i+1 of <where>`. */
  readonly rowName?: (i: number) => string;
}

/**
 * The source of a frame and its group tables. A name may have several tables (the given one, then the fit's): the first
 * that knows the column and the group answers. Columns of the frame come before columns of tables.
 */
export function columnSource(
  frame: Frame,
  tables: ReadonlyMap<string, readonly GroupTable[]>,
  options: SourceOptions,
): ColumnSource {
  const { where } = options;
  const columns = new Map<string, Column>();
  const factors = new Map<string, Factor>();
  const resolving = new Set<string>();

  const tableOf = (name: string): string | undefined => {
    for (const [key, stack] of tables) {
      if (stack.some((table) => table.frame.columns.has(name) && !table.keys.includes(name))) return key;
    }
    return undefined;
  };
  const fail = (name: string): ModelError =>
    faultOf(name, frame, tables) ?? unknownColumn(name, placesOf(frame, tables, where));

  const source: ColumnSource = {
    n: frame.n,
    where,
    has: (name) => frame.columns.has(name) || tableOf(name) !== undefined || faultOf(name, frame, tables) !== undefined,
    place(name) {
      if (frame.columns.has(name)) return '';
      const key = frame.faults?.has(name) ? undefined : tableOf(name);
      if (key === undefined) throw fail(name);
      return key;
    },
    column(name) {
      const own = frame.columns.get(name) ?? columns.get(name);
      if (own !== undefined) return own;
      const key = frame.faults?.has(name) ? undefined : tableOf(name);
      if (key === undefined || resolving.has(name)) throw fail(name);
      resolving.add(name);
      const column = broadcast(name, source.factor(key), tables.get(key)!, where);
      resolving.delete(name);
      columns.set(name, column);
      return column;
    },
    factor(by) {
      let result = factors.get(by);
      if (result === undefined) {
        const names = source.has(by) ? [by] : by.split(':');
        for (const name of names) knownByCell({ type: 'name', name }, frame.reduced);
        const parts = names.map((name) => factor(source.column(name)));
        result = parts.length === 1 ? parts[0]! : interaction(parts, by);
        factors.set(by, result);
      }
      return result;
    },
    ...(frame.reduced ? { reduced: frame.reduced } : {}),
    rowName: options.rowName ?? ((i) => `row ${i + 1} of ${where}`),
  };
  return source;
}

/** What is wrong with a column that stands among the rows or in a table and cannot be used. */
function faultOf(
  name: string,
  frame: Frame,
  tables: ReadonlyMap<string, readonly GroupTable[]>,
): ModelError | undefined {
  const frames = [frame, ...[...tables.values()].flat().map((table) => table.frame)];
  return frames.find(({ faults }) => faults?.has(name))?.faults?.get(name);
}

/** The columns by place, for messages that say where a name was looked for. */
function placesOf(
  frame: Frame,
  tables: ReadonlyMap<string, readonly GroupTable[]>,
  where: string,
): Map<string, string[]> {
  const places = new Map([[where, [...frame.columns.keys(), ...(frame.faults?.keys() ?? [])]]]);
  for (const stack of tables.values()) {
    for (const table of stack) {
      const names = places.get(table.where) ?? [];
      places.set(table.where, [...new Set([...names, ...table.frame.columns.keys()])]);
    }
  }
  return places;
}

function broadcast(name: string, by: Factor, stack: readonly GroupTable[], where: string): Column {
  const holders = stack.filter((table) => table.frame.columns.has(name));
  const kinds = new Set(holders.map((table) => table.frame.columns.get(name)!.kind));
  if (kinds.size > 1) {
    const message = `${holders[0]!.where}: column "${name}" is text in one table and numbers in the other; both must be of one kind`;
    throw new ModelError('column-kind', holders[0]!.where, message);
  }
  const values = by.levels.map((level) => {
    for (const table of holders) {
      const j = table.position.get(level);
      const column = table.frame.columns.get(name)!;
      if (j !== undefined && !isMissing(column, j)) return column.values[j]!;
    }
    throw holders[0]!.unknownGroup(level, where, name);
  });
  if (kinds.has('number')) {
    return { kind: 'number', values: Float64Array.from(by.index, (j) => (j < 0 ? Number.NaN : (values[j] as number))) };
  }
  return { kind: 'text', values: Array.from(by.index, (j) => (j < 0 ? null : (values[j] as string))) };
}
