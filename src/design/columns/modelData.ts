import type { ModelData, Table } from '../../data/frame.ts';
import { ModelError } from '../../errors.ts';
import { nearestNames } from '../../input/nearestNames.ts';
import { quote } from '../../input/quote.ts';

/**
 * The data of a model from what a caller gave: `{ rows, groups }` as it is, and a bare table (columns by name, a list
 * of row objects, a frame, an Arrow table) as the rows. Throws ModelError `not-data` where a value is neither, or has a
 * field too many; what the tables hold is for `toFrame` to check. `where` is what messages call the value: `data`,
 * `newdata`.
 */
export function modelData(given: ModelData | Table, where: string): ModelData {
  const fail = (sentence: string): ModelError => new ModelError('not-data', where, `${where} ${sentence}`);
  if (typeof given !== 'object' || given === null) {
    throw fail(
      `is ${quote(given)}${typeof given === 'string' ? ', a text, of which parseCsv makes a table' : ''}; accepted is a table, or { rows, groups }: rows a table and groups a table for each grouping factor`,
    );
  }
  if (!hasRows(given)) {
    const nested = Array.isArray(given)
      ? undefined
      : Object.entries(given).find(([, value]) => isTableOfObjects(value));
    if (nested === undefined) return { rows: given as Table };
    throw fail(
      `has a table in its field ${quote(nested[0])}; a table of rows is passed by itself, or as { rows: ... }`,
    );
  }
  const other = Object.keys(given).find((name) => name !== 'rows' && name !== 'groups');
  if (other !== undefined) {
    const near = nearestNames(other, ['rows', 'groups'], 1).join();
    throw fail(
      `has a field ${quote(other)}; did you mean ${quote(near)}? Accepted beside rows: groups (columns are passed by themselves, or as { rows: { ... } })`,
    );
  }
  const groups: unknown = given.groups;
  if (groups !== undefined && (typeof groups !== 'object' || groups === null || Array.isArray(groups))) {
    throw fail(
      `has groups ${quote(groups)}; accepted is an object with a table for each grouping factor, { county: { ... } }`,
    );
  }
  return given;
}

/** Whether there is a table in `rows`: a column of that name is a list of numbers or texts. */
function hasRows(value: ModelData | Table): value is ModelData {
  if (Array.isArray(value) || !('rows' in value)) return false;
  const rows: unknown = value.rows;
  if (typeof rows !== 'object' || rows === null || ArrayBuffer.isView(rows)) return false;
  return !Array.isArray(rows) || isTableOfObjects(rows);
}

/** A list of row objects: a column may hold dates, but no other objects. */
function isTableOfObjects(value: unknown): boolean {
  const first: unknown = Array.isArray(value) ? value[0] : null;
  return typeof first === 'object' && first !== null && !('getTime' in first);
}
