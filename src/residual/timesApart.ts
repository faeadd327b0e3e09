import type { StructuredGroups } from '../design/design.ts';
import { rowsInOrder } from '../design/rowsInOrder.ts';

/** How far rows of one group are apart: the two nearest of any group, and the first and last of the longest. */
export interface TimesApart {
  readonly least: number;
  readonly most: number;
}

/** In units of `positions`; Infinity and 0 where no group has two rows. */
export function timesApart({ index, occasion, positions, J }: StructuredGroups): TimesApart {
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  for (const rows of rowsInOrder(index, occasion, J)) {
    const times = Array.from(rows, (row) => positions[occasion[row]!]!);
    for (let k = 1; k < times.length; k++) least = Math.min(least, times[k]! - times[k - 1]!);
    if (times.length > 0) most = Math.max(most, times.at(-1)! - times[0]!);
  }
  return { least, most };
}
