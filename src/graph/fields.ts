import { ModelError } from '../errors.ts';
import { nearestNames } from '../input/nearestNames.ts';
import { quote } from '../input/quote.ts';

/** The fields of a node by name. */
export type Fields = ReadonlyMap<string, unknown>;

/** The error of a node that is not well formed: `where` names it. */
export function invalid(where: string, sentence: string): ModelError {
  return new ModelError('invalid-node', where, `${where}: ${sentence}`);
}

/**
 * The own fields of a plain object without those left undefined; throws where one is unknown or a required one is
 * missing.
 */
export function readFields(
  where: string,
  value: unknown,
  required: readonly string[],
  optional: readonly string[] = [],
): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(
      where,
      `expected an object with the fields ${[...required, ...optional].join(', ')}, not ${quote(value)}`,
    );
  }
  const accepted = ['kind', ...required, ...optional];
  const fields = new Map(Object.entries(value).filter(([, entry]) => entry !== undefined));
  for (const name of fields.keys()) {
    if (!accepted.includes(name)) {
      throw invalid(
        where,
        `there is no field ${quote(name)}; did you mean ${quote(nearestNames(name, accepted)[0])}? Accepted: ${accepted.join(', ')}`,
      );
    }
  }
  for (const name of required) {
    if (!fields.has(name)) throw invalid(where, `the field ${quote(name)} is missing`);
  }
  return fields;
}

/** A text that is not empty. Throws `invalid-node`. */
export function readText(where: string, field: string, value: unknown): string {
  if (typeof value !== 'string' || value.trim() === '')
    throw invalid(where, `${field} must be a text, not ${quote(value)}`);
  return value;
}

/** The fields that are given, for a node without undefined entries. */
export function given<K extends string, T>(fields: Fields, name: K, read: (value: unknown) => T): { [P in K]?: T } {
  return fields.has(name) ? ({ [name]: read(fields.get(name)) } as { [P in K]?: T }) : {};
}
