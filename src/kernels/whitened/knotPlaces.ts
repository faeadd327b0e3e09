import { exp } from '../../elementary.ts';
import type { Pausing } from '../../pausing.ts';

/** Where in phi the knots of a size lie. */
export interface KnotPlaces {
  /** Whether each sd moves with the size; one that is pinned keeps its place. */
  readonly moving: readonly boolean[];
  /** phi of size s, the sds in proportion as far as they may go; null where none has that size. */
  at(s: number): Float64Array | null;
}

/** The density of an sd by itself is followed down to this much below the mode. */
const DROP = 9;
/** First step of that, in log phi, and how often it is doubled. */
const STEP = 0.02;
const DOUBLINGS = 10;
const HALVINGS = 40;
/** An sd that falls off within this share of the way of the widest is pinned: by a narrow prior, or by the data. */
const PINNED = 0.3;
/** The farthest that the sds move beyond those that have met their ends, in log phi. */
const FARTHEST = 12;

/**
 * How sds move with the size of the group-level variance about `mode` (phi, the first q coordinates those of sds).
 * All in proportion, but one whose density given the others is narrow stays: moved along, it would end the knots
 * where the others have hardly left the mode. An sd stops at the bounds of its prior. `size(phi, moving)` is the log
 * of the variance of those that move, which are `known` ones where they are given.
 */
export function* knotPlaces(
  density: (phi: Float64Array) => number,
  mode: Float64Array,
  q: number,
  size: (phi: Float64Array, moving: readonly boolean[]) => number,
  known?: readonly boolean[],
): Pausing<KnotPlaces> {
  const top = density(mode);
  const phi = Float64Array.from(mode);
  const low = new Float64Array(q);
  const high = new Float64Array(q).fill(Infinity);
  const widths = new Float64Array(q);
  for (let k = 0; k < q; k += 1) {
    const valueAt = (shift: number): number => {
      phi[k] = mode[k]! * exp(shift);
      return density(phi);
    };
    for (const direction of [-1, 1]) {
      let inside = 0;
      let reach = STEP;
      for (let n = 0; n < DOUBLINGS; n += 1, reach *= 2) {
        const value = valueAt(direction * reach);
        yield;
        if (value === -Infinity) {
          for (let i = 0; i < HALVINGS; i += 1) {
            const middle = 0.5 * (inside + reach);
            if (valueAt(direction * middle) > -Infinity) inside = middle;
            else reach = middle;
          }
          const end = mode[k]! * exp(direction * inside);
          if (direction < 0) low[k] = end;
          else high[k] = end;
          reach = inside;
          break;
        }
        if (!(value > top - DROP)) break;
        inside = reach;
      }
      widths[k] = widths[k]! + reach;
    }
    phi[k] = mode[k]!;
  }
  const widest = Math.max(...widths);
  const moving = known ?? Array.from(widths, (width) => width >= PINNED * widest);
  const centre = size(mode, moving);
  const place = new Float64Array(mode.length);
  /** Moves all by a factor, to their ends at most, and says whether one has met its own. */
  const move = (shift: number): boolean => {
    place.set(mode);
    let met = false;
    for (let k = 0; k < q; k += 1) {
      if (!moving[k]) continue;
      const value = mode[k]! * exp(shift);
      place[k] = Math.min(high[k]!, Math.max(low[k]!, value));
      met ||= place[k] !== value;
    }
    return met;
  };
  return {
    moving,
    at(s) {
      // The variance is of the fourth order in phi.
      const shift = 0.25 * (s - centre);
      if (!move(shift)) return place;
      // Those that have met their ends leave the rest of the way to the others.
      let near = shift;
      let far = shift < 0 ? shift - FARTHEST : shift + FARTHEST;
      const beyond = (): boolean => (shift < 0 ? size(place, moving) <= s : size(place, moving) >= s);
      move(far);
      if (!beyond()) return null;
      for (let i = 0; i < HALVINGS; i += 1) {
        const middle = 0.5 * (near + far);
        move(middle);
        if (beyond()) far = middle;
        else near = middle;
      }
      move(far);
      return place;
    },
  };
}
