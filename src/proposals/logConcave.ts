import { exp, log, log1p } from '../elementary.ts';
import type { Rng } from '../random/rng.ts';

/** Newton steps to the mode; a concave slope needs few. */
const MOST_NEWTON = 60;
/** How far from the mode, in its sds, the tails' tangents touch: there a normal density has fallen to exp(-0.8). */
const TOUCH = 1.25;

type OnTheLine = (x: number) => number;

/** Draws from a log-concave density on the line, given its log, the derivative of that and the second one. */
export type LogConcave = (height: OnTheLine, slope: OnTheLine, curvature: OnTheLine, start: number, rng: Rng) => number;

/**
 * Exact draws by rejection under an envelope of three pieces (Gilks & Wild 1992, without adapting): the log density h
 * lies below its greatest value and below its tangents on either side of the mode, so that
 *   h(x) <= min(h(m), h(l) + h'(l) (x - l), h(r) + h'(r) (x - r)).
 * About three in four are accepted of a normal density; `start` is where the mode is looked for. Allocates nothing.
 */
export function logConcave(): LogConcave {
  return (height, slope, curvature, start, rng) => {
    const mode = modeOf(slope, curvature, start);
    const top = height(mode);
    const sd = 1 / Math.sqrt(-curvature(mode));
    const left = mode - TOUCH * sd;
    const right = mode + TOUCH * sd;
    const rise = slope(left);
    const fall = -slope(right);
    // Where the tangents reach the greatest value.
    const from = left + (top - height(left)) / rise;
    const to = right - (top - height(right)) / fall;
    // The masses of the pieces over exp(top).
    const below = 1 / rise;
    const above = 1 / fall;
    const within = to - from;
    const all = below + within + above;
    for (;;) {
      const u = rng.uniform() * all;
      let x = from + (u - below);
      let bound = 0;
      if (u < below) {
        x = from + log(u / below) / rise;
        bound = rise * (x - from);
      } else if (u >= below + within) {
        const v = (u - below - within) / above;
        x = to - log1p(-v) / fall;
        bound = fall * (to - x);
      }
      if (log(rng.uniform()) <= height(x) - top - bound) return x;
    }
  };
}

/** The zero of a falling slope: Newton steps, within a bracket once there is one. */
function modeOf(slope: OnTheLine, curvature: OnTheLine, start: number): number {
  let x = start;
  let low = -Infinity;
  let high = Infinity;
  for (let k = 0; k < MOST_NEWTON; k += 1) {
    const value = slope(x);
    if (value === 0) return x;
    if (value > 0) low = x;
    else high = x;
    let next = x - value / curvature(x);
    if (!(next > low)) next = high < Infinity ? 0.5 * (low + high) : low + exp(k);
    if (!(next < high)) next = low > -Infinity ? 0.5 * (low + high) : high - exp(k);
    if (Math.abs(next - x) <= 1e-10 * (1 + Math.abs(x))) return next;
    x = next;
  }
  return x;
}
