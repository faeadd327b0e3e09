import { ModelError } from '../errors.ts';
import { type AcceptedValue, either, text, textList } from '../input/acceptedValue.ts';
import type { Dialect } from './dialect.ts';

/** A table by its name, or by the parts of it: `['schema', 'homes']`. */
export type TableName = string | readonly string[];

export const fromValue: AcceptedValue = {
  ...either(text, textList),
  words: "the name of a table, or its parts as in ['schema', 'homes']",
};

/**
 * What stands after FROM: the quoted name, or the SQL that the caller vouches for. Throws ModelError `option` unless
 * one of the two is given.
 */
export function sourceText(
  { from, trustedFrom }: { readonly from?: TableName; readonly trustedFrom?: string },
  d: Dialect,
): string {
  if ((from === undefined) === (trustedFrom === undefined)) {
    throw new ModelError('option', 'from', 'give one of from (the name of a table) and trustedFrom (SQL after FROM)');
  }
  if (from === undefined) return trustedFrom!;
  const parts = typeof from === 'string' ? [from] : from;
  if (parts.length === 0)
    throw new ModelError('option', 'from', 'from is an empty list; it is the parts of the name of a table');
  return parts.map((part) => d.identifier(part)).join('.');
}
