import { ModelError } from '../errors.ts';
import { quote } from '../input/quote.ts';
import type { Asking } from './asking.ts';
import type { Dialect } from './dialect.ts';
import type { ColumnKind } from './reductionPlan.ts';

const NUMBER = /int|float|double|real|decimal|numeric|number/i;
const BOOLEAN = /bool/i;

/**
 * What each column of a table is: by the engine's type where its dialect has a function for it, else by its value in
 * the first row. Throws ModelError `empty-table` for a table without rows, and `unknown-column` for a column named as
 * text that is none.
 */
export async function kindsOf(
  asking: Asking,
  d: Dialect,
  from: string,
  text: readonly string[],
): Promise<Record<string, ColumnKind>> {
  const first = await asking.first(`SELECT * FROM ${from} LIMIT 1`);
  const names = Object.keys(first);
  if (names.length === 0) {
    throw new ModelError('empty-table', 'rows', 'the table has no rows; at least one complete row is needed');
  }
  const absent = text.find((name) => !names.includes(name));
  if (absent !== undefined) {
    throw new ModelError(
      'unknown-column',
      absent,
      `text names ${quote(absent)}, and there is no such column in the table`,
    );
  }
  const { typeName } = d;
  const types = typeName
    ? await asking.types(
        `SELECT ${names.map((name, i) => `${typeName(d.identifier(name))} AS t${i}`).join(', ')} FROM ${from} LIMIT 1`,
      )
    : null;
  const kind = (name: string, i: number): ColumnKind => {
    if (text.includes(name)) return 'text';
    const type = types === null ? typeof first[name] : String(types[`t${i}`]);
    if (BOOLEAN.test(type)) return 'boolean';
    // An array or a structure of numbers is none.
    return (NUMBER.test(type) && !/[[\]<]|interval|array|tuple|map|struct/i.test(type)) || type === 'bigint'
      ? 'number'
      : 'text';
  };
  return Object.fromEntries(names.map((name, i) => [name, kind(name, i)]));
}
