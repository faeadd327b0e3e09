import { exp, log } from '../../elementary.ts';
import { linearQuantile } from '../../proposals/linearQuantile.ts';
import type { Rng } from '../../random/rng.ts';

/**
 * A density of t = log sigma at one place of everything else, tabulated anew at every place and drawn by inversion.
 * Allocates nothing after it was built.
 */
export interface ScaleConditional {
  /**
   * Tabulates exp(logDensity) where it has its mass, about `around` and between `low` and `high`, which may be
   * infinite and are where it is cut off. Returns the log of its integral; -Infinity where it was nowhere positive.
   * With `degrees` of freedom of the rows it is looked for at once where a density in proportion to
   * exp(-degrees (t + exp(-2 (t - around)) / 2)) has its mass; if it is there, few knots tell the integral, and the
   * table follows when it is first asked for, `logDensity` being still the same then.
   */
  fill(logDensity: (t: number) => number, around: number, low: number, high: number, degrees?: number): number;
  /** A draw of t. */
  draw(rng: Rng): number;
  /** Log density of a draw at t, of integral 1. */
  logDensity(t: number): number;
  /** The knot of highest density. */
  top(): number;
}

/** Knots of the first look, some `REACH` to each side of where it was told to look, and of every closer one. */
const FIRST = 25;
const KNOTS = 49;
const REACH = 12;
/** What lies this much below the top is left out: 2e-11 of it. */
const CUTOFF = 25;
/** Knots that the mass must have been met by. */
const FEWEST = 18;
/**
 * The few knots, a distance of an sd or less: trapezoids of a smooth density miss 1e-5 of its integral there (Trefethen
 * & Weideman 2014). What they reach in sds, and beyond in squares of one on the side where the density is skewed.
 */
const FEW = 24;
const FEW_REACH = 9;
const SKEWED = 28;
/** Few knots that the mass must have been met by, and the degrees of freedom from which they are tried. */
const FEWEST_OF_FEW = 10;
const ENOUGH_DEGREES = 4;
/** Closer looks and steps outwards. */
const LOOKS = 12;
const HALVINGS = 40;
/** The log of no density: finite, so that no difference of two is NaN. */
const NONE = -1e4;

/** Builds an empty table. */
export function scaleConditional(): ScaleConditional {
  const density = new Float64Array(KNOTS);
  const cumulative = new Float64Array(KNOTS);
  let from = 0;
  let width = 1;
  let knots = FIRST;
  let best = 0;
  let peak = -Infinity;
  /** What the few knots have told the integral of, until the table is asked for. */
  let awaited: ((t: number) => number) | null = null;

  /** Logs of the density at `count` knots from `start` to `end`, to `density`. */
  const look = (logDensity: (t: number) => number, start: number, end: number, count: number): void => {
    from = start;
    width = (end - start) / (count - 1);
    knots = count;
    peak = -Infinity;
    for (let i = 0; i < count; i += 1) {
      const value = logDensity(i === count - 1 ? end : start + i * width);
      density[i] = Number.isNaN(value) ? -Infinity : value;
      if (density[i]! > peak) {
        peak = density[i]!;
        best = i;
      }
    }
  };

  /** The last place from `inside` towards `outside` where the density is positive, to rounding. */
  const edge = (logDensity: (t: number) => number, inside: number, outside: number): number => {
    let near = inside;
    let far = outside;
    for (let i = 0; i < HALVINGS; i += 1) {
      const middle = 0.5 * (near + far);
      if (logDensity(middle) > -Infinity) near = middle;
      else far = middle;
    }
    return near;
  };

  /** Turns logs at the knots into densities, and integrates them. */
  const integrate = (): number => {
    let previous = exp(density[0]! - peak);
    density[0] = previous;
    cumulative[0] = 0;
    for (let i = 1; i < knots; i += 1) {
      const value = exp(density[i]! - peak);
      cumulative[i] = cumulative[i - 1]! + 0.5 * width * (value + previous);
      density[i] = value;
      previous = value;
    }
    return peak + log(cumulative[knots - 1]!);
  };

  /**
   * Whether the mass, after a first look at everything, is where the rows alone would have it: met by enough of few
   * knots there, fallen away at both ends, nowhere cut off and nowhere else.
   */
  const metByFew = (logDensity: (t: number) => number, around: number, sd: number): boolean => {
    const start = around - FEW_REACH * sd;
    const end = around + FEW_REACH * sd + SKEWED * sd * sd;
    let elsewhere = -Infinity;
    for (let i = 0; i < knots; i += 1) {
      const t = from + i * width;
      if (!(t >= start && t <= end) && density[i]! > elsewhere) elsewhere = density[i]!;
    }
    look(logDensity, start, end, FEW);
    const floor = peak - CUTOFF;
    if (!(elsewhere < floor && density[0]! < floor && density[FEW - 1]! < floor)) return false;
    let met = 0;
    for (let i = 0; i < FEW; i += 1) {
      if (density[i] === -Infinity) return false;
      if (density[i]! >= floor) met += 1;
    }
    return met >= FEWEST_OF_FEW;
  };

  /** The table in place of the few knots, over those of them that have mass. */
  const tabulate = (): void => {
    if (!awaited) return;
    const logDensity = awaited;
    awaited = null;
    let first = 0;
    let last = knots - 1;
    const least = exp(-CUTOFF);
    while (density[first + 1]! < least) first += 1;
    while (density[last - 1]! < least) last -= 1;
    look(logDensity, from + first * width, from + last * width, KNOTS);
    integrate();
  };

  return {
    fill(logDensity, around, low, high, degrees = 0) {
      awaited = null;
      if (!(high > low)) return -Infinity;
      let start = Math.max(low, Math.min(around - REACH, high - 2 * REACH));
      let end = Math.min(high, Math.max(around + REACH, low + 2 * REACH));
      let trimmed = false;
      let floor = low;
      let ceiling = high;
      look(logDensity, start, end, FIRST);
      if (degrees >= ENOUGH_DEGREES && peak > -Infinity) {
        if (metByFew(logDensity, around, Math.sqrt(0.5 / degrees))) {
          awaited = logDensity;
          return integrate();
        }
        look(logDensity, start, end, FIRST);
      }
      for (let round = 0; round < LOOKS && peak > -Infinity; round += 1) {
        if (best === 0 && start > floor) {
          start = Math.max(floor, start - (end - start));
        } else if (best === knots - 1 && end < ceiling) {
          end = Math.min(ceiling, end + (end - start));
        } else {
          let first = 0;
          let last = knots - 1;
          while (density[first]! < peak - CUTOFF) first += 1;
          while (density[last]! < peak - CUTOFF) last -= 1;
          if (knots === KNOTS && last - first + 1 >= FEWEST) {
            // A prior may end there where it has mass.
            const cutLow = first > 0 && density[first - 1] === -Infinity;
            const cutHigh = last < knots - 1 && density[last + 1] === -Infinity;
            if (trimmed || !(cutLow || cutHigh)) break;
            trimmed = true;
            const inner = start + first * width;
            const outer = start + last * width;
            if (cutLow) {
              start = edge(logDensity, inner, inner - width);
              floor = start;
            }
            if (cutHigh) {
              end = edge(logDensity, outer, Math.min(end, outer + width));
              ceiling = end;
            }
            look(logDensity, start, end, KNOTS);
            continue;
          }
          const step = width;
          end = last + 1 >= knots ? end : start + (last + 1) * step;
          start = first === 0 ? start : start + (first - 1) * step;
        }
        look(logDensity, start, end, KNOTS);
      }
      return peak > -Infinity ? integrate() : -Infinity;
    },
    draw(rng) {
      tabulate();
      const u = rng.uniform() * cumulative[knots - 1]!;
      let i = 0;
      let end = knots - 1;
      while (end - i > 1) {
        const middle = (i + end) >> 1;
        if (cumulative[middle]! <= u) i = middle;
        else end = middle;
      }
      const slope = (density[i + 1]! - density[i]!) / width;
      return from + i * width + linearQuantile(density[i]!, slope, u - cumulative[i]!, width);
    },
    logDensity(t) {
      tabulate();
      const place = (t - from) / width;
      // Rounding may put a draw next to an end beyond it.
      if (!(place >= -1e-6 && place <= knots - 1 + 1e-6)) return NONE;
      const i = Math.max(0, Math.min(knots - 2, Math.floor(place)));
      const value = density[i]! + (place - i) * (density[i + 1]! - density[i]!);
      return value > 0 ? log(value / cumulative[knots - 1]!) : NONE;
    },
    top() {
      tabulate();
      return from + best * width;
    },
  };
}
