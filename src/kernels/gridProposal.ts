import { exp, log } from '../elementary.ts';
import type { Proposal } from './proposal.ts';

const SCAN = 240;
const KNOTS = 384;
/** Log density per unit of log x below which a tail is left to the random-walk steps: e^-28 of the mode. */
const CUTOFF = 28;

/**
 * A one-dimensional density on (0, infinity) tabulated once and drawn by inversion: piecewise linear between knots that are
 * dense where the density is. The log density is scanned over log x around `scale`, widened until both ends have fallen away, then
 * knots are placed by the integral of its square root, which spends them on tails too.
 */
export function gridProposal(logDensity: (x: number) => number, scale: number): Proposal {
  let low = log(scale) - 12;
  let high = log(scale) + 12;
  const inLog = (t: number): number => {
    const value = logDensity(exp(t)) + t;
    return Number.isNaN(value) ? -Infinity : value;
  };
  let logs = scan(inLog, low, high);
  let top = Math.max(...logs);
  for (let widened = 0; widened < 20 && top > -Infinity; widened += 1) {
    if (logs[logs.length - 1]! > top - CUTOFF) high += 6;
    else if (logs[0]! > top - CUTOFF) low -= 6;
    else break;
    logs = scan(inLog, low, high);
    top = Math.max(...logs);
  }
  const first = Math.max(0, logs.findIndex((v) => v > top - CUTOFF) - 1);
  const last = Math.min(SCAN, logs.length - [...logs].reverse().findIndex((v) => v > top - CUTOFF));
  const step = (high - low) / SCAN;
  const coarse = placeKnots(logs.slice(first, last + 1), low + first * step, step, top, 96);
  // A second placement on the first knots: the scan may have met a narrow mode with a handful of points.
  const values = coarse.map(inLog);
  const knots = refine(coarse, values, KNOTS);
  const x = Float64Array.from(knots, (t) => exp(t));
  const logAt = Float64Array.from(x, (v) => {
    const value = logDensity(v);
    return Number.isNaN(value) ? -Infinity : value;
  });
  const peak = Math.max(...logAt);
  const f = Float64Array.from(logAt, (v) => exp(v - peak));
  const n = x.length;
  const cumulative = new Float64Array(n);
  for (let i = 1; i < n; i += 1) cumulative[i] = cumulative[i - 1]! + 0.5 * (f[i]! + f[i - 1]!) * (x[i]! - x[i - 1]!);
  const total = cumulative[n - 1]!;

  const interval = (table: Float64Array, value: number): number => {
    let a = 0;
    let b = n - 1;
    while (b - a > 1) {
      const middle = (a + b) >> 1;
      if (table[middle]! <= value) a = middle;
      else b = middle;
    }
    return a;
  };

  return {
    draw(rng, out) {
      const u = rng.uniform() * total;
      const i = interval(cumulative, u);
      const width = x[i + 1]! - x[i]!;
      const slope = (f[i + 1]! - f[i]!) / width;
      const rest = u - cumulative[i]!;
      // Root of f_i s + slope s^2 / 2 = rest in the form that does not cancel.
      const root = Math.sqrt(Math.max(0, f[i]! * f[i]! + 2 * slope * rest));
      out[0] = x[i]! + Math.min(width, (2 * rest) / (f[i]! + root));
    },
    logDensity(point) {
      const v = point[0]!;
      if (v < x[0]! || v > x[n - 1]!) return -Infinity;
      const i = interval(x, v);
      const density = f[i]! + ((f[i + 1]! - f[i]!) * (v - x[i]!)) / (x[i + 1]! - x[i]!);
      return log(density / total);
    },
  };
}

function scan(f: (t: number) => number, low: number, high: number): number[] {
  return Array.from({ length: SCAN + 1 }, (_, i) => f(low + ((high - low) * i) / SCAN));
}

/** Knots in t spaced by the integral of sqrt(density), with a small uniform share so that no stretch goes without. */
function placeKnots(logs: readonly number[], start: number, step: number, top: number, count: number): number[] {
  const t = logs.map((_, i) => start + i * step);
  return spread(
    t,
    logs.map((v) => v - top),
    count,
  );
}

function refine(t: readonly number[], logs: readonly number[], count: number): number[] {
  const top = Math.max(...logs);
  return spread(
    t,
    logs.map((v) => v - top),
    count,
  );
}

function spread(t: readonly number[], logs: readonly number[], count: number): number[] {
  const n = t.length;
  const width = t[n - 1]! - t[0]!;
  const root = logs.map((v) => exp(0.5 * v));
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
