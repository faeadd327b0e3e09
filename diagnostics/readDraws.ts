import type { Variable } from './chains.ts';
import { readDrawsCsv } from './readDrawsCsv.ts';
import { readDrawsJson } from './readDrawsJson.ts';

/**
 * Draws of other tools as the list of variables that `check` and `summarizeDraws` take. Text that starts with { or [ is
 * read as JSON (`readDrawsJson`), other text as CSV (`readDrawsCsv`); an array of texts is one CSV per chain; anything else is read as
 * parsed JSON: an object of named arrays [chain][draw], ArviZ's { posterior }, posterior's draws_list, an array of chains.
 *
 * Throws DiagnosticsError as those two do.
 */
export function readDraws(source: unknown): Variable[] {
  if (typeof source === 'string')
    return /^\uFEFF?\s*[{[]/.test(source) ? readDrawsJson(source.replace(/^\uFEFF/, '')) : readDrawsCsv(source);
  if (Array.isArray(source) && source.length > 0 && source.every((text) => typeof text === 'string')) {
    return readDrawsCsv(source as string[]);
  }
  return readDrawsJson(source);
}
