import type { Axis } from '../../drawing/picture.ts';
import { plain } from './numberWords.ts';

/** Ticks at the values themselves where a column has one or two, as one of 0 and 1 has: nothing lies between them. */
export function valueTicks(values: Iterable<number>): Pick<Axis, 'ticks'> {
  const distinct = [...new Set(values)].sort((a, b) => a - b);
  return distinct.length > 2 ? {} : { ticks: distinct.map((value) => ({ value, text: plain(value) })) };
}
