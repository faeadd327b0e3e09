import type { PredictionRow } from './prediction.ts';

/**
 * A row of an answer from its columns, in their order; of two columns of one name the later value counts. The caller
 * gives the columns that a row of type R has, or null in place of its numbers and a reason, as `PosteriorRow` states.
 */
export function answerRow<R extends PredictionRow>(columns: readonly (readonly [string, string | number | null])[]): R {
  const row: unknown = Object.fromEntries(columns);
  return row as R;
}
