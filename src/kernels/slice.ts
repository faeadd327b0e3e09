import type { Rng } from '../random/rng.ts';

/** Doublings of the bracket before it is taken as it is: exp(2^40) is beyond every scale. */
const LARGEST_BRACKET = 40;

/**
 * One slice-sampling transition on the line from `x` (Neal 2003, stepping out and shrinkage, sections 4.1 and 4.2): leaves the density invariant.
 * `logDensity` may be -Infinity; at `x` itself it must be finite. `width` is the first bracket, in the units of x.
 */
export function slice(logDensity: (x: number) => number, x: number, width: number, rng: Rng): number {
  const level = logDensity(x) - rng.exponential();
  let left = x - width * rng.uniform();
  let right = left + width;
  let steps = LARGEST_BRACKET;
  while (steps > 0 && logDensity(left) > level) {
    left -= width;
    steps -= 1;
  }
  while (steps > 0 && logDensity(right) > level) {
    right += width;
    steps -= 1;
  }
  for (;;) {
    const candidate = left + (right - left) * rng.uniform();
    if (logDensity(candidate) > level) return candidate;
    if (candidate < x) left = candidate;
    else if (candidate > x) right = candidate;
    // The bracket has shrunk onto x: rounding leaves no other point above the level.
    else return x;
  }
}
