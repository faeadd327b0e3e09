import { lowerTriangle, type SearchBlock } from '../relativeFactor.ts';
import { putLower, reach, scaled } from './searchStarts.ts';
import type { ThetaCriterion } from './thetaCriterion.ts';

/** In units: no sd among groups that the data hold back where every row is fitted is so many times sigma. */
const FAR = 1e3;

/** In units: where what goes on for ever is on its way. */
const ALONG = 1e4;

/**
 * For a criterion that may fall, or level off, all the way to sds that are infinitely many times sigma: what it gains
 * (negative: loses) over a factor of 4 as blocks go there together, the most of it over which blocks do: the largest
 * alone, the two largest, and so on. Null where none has gone beyond 1000 units. Judged where the search ended, and
 * with every block that has gone at 1e4 units: beyond 1e8 what is seen is a matter of rounding.
 */
export function runaway(
  { factors, unit }: Pick<ThetaCriterion, 'factors' | 'unit'>,
  x: Float64Array,
  value: (x: Float64Array) => number,
): number | null {
  const size = (block: SearchBlock) => reach(lowerTriangle(x, block));
  const varying = factors.blocks.filter((block) => size(block) > 0).sort((a, b) => size(b) - size(a));
  const far = varying.filter((block) => size(block) > FAR * unit);
  if (far.length === 0) return null;
  let near = x;
  for (const block of far) {
    if (size(block) > ALONG * unit) near = scaled(near, [block], (ALONG * unit) / size(block));
  }
  let most = value(near) - value(scaled(near, far, 4));
  if (size(far[0]!) > 1e8 * unit) return most;
  for (let count = 1; count <= varying.length; count++) {
    most = Math.max(most, value(x) - value(scaled(x, varying.slice(0, count), 4)));
  }
  return most;
}

/** Falls without end go by at least 2 log 4 = 2.77 over a factor of 4: m log sigma^2 for a whole number m. */
const ENDLESS = 1;

/** So many choices of blocks and ranks are all tried. */
const EVERY = 81;

/**
 * For a criterion that may fall all the way to a residual sd of 0: the most it gains over a factor of 4 as some of the
 * blocks go to infinity together, where it does so without end; null where it does not. Then the likelihood has no
 * bound, whatever minimum is found nearer by: as the directions S grow by c, with [X Z_S] fitting every row, ML goes as
 * (n - rank Z_S) log(1 / c^2) and REML as (n - rank [X Z_S]) log(1 / c^2). Which directions they are matters little
 * beside how many, so that one set of each rank is tried.
 */
export function withoutBound(
  { factors, unit }: Pick<ThetaCriterion, 'factors' | 'unit'>,
  x: Float64Array,
  value: (x: Float64Array) => number,
): number | null {
  let most: number | null = null;
  for (const ranks of choices(factors.blocks)) {
    const away = Float64Array.from(x);
    const gone = factors.blocks.filter((block, b) => {
      if (ranks[b]! > 0) putLower(away, block, directions(block.size, ranks[b]!, ALONG * unit));
      return ranks[b]! > 0;
    });
    const heights = [1, 4, 16].map((by) => value(scaled(away, gone, by)));
    const gained = Math.min(heights[0]! - heights[1]!, heights[1]! - heights[2]!);
    if (gained > ENDLESS && gained > (most ?? 0)) most = gained;
  }
  return most;
}

/** A lower factor (size x size) of a rank, in directions that are no one's in particular. */
function directions(size: number, rank: number, length: number): Float64Array {
  const L = new Float64Array(size * size);
  for (let b = 0; b < rank; b++) {
    for (let a = b; a < size; a++) L[a * size + b] = length * (a === b ? 1 : 0.7 - 0.4 * (a - b) + 0.1 * b);
  }
  return L;
}

/**
 * A rank for each block, 0 for one that stays: every choice, or where they are many all blocks whole, each alone, and
 * all but one.
 */
function choices(blocks: readonly SearchBlock[]): (readonly number[])[] {
  if (blocks.reduce((product, { size }) => product * (size + 1), 1) > EVERY) {
    const whole = blocks.map(({ size }) => size);
    const alone = blocks.map((_one, b) => whole.map((size, k) => (k === b ? size : 0)));
    const without = blocks.map((_one, b) => whole.map((size, k) => (k === b ? 0 : size)));
    return [whole, ...alone, ...without];
  }
  let all: number[][] = [[]];
  for (const { size } of blocks) {
    all = all.flatMap((ranks) => Array.from({ length: size + 1 }, (_, rank) => [...ranks, rank]));
  }
  return all.filter((ranks) => ranks.some((rank) => rank > 0));
}
