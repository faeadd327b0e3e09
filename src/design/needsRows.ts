import { ModelError } from '../errors.ts';
import type { Design } from './design.ts';

/**
 * Throws ModelError `needs-rows` where the data were reduced and `what` (residuals, in the plural) is of rows:
 * 'moments' for what distinct rows with their number serve as well, 'distinct' for what asks of each row of the data by
 * itself.
 */
export function needsRows(design: Pick<Design, 'rows'>, what: string, serves: 'moments' | 'distinct'): void {
  const sentence = rowsSentence(design, what, serves);
  if (sentence !== null) throw new ModelError('needs-rows', what, sentence);
}

/** The sentence that `needsRows` throws; null where it throws none. */
export function rowsSentence(
  { rows }: Pick<Design, 'rows'>,
  what: string,
  serves: 'moments' | 'distinct' = 'moments',
): string | null {
  const { reduced } = rows;
  if (!reduced || (serves === 'moments' && reduced.moments === null)) return null;
  const kept = reduced.moments === null ? 'distinct rows with their number' : 'the moments of cells';
  return `${what} need the rows of the data, and of the ${reduced.observations} rows of this model the database gave ${kept} alone; fit the rows, or a sample of them`;
}
