import { type Factor, factor, interaction } from '../../data/factor.ts';
import { type Frame, isMissing, selectRows } from '../../data/frame.ts';
import { ModelError } from '../../errors.ts';

/** A table with one row per group, in the order of the sorted levels. */
export interface GroupTable {
  /** The grouping factor: `county`, `school:class`. */
  readonly factor: string;
  /** The key columns: the factor itself, or its parts. */
  readonly keys: readonly string[];
  readonly frame: Frame;
  readonly levels: readonly string[];
  readonly position: ReadonlyMap<string, number>;
  /** Name in messages: `groups.county`. */
  readonly where: string;
  /** The error for a group of `where` that has no row here, wanted for `column`. */
  unknownGroup(level: string, where: string, column?: string): ModelError;
}

/**
 * The group table of a factor: keyed by the column of the factor's name, or for `a:b` by the columns a and b.
 * Throws ModelError for a missing key column, a missing key, and two rows of one group.
 */
export function groupTable(name: string, frame: Frame): GroupTable {
  const where = `groups.${name}`;
  const parts = name.split(':');
  const keys = frame.columns.has(name) ? [name] : parts;
  const absent = keys.filter((key) => !frame.columns.has(key));
  for (const key of absent) if (frame.faults?.has(key)) throw frame.faults.get(key)!;
  if (absent.length > 0) {
    const names = [...frame.columns.keys()].join(', ');
    const message = `${where} has no column "${absent[0]}", which names its groups; its columns are ${names}`;
    throw new ModelError('table-key', where, message);
  }
  const columns = keys.map((key) => frame.columns.get(key)!);
  columns.forEach((column, k) => {
    for (let i = 0; i < frame.n; i++) {
      if (!isMissing(column, i)) continue;
      const message = `${where}: column "${keys[k]}" is missing in row ${i + 1}; every row of the table needs its group`;
      throw new ModelError('table-key', where, message);
    }
  });
  const groups: Factor = columns.length === 1 ? factor(columns[0]!) : interaction(columns.map(factor), name);
  const order = new Int32Array(groups.levels.length).fill(-1);
  groups.index.forEach((j, i) => {
    if (order[j]! >= 0) {
      const message = `${where} has two rows for ${name} "${groups.levels[j]}" (rows ${order[j]! + 1} and ${i + 1}); a group needs one`;
      throw new ModelError('duplicate-group', where, message);
    }
    order[j] = i;
  });
  const sorted = new Map([...frame.columns].map(([key, column]) => [key, selectRows(column, order)] as const));
  const { levels } = groups;
  return {
    factor: name,
    keys,
    frame: { n: levels.length, columns: sorted, ...(frame.faults ? { faults: frame.faults } : {}) },
    levels,
    position: new Map(levels.map((level, j) => [level, j])),
    where,
    unknownGroup(level, rows, column) {
      const start = `${name} "${level}" in ${rows} has no row in ${where} (${levels.length} group${levels.length === 1 ? '' : 's'} given)`;
      const message =
        rows === 'newdata' && column !== undefined
          ? `${start}; give ${column} of the new group as a column of newdata or as a row of ${where}`
          : start;
      return new ModelError('unknown-group', where, message);
    },
  };
}

/**
 * Throws ModelError when one column name stands in two places (rows and tables): a term could not tell which is meant.
 * Grouping columns are excepted, as they link the places.
 */
export function checkUniqueNames(rows: Frame, tables: readonly GroupTable[], grouping: ReadonlySet<string>): void {
  const places = new Map([...rows.columns.keys()].map((name) => [name, 'rows']));
  for (const table of tables) {
    for (const name of table.frame.columns.keys()) {
      if (grouping.has(name)) continue;
      const other = places.get(name);
      if (other !== undefined) {
        const message = `column "${name}" stands in ${other} and in ${table.where}; column names must be unique, so rename or remove one`;
        throw new ModelError('duplicate-column', table.where, message);
      }
      places.set(name, table.where);
    }
  }
}
