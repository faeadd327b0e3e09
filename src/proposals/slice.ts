import type { Rng } from '../random/rng.ts';

/**
 * Steps out on either side before the bracket is taken as it is: only where the density does not fall off. A limit that
 * binds would bias the draw.
 */
const MOST_STEPS = 10_000;

/**
 * One slice-sampling transition on the line from `x` (Neal 2003, stepping out and shrinkage, sections 4.1 and 4.2):
 * leaves the density invariant. `logDensity` may be -Infinity; at `x` itself it must be finite. `width` is the first
 * bracket, in the units of x.
 */
export function slice(logDensity: (x: number) => number, x: number, width: number, rng: Rng): number {
  const level = logDensity(x) - rng.exponential();
  let left = x - width * rng.uniform();
  let right = left + width;
  for (let step = 0; step < MOST_STEPS && logDensity(left) > level; step += 1) left -= width;
  for (let step = 0; step < MOST_STEPS && logDensity(right) > level; step += 1) right += width;
  for (;;) {
    const candidate = left + (right - left) * rng.uniform();
    if (logDensity(candidate) > level) return candidate;
    if (candidate < x) left = candidate;
    else if (candidate > x) right = candidate;
    // The bracket has shrunk onto x: rounding leaves no other point above the level.
    else return x;
  }
}
