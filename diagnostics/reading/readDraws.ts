import type { Variable } from '../chains.ts';
import { readRun } from './readRun.ts';

/**
 * Draws of other tools as the list of variables that `check` and `summarizeDraws` take. Text that starts with { or [ is
 * read as JSON (`readDrawsJson`), other text as CSV (`readDrawsCsv`); an array of texts is one file per chain, or the
 * index and the chains of CODA; anything else is read as parsed JSON: an object of named arrays [chain][draw], ArviZ's
 * { posterior }, posterior's draws_list, an array of chains. `readRun` gives, beside them, what the sampler reports of
 * itself.
 *
 * Throws DiagnosticsError as those do.
 */
export function readDraws(source: unknown): Variable[] {
  return readRun(source).variables;
}
