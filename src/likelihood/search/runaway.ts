import { lowerTriangle, type SearchBlock } from '../relativeFactor.ts';
import { identities, reach, scaled } from './searchStarts.ts';
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

/** Falls without end go by at least 2 log 4 = 2.77 over a factor of 4: m log sigma^2 for a whole number m. */
const ENDLESS = 1;

/** Blocks of which every choice is tried. */
const EVERY = 4;

/**
 * For a criterion that may fall all the way to a residual sd of 0: the most it gains over a factor of 4 as some of the blocks go to infinity together, where it does
 * so without end; null where it does not. Then the likelihood has no bound, whatever minimum is found nearer by: as the blocks S grow by c, with [X Z_S]
 * fitting every row, ML goes as (n - rank Z_S) log(1 / c^2) and REML as (n - rank [X Z_S]) log(1 / c^2).
 */
export function withoutBound(
  { factors, unit }: Pick<ThetaCriterion, 'factors' | 'unit'>,
  x: Float64Array,
  value: (x: Float64Array) => number,
): number | null {
  const ones = identities(factors);
  let most: number | null = null;
  for (const gone of choices(factors.blocks)) {
    const away = Float64Array.from(x);
    const from = scaled(ones, gone, ALONG * unit);
    for (const { offset, size } of gone) {
      for (let k = offset; k < offset + (size * (size + 1)) / 2; k++) away[k] = from[k]!;
    }
    const heights = [1, 4, 16].map((by) => value(scaled(away, gone, by)));
    const gained = Math.min(heights[0]! - heights[1]!, heights[1]! - heights[2]!);
    if (gained > ENDLESS && gained > (most ?? 0)) most = gained;
  }
  return most;
}

/** Every choice of blocks, or where they are many all, each alone, and all but one. */
function choices(blocks: readonly SearchBlock[]): (readonly SearchBlock[])[] {
  if (blocks.length > EVERY) return [blocks, ...blocks.flatMap((one) => [[one], blocks.filter((b) => b !== one)])];
  return Array.from({ length: 2 ** blocks.length - 1 }, (_, code) =>
    blocks.filter((_block, b) => ((code + 1) >> b) % 2 === 1),
  );
}
