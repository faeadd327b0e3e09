import { exp } from '../elementary.ts';
import { ModelError } from '../errors.ts';
import type { Rng } from './rng.ts';

/**
 * Lower bounds (in sd from the mean) up to here are met by drawing normals until one lies above: at least 0.31 of them
 * do.
 */
const NORMAL_UP_TO = 0.5;
/** sqrt(2 pi): on an interval around the mean that is wider, normals are accepted more often than uniforms. */
const UNIFORM_UP_TO = 2.5066282746310002;

/**
 * X - a for X standard normal given X > a: normals until one lies above, or for a > 0.5 the exponential proposal with
 * rate (a + sqrt(a^2 + 4)) / 2 of Robert (1995, "Simulation of truncated normal variables", proposition 2.3), accepted
 * with probability 0.8 and more. The excess is returned, not X: far in the tail X has lost its digits.
 */
function excessAbove(a: number, rng: Rng): number {
  if (a <= NORMAL_UP_TO) {
    for (;;) {
      const x = rng.normal();
      if (x > a) return x - a;
    }
  }
  const half = 0.5 * a;
  const rate = half + Math.sqrt(half * half + 1);
  // 1 / rate = rate - a, free of cancellation as it stands.
  const lag = 1 / rate;
  for (;;) {
    const excess = rng.exponential() * lag;
    const miss = excess - lag;
    if (rng.uniform() < exp(-0.5 * miss * miss)) return excess;
  }
}

/**
 * X - a for X standard normal given a < X < b, b > 0 and |a| <= b: by uniforms where the interval is short, else
 * one-sided.
 */
function excessBetween(a: number, b: number, rng: Rng): number {
  const width = b - a;
  if (a > 0) {
    // Robert (1995, section 2.2): the interval beyond which the one-sided proposal wins.
    const root = Math.sqrt(a * a + 4);
    if (width > (2 / (a + root)) * exp(0.5 - a / (a + root))) {
      for (;;) {
        const excess = excessAbove(a, rng);
        if (excess < width) return excess;
      }
    }
    for (;;) {
      const excess = width * rng.uniform();
      if (rng.uniform() < exp(-excess * (a + 0.5 * excess))) return excess;
    }
  }
  if (width > UNIFORM_UP_TO) {
    for (;;) {
      const x = rng.normal();
      if (x > a && x < b) return x - a;
    }
  }
  for (;;) {
    const excess = width * rng.uniform();
    const x = a + excess;
    if (rng.uniform() < exp(-0.5 * x * x)) return excess;
  }
}

/**
 * The draw at `distance` inside the edge at `bound`, or from the mean where the edge is so far out that its digits are.
 */
function inside(mean: number, sd: number, bound: number, edge: number, distance: number): number {
  return edge > 0 ? bound + sd * distance : mean + sd * (edge + distance);
}

function wrongArguments(mean: number, sd: number, low: number, high: number): ModelError {
  return new ModelError(
    'truncated-normal',
    'truncatedNormal',
    `truncatedNormal: got mean ${mean}, sd ${sd}, low ${low}, high ${high}; the mean is finite, the sd positive and finite, and low below high`,
  );
}

function checkArguments(mean: number, sd: number, low: number, high: number): void {
  if (!(Number.isFinite(mean) && sd > 0 && sd < Number.POSITIVE_INFINITY && low < high)) {
    throw wrongArguments(mean, sd, low, high);
  }
}

/**
 * A draw from Normal(mean, sd) given that it lies above `low` (probit: y = 1 and low = 0). Exact (Robert 1995), at any
 * distance: far in the tail the draw is `low` plus an excess that keeps its own digits. -Infinity is no bound.
 * Throws a ModelError for a mean that is not finite, an sd that is not positive and finite, or a low that is NaN or
 * Infinity.
 */
export function truncatedNormalAbove(mean: number, sd: number, low: number, rng: Rng): number {
  checkArguments(mean, sd, low, Number.POSITIVE_INFINITY);
  if (low === Number.NEGATIVE_INFINITY) return mean + sd * rng.normal();
  const a = (low - mean) / sd;
  return Math.max(low, inside(mean, sd, low, a, excessAbove(a, rng)));
}

/**
 * A draw from Normal(mean, sd) given that it lies below `high` (probit: y = 0): the mirror image of
 * truncatedNormalAbove.
 */
export function truncatedNormalBelow(mean: number, sd: number, high: number, rng: Rng): number {
  return -truncatedNormalAbove(-mean, sd, -high, rng);
}

/**
 * A draw from Normal(mean, sd) given low < X < high; either bound may be infinite. Exact: normals, uniforms or Robert's
 * (1995) exponential, whichever is accepted most for where the interval lies and how wide it is.
 * Throws a ModelError for a mean that is not finite, an sd that is not positive and finite, or a low that is not below
 * high.
 */
export function truncatedNormal(mean: number, sd: number, low: number, high: number, rng: Rng): number {
  checkArguments(mean, sd, low, high);
  if (high === Number.POSITIVE_INFINITY) return truncatedNormalAbove(mean, sd, low, rng);
  if (low === Number.NEGATIVE_INFINITY) return truncatedNormalBelow(mean, sd, high, rng);
  const a = (low - mean) / sd;
  const b = (high - mean) / sd;
  // The interval is mirrored so that it lies to the right of the mean, or mostly so.
  const x =
    a + b >= 0
      ? inside(mean, sd, low, a, excessBetween(a, b, rng))
      : -inside(-mean, sd, -high, -b, excessBetween(-b, -a, rng));
  return Math.min(high, Math.max(low, x));
}
