import { exp, log } from '../elementary.ts';
import type { Pausing } from '../pausing.ts';
import { bracket } from './bracket.ts';
import { linearQuantile } from './linearQuantile.ts';
import type { Proposal } from './proposal.ts';
import type { ProposalTable } from './proposalTable.ts';

const SCAN = 240;
const KNOTS = 384;
/** Points of the scan that a density must be met by, and how often to look closer for them. */
const FEWEST = 12;
const CLOSER = 8;
const GUIDE = 512;
/** Log density per unit of log x below which a tail is left to the random-walk steps: e^-28 of the mode. */
const CUTOFF = 28;

/** A tabulated density. */
export interface GridProposal extends Proposal {
  readonly table: Extract<ProposalTable, { kind: 'grid' }>;
}

/**
 * A one-dimensional density on (0, infinity) tabulated once and drawn by inversion: piecewise linear between knots that
 * are dense where the density is. The log density is scanned over log x around `scale`, widened until both ends have
 * fallen away, then knots are placed by the integral of its square root, which spends them on tails too. `peaks` are
 * where it is known to have modes, which may be narrow.
 */
export function* gridProposal(
  logDensity: (x: number) => number,
  scale: number,
  peaks: readonly number[] = [],
): Pausing<GridProposal> {
  let low = log(scale) - 12;
  let high = log(scale) + 12;
  for (const x of peaks) {
    low = Math.min(low, log(x) - 2);
    high = Math.max(high, log(x) + 2);
  }
  const inLog = (t: number): number => logDensity(exp(t)) + t;
  const scan = function* (): Pausing<{ t: number[]; logs: number[]; top: number }> {
    const t = scanPoints(low, high, peaks);
    const logs = yield* valuesAt(inLog, t);
    return { t, logs, top: Math.max(...logs) };
  };
  let { t, logs, top } = yield* scan();
  for (let widened = 0; widened < 20 && top > -Infinity; widened += 1) {
    if (logs[logs.length - 1]! > top - CUTOFF) high += 6;
    else if (logs[0]! > top - CUTOFF) low -= 6;
    else break;
    ({ t, logs, top } = yield* scan());
  }
  const ends = (): [number, number] => [
    Math.max(0, logs.findIndex((v) => v > top - CUTOFF) - 1),
    Math.min(logs.length - 1, logs.length - [...logs].reverse().findIndex((v) => v > top - CUTOFF)),
  ];
  let [first, last] = ends();
  // A density as narrow as a bounded prior makes it was met by a point or two: look again between their neighbours.
  for (let closer = 0; closer < CLOSER && last - first < FEWEST && top > -Infinity; closer += 1) {
    [low, high] = [t[first]!, t[last]!];
    ({ t, logs, top } = yield* scan());
    [first, last] = ends();
  }
  const coarse = placeKnots(t.slice(first, last + 1), logs.slice(first, last + 1), 96);
  // A second placement on the first knots: the scan may have met a narrow mode with a handful of points.
  const values = yield* valuesAt(inLog, coarse);
  const knots = placeKnots(coarse, values, KNOTS);
  const x = Float64Array.from(knots, (t) => exp(t));
  const logAt = yield* valuesAt(logDensity, x);
  const peak = Math.max(...logAt);
  return gridOver(
    x,
    Float64Array.from(logAt, (v) => exp(v - peak)),
  );
}

/** Evenly spaced points, and ever closer ones about each peak. */
function scanPoints(low: number, high: number, peaks: readonly number[]): number[] {
  const points = Array.from({ length: SCAN + 1 }, (_, i) => low + ((high - low) * i) / SCAN);
  for (const x of peaks) {
    const centre = log(x);
    points.push(centre);
    for (let away = (high - low) / SCAN; away > 1e-4; away *= 0.6) points.push(centre - away, centre + away);
  }
  return peaks.length === 0 ? points : [...new Set(points)].filter((t) => t >= low && t <= high).sort((a, b) => a - b);
}

/** Draws from, and evaluates, the density that is f at the knots x, up to a factor, and linear between them. */
export function gridOver(x: Float64Array, f: Float64Array): GridProposal {
  const n = x.length;
  const cumulative = new Float64Array(n);
  for (let i = 1; i < n; i += 1) cumulative[i] = cumulative[i - 1]! + 0.5 * (f[i]! + f[i - 1]!) * (x[i]! - x[i - 1]!);
  const total = cumulative[n - 1]!;

  // The guide (Chen & Asau 1974): the interval that holds k / GUIDE of the mass, from which the search starts.
  const guide = Int32Array.from({ length: GUIDE + 1 }, (_, k) => bracket(cumulative, (k / GUIDE) * total));
  // A point is asked for its density right after it was drawn.
  let drawn = Number.NaN;
  let drawnDensity = 0;

  return {
    table: { kind: 'grid', knots: x, density: f },
    draw(rng, out) {
      const share = rng.uniform();
      const u = share * total;
      let i = guide[Math.floor(share * GUIDE)]!;
      while (i < n - 2 && cumulative[i + 1]! <= u) i += 1;
      const width = x[i + 1]! - x[i]!;
      const slope = (f[i + 1]! - f[i]!) / width;
      drawn = x[i]! + linearQuantile(f[i]!, slope, u - cumulative[i]!, width);
      drawnDensity = log((f[i]! + slope * (drawn - x[i]!)) / total);
      out[0] = drawn;
    },
    logDensity(point) {
      const v = point[0]!;
      if (v === drawn) return drawnDensity;
      if (v < x[0]! || v > x[n - 1]!) return -Infinity;
      const i = bracket(x, v);
      const density = f[i]! + ((f[i + 1]! - f[i]!) * (v - x[i]!)) / (x[i + 1]! - x[i]!);
      return log(density / total);
    },
  };
}

/** f at every point, -Infinity for NaN. */
function* valuesAt(f: (t: number) => number, points: Iterable<number>): Pausing<number[]> {
  const values: number[] = [];
  for (const point of points) {
    const value = f(point);
    values.push(Number.isNaN(value) ? -Infinity : value);
    yield;
  }
  return values;
}

/** Knots in t spaced by the integral of sqrt(density), with a small uniform share so that no stretch goes without. */
function placeKnots(t: readonly number[], logs: readonly number[], count: number): number[] {
  const top = Math.max(...logs);
  const n = t.length;
  const width = t[n - 1]! - t[0]!;
  const root = logs.map((v) => exp(0.5 * (v - top)));
  const mass: number[] = [0];
  for (let i = 1; i < n; i += 1) mass.push(mass[i - 1]! + 0.5 * (root[i]! + root[i - 1]!) * (t[i]! - t[i - 1]!));
  const whole = mass[n - 1]!;
  const measure = t.map((v, i) => 0.85 * (mass[i]! / whole) + 0.15 * ((v - t[0]!) / width));
  const knots: number[] = [];
  let i = 0;
  for (let k = 0; k < count; k += 1) {
    const target = k / (count - 1);
    while (i < n - 2 && measure[i + 1]! < target) i += 1;
    const share = (target - measure[i]!) / (measure[i + 1]! - measure[i]!);
    knots.push(t[i]! + Math.min(1, Math.max(0, share)) * (t[i + 1]! - t[i]!));
  }
  return knots;
}
