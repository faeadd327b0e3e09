import type { ModelData } from '../data/frame.ts';
import { ModelError } from '../errors.ts';
import { nearestNames } from '../input/nearestNames.ts';
import { quote } from '../input/quote.ts';

/**
 * Throws ModelError `not-data` where a value is not `{ rows, groups }`: the sentence says how a bare table is to be passed, and which field is too many.
 * What the tables hold is for `toFrame` to check. `where` is what messages call the value: `data`, `newdata`.
 */
export function checkModelData(data: ModelData, where: string): void {
  const given: unknown = data;
  const fail = (sentence: string): ModelError => new ModelError('not-data', where, `${where} ${sentence}`);
  if (typeof given !== 'object' || given === null) {
    throw fail(
      `is ${quote(given)}; accepted is { rows, groups }, rows a table and groups a table for each grouping factor`,
    );
  }
  if (Array.isArray(given)) throw fail(`is ${quote(given)}; pass a list of rows as { rows: [...] }`);
  if (!('rows' in given)) {
    if ((given as { columns?: unknown }).columns instanceof Map) throw fail('is a frame; pass it as { rows: frame }');
    const names = Object.keys(given);
    const shown = names.length > 6 ? `${names.slice(0, 6).join(', ')}, ...` : names.join(', ');
    throw fail(
      `has no rows but ${names.length === 0 ? 'nothing' : shown}; pass a table of columns as { rows: { ... } }`,
    );
  }
  const other = Object.keys(given).find((name) => name !== 'rows' && name !== 'groups');
  if (other !== undefined) {
    const near = nearestNames(other, ['rows', 'groups'], 1).join();
    throw fail(
      `has a field ${quote(other)}; did you mean ${quote(near)}? Accepted: rows, groups (a table of columns is passed as { rows: { ... } })`,
    );
  }
  const { groups } = given as { groups?: unknown };
  if (groups === undefined) return;
  if (typeof groups !== 'object' || groups === null || Array.isArray(groups)) {
    throw fail(
      `has groups ${quote(groups)}; accepted is an object with a table for each grouping factor, { county: { ... } }`,
    );
  }
}
