import { type Frame, isMissing } from '../../data/frame.ts';
import { ModelError } from '../../errors.ts';

/**
 * The rows (0-based) without a missing value in the used columns. With 'error' a missing value is a ModelError that
 * counts the rows per column; with 'drop' it leaves the row out. Throws ModelError when no row is left.
 */
export function completeRows(
  frame: Frame,
  used: readonly string[],
  missing: 'error' | 'drop',
  where: string,
): Int32Array {
  const complete = new Uint8Array(frame.n).fill(1);
  const counts: string[] = [];
  for (const name of used) {
    const column = frame.columns.get(name)!;
    let count = 0;
    for (let i = 0; i < frame.n; i++) {
      if (!isMissing(column, i)) continue;
      complete[i] = 0;
      count += 1;
    }
    if (count > 0) counts.push(`${name} in ${count}`);
  }
  const rows = Int32Array.from(complete.keys()).filter((i) => complete[i] === 1);
  const dropped = frame.n - rows.length;
  if (dropped === 0) return rows;
  const ofPlace = where === 'rows' ? where : `rows of ${where}`;
  if (missing === 'error') {
    const first = complete.indexOf(0) + 1;
    const message =
      `${dropped} of the ${frame.n} ${ofPlace} have missing values, the first in row ${first} (${counts.join(', ')}); ` +
      (where === 'rows'
        ? `fill them in, or pass missing: 'drop' (--missing drop) to leave these rows out`
        : 'fill them in');
    throw new ModelError('missing-values', where, message);
  }
  if (rows.length > 0) return rows;
  const message = `all ${frame.n} ${ofPlace} have missing values (${counts.join(', ')}), so none is left`;
  throw new ModelError('missing-values', where, message);
}

/** Throws ModelError when a used column of a group table is missing for a group, naming the groups. */
export function checkTableComplete(
  frame: Frame,
  used: readonly string[],
  levels: readonly string[],
  where: string,
): void {
  for (const name of used) {
    const column = frame.columns.get(name)!;
    const groups = levels.filter((_, j) => isMissing(column, j));
    if (groups.length === 0) continue;
    const shown = groups
      .slice(0, 5)
      .map((level) => JSON.stringify(level))
      .join(', ');
    const more = groups.length > 5 ? ` and ${groups.length - 5} more` : '';
    const message = `${where}: ${name} is missing for ${groups.length} of ${levels.length} groups: ${shown}${more}; every group needs a value`;
    throw new ModelError('missing-values', where, message);
  }
}
