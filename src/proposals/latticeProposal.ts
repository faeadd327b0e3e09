import { exp, log } from '../elementary.ts';
import type { Pausing } from '../pausing.ts';
import type { Rng } from '../random/rng.ts';
import { bracket } from './bracket.ts';
import { type Level, latticeLevels, massWithin, totalMass } from './latticeLevels.ts';
import { linearQuantile } from './linearQuantile.ts';
import type { Proposal } from './proposal.ts';
import { refinedTable } from './refinedTable.ts';

/** Points of the rough proposal from which the place and width of every axis are read. */
const POINTS = 1000;
/**
 * Ends of an axis from its median, in distances to the quantiles .16 and .84; tried in turn, until next to nothing lies
 * in the outermost cells. Most densities need the first; one that has nothing beyond the near ends either, as under
 * bounds, is laid closer.
 */
const REACHES = [8, 12];
const NEAR = 5;
/** Share of the mass that may lie in the outermost cells: what is beyond them is left to random-walk steps. */
const OUTERMOST = 1e-4;
/** Knots are this much denser in the middle of an axis than at its ends: those of sinh(BEND v), v uniform. */
const BEND = 2;

/**
 * Knots per axis where the density is evaluated, and the steps that interpolation makes of each of theirs, by the
 * number of coordinates.
 */
const KNOTS = [0, 0, 21, 13];
const TIMES = [0, 0, 4, 3];

/**
 * A density of d = 2 or 3 coordinates tabulated once at the knots of a lattice and drawn by inversion: its logarithm is
 * interpolated by cubics to a finer lattice, between whose knots the density is multilinear; outside it is zero.
 * `rough` draws points that show where the mass is; the first `folded` coordinates are >= 0, and the density has their
 * product as a factor (the Jacobian of square roots). Each coordinate is drawn given those before it by inversion of a
 * piecewise linear density (Rosenblatt 1952), so that a point moves smoothly with the density. Null where the mass does
 * not end within the lattice or none was found.
 */
export function* latticeProposal(
  logDensity: (x: Float64Array) => number,
  rough: Proposal,
  d: number,
  folded: number,
  rng: Rng,
): Pausing<Proposal | null> {
  const middle = axisQuantiles(rough, d, rng);
  const lay = (reach: number, count: number): Float64Array[] =>
    middle.map((quantiles, k) => axisKnots(quantiles, reach, count, k < folded));
  const fine = (KNOTS[d]! - 1) * TIMES[d]! + 1;
  /** The lattice of a reach, and whether the mass ends within it; null where the density is nowhere positive. */
  const laid = function* (reach: number): Pausing<{ levels: Level[]; axes: Float64Array[]; ends: boolean } | null> {
    const axes = lay(reach, fine);
    const table = yield* tabulate(logDensity, lay(reach, KNOTS[d]!), axes, folded);
    if (!table) return null;
    yield;
    const levels = latticeLevels(table, axes);
    return { levels, axes, ends: 1 - massWithin(levels, axes, inner(axes, folded)) / totalMass(levels) < OUTERMOST };
  };
  for (const reach of REACHES) {
    const found = yield* laid(reach);
    if (!found) return null;
    if (!found.ends) continue;
    const { levels, axes } = found;
    const closer = lay(NEAR, fine).map((knots): [number, number] => [knots[0]!, knots[fine - 1]!]);
    const beyond = 1 - massWithin(levels, axes, closer) / totalMass(levels);
    const near = beyond < OUTERMOST ? yield* laid(NEAR) : null;
    return near?.ends ? inverted(near.levels, near.axes) : inverted(levels, axes);
  }
  return null;
}

/** The ends of all but the outermost cells of every axis; where it begins at 0, as sds may, nothing is beyond. */
function inner(axes: readonly Float64Array[], folded: number): (readonly [number, number])[] {
  return axes.map((knots, k) => [knots[k < folded && knots[0] === 0 ? 0 : 1]!, knots[knots.length - 2]!]);
}

/** The quantiles .16, .5, .84 of each coordinate. */
function axisQuantiles(rough: Proposal, d: number, rng: Rng): [number, number, number][] {
  const point = new Float64Array(d);
  const drawn = Array.from({ length: d }, () => new Float64Array(POINTS));
  for (let n = 0; n < POINTS; n += 1) {
    rough.draw(rng, point);
    for (let k = 0; k < d; k += 1) drawn[k]![n] = point[k]!;
  }
  return drawn.map((values) => {
    values.sort();
    return [values[0.16 * POINTS]!, values[0.5 * POINTS]!, values[0.84 * POINTS]!];
  });
}

/**
 * Ascending knots on both sides of the median, denser about it; an axis that is cut off at 0 has all its knots above.
 */
function axisKnots(
  [low, median, high]: readonly [number, number, number],
  reach: number,
  count: number,
  positive: boolean,
): Float64Array {
  const sinh = (v: number): number => 0.5 * (exp(BEND * v) - exp(-BEND * v));
  const at = (v: number): number => {
    const stretch = (reach * sinh(v)) / sinh(1);
    return median + stretch * (v < 0 ? median - low : high - median);
  };
  let start = -1;
  if (positive && at(-1) < 0) {
    let inside = 0;
    for (let i = 0; i < 50; i += 1) {
      const v = 0.5 * (start + inside);
      if (at(v) < 0) start = v;
      else inside = v;
    }
    start = inside;
  }
  const knots = Float64Array.from({ length: count }, (_, i) => at(start + ((1 - start) * i) / (count - 1)));
  if (start > -1) knots[0] = 0;
  return knots;
}

/** The part of the first knot above 0 at which a density is evaluated in place of 0, where it has no logarithm. */
const NEAR_ZERO = 1e-3;

/**
 * The density at every knot of `axes` over its largest value, the last axis fastest, from evaluations at those of
 * `coarse`; null where it is nowhere positive.
 */
function* tabulate(
  logDensity: (x: Float64Array) => number,
  coarse: readonly Float64Array[],
  axes: readonly Float64Array[],
  folded: number,
): Pausing<Float64Array | null> {
  const sizes = coarse.map(({ length }) => length);
  const logs = new Float64Array(sizes.reduce((product, size) => product * size, 1));
  const point = new Float64Array(coarse.length);
  let top = -Infinity;
  for (let n = 0; n < logs.length; n += 1) {
    placeKnot(coarse, n, point);
    for (let k = 0; k < folded; k += 1) if (point[k] === 0) point[k] = NEAR_ZERO * coarse[k]![1]!;
    const value = logDensity(point) - logProduct(point, folded);
    logs[n] = Number.isNaN(value) ? -Infinity : value;
    if (logs[n]! > top) top = logs[n]!;
    yield;
  }
  if (!Number.isFinite(top)) return null;
  const { values } = refinedTable(logs, sizes, TIMES[coarse.length]!, top);
  yield;
  // Row by row of the last axis: the Jacobian of the others is the same along it.
  const last = axes.at(-1)!;
  const lastFolded = folded === axes.length;
  for (let n = 0; n < values.length; n += last.length) {
    placeKnot(axes, n, point);
    let jacobian = 1;
    for (let k = 0; k < folded && k < axes.length - 1; k += 1) jacobian *= point[k]!;
    for (let i = 0; i < last.length; i += 1) {
      const own = lastFolded ? jacobian * last[i]! : jacobian;
      values[n + i] = own * exp(values[n + i]! - top);
    }
  }
  return values;
}

/** The n-th knot of the lattice, to `point`. */
function placeKnot(axes: readonly Float64Array[], n: number, point: Float64Array): void {
  let rest = n;
  for (let k = axes.length - 1; k >= 0; k -= 1) {
    const knots = axes[k]!;
    point[k] = knots[rest % knots.length]!;
    rest = Math.floor(rest / knots.length);
  }
}

/** log of the product of the first coordinates. */
function logProduct(point: Float64Array, count: number): number {
  let product = 1;
  for (let k = 0; k < count; k += 1) product *= point[k]!;
  return log(product);
}

/** The proposal of a density at the knots of a lattice, up to a factor. */
export function latticeOver(axes: readonly Float64Array[], density: Float64Array): Proposal {
  return inverted(latticeLevels(density, axes), axes);
}

/** Draws by inversion, coordinate by coordinate, and evaluates, the tabulated density. */
function inverted(levels: readonly Level[], axes: readonly Float64Array[]): Proposal {
  const d = axes.length;
  const table = levels[d - 1]!.density;
  const logTotal = log(totalMass(levels));
  // The rows of a level that a point lies between, and their shares.
  const rows = new Int32Array(1 << d);
  const shares = new Float64Array(1 << d);
  const between = (values: Float64Array, count: number, i: number): number => {
    let sum = 0;
    for (let c = 0; c < count; c += 1) sum += shares[c]! * values[rows[c]! + i]!;
    return sum;
  };
  /** Goes on to the rows of level k + 1, at the share s between knots i and i + 1 of level k. */
  const advance = (k: number, i: number, s: number): void => {
    const count = 1 << k;
    const next = k + 1 < d ? levels[k + 1]!.knots.length : 1;
    for (let c = 0; c < count; c += 1) {
      const row = rows[c]! + i;
      rows[c + count] = (row + 1) * next;
      shares[c + count] = s * shares[c]!;
      rows[c] = row * next;
      shares[c] = (1 - s) * shares[c]!;
    }
  };
  // A point is asked for its density right after it was drawn.
  const drawn = new Float64Array(d).fill(Number.NaN);
  let drawnDensity = 0;

  return {
    table: { kind: 'lattice', axes, density: table },
    draw(rng, out) {
      rows[0] = 0;
      shares[0] = 1;
      for (let k = 0; k < d; k += 1) {
        const { knots, density, cumulative } = levels[k]!;
        const count = 1 << k;
        const u = rng.uniform() * between(cumulative, count, knots.length - 1);
        let i = 0;
        let end = knots.length - 1;
        while (end - i > 1) {
          const middle = (i + end) >> 1;
          if (between(cumulative, count, middle) <= u) i = middle;
          else end = middle;
        }
        const rest = u - between(cumulative, count, i);
        const near = between(density, count, i);
        const far = between(density, count, i + 1);
        const width = knots[i + 1]! - knots[i]!;
        const beyond = linearQuantile(near, (far - near) / width, rest, width);
        const s = beyond / width;
        drawn[k] = knots[i]! + beyond;
        out[k] = drawn[k]!;
        drawnDensity = near + s * (far - near);
        advance(k, i, s);
      }
      drawnDensity = log(drawnDensity) - logTotal;
    },
    logDensity(x) {
      let same = true;
      for (let k = 0; k < d; k += 1) same = same && x[k] === drawn[k];
      if (same) return drawnDensity;
      rows[0] = 0;
      shares[0] = 1;
      for (let k = 0; k < d; k += 1) {
        const { knots } = levels[k]!;
        if (!(x[k]! >= knots[0]! && x[k]! <= knots[knots.length - 1]!)) return -Infinity;
        const i = bracket(knots, x[k]!);
        advance(k, i, (x[k]! - knots[i]!) / (knots[i + 1]! - knots[i]!));
      }
      return log(between(table, 1 << d, 0)) - logTotal;
    },
  };
}
