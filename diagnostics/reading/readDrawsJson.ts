import type { Variable } from '../chains.ts';
import { jsonRun } from './jsonRun.ts';

/**
 * Draws from JSON text, or from the object it parses to, in any of these shapes:
 * - ArviZ: `{ posterior: { name: [chain][draw][...dims] }, coords?, dims? }`; elements are named by their coordinates
 *   where `dims` and `coords` give them (`beta[floor]`), else by position from 0 (`theta[0,2]`);
 * - the inner object alone, `{ name: [chain][draw][...dims] }`;
 * - posterior's draws_list, `[{ name: [draws] }, …]`, one object per chain, or an object of them by chain
 *   (`toJSON(as_draws_list(draws))`);
 * - posterior's draws_df, row objects or columns, with `.chain`, `.iteration`, `.draw`, and tidybayes' forms of it;
 * - MCMCChains: `size`, `value_flat`, `parameters`;
 * - one quantity, `[[draws], …]`, one array per chain, named "draws"; posterior's draws_array
 *   `[iteration][chain][variable]`, which toJSON writes without names: "draws[0]", "draws[1]", ...
 *
 * null, "NA" and "NaN" become NaN, "Inf" and "-Inf" infinities. Hints are guessed as `guessHint` says. Throws
 * DiagnosticsError `bad-json`, `bad-shape`, `not-numeric`, `no-variables`, naming the place.
 */
export function readDrawsJson(source: unknown): Variable[] {
  return jsonRun(source).variables;
}
