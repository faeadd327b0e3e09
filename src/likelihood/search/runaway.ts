import { lowerTriangle } from '../relativeFactor.ts';
import { reach, scaled } from './searchStarts.ts';
import type { ThetaCriterion } from './thetaCriterion.ts';

/** In units: no sd among groups that the data hold back where every row is fitted is so many times sigma. */
const FAR = 1e3;

/** In units: where the criterion still has its digits, and what goes on for ever is on its way. */
const ALONG = 1e4;

/**
 * For a criterion that may fall, or level off, all the way to sds that are infinitely many times sigma: what it gains (negative: loses) as the blocks that have gone
 * beyond 1000 units go from 1e4 units to 4e4; null where none has. Judged there and not where the search ended, which beyond 1e8 is a
 * matter of rounding.
 */
export function runaway(
  { factors, unit }: Pick<ThetaCriterion, 'factors' | 'unit'>,
  x: Float64Array,
  value: (x: Float64Array) => number,
): number | null {
  const gone = factors.blocks.filter((block) => reach(lowerTriangle(x, block)) > FAR * unit);
  if (gone.length === 0) return null;
  let near = x;
  for (const block of gone) {
    const size = reach(lowerTriangle(x, block));
    if (size > ALONG * unit) near = scaled(near, [block], (ALONG * unit) / size);
  }
  return value(near) - value(scaled(near, gone, 4));
}
