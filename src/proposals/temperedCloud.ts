import { exp } from '../elementary.ts';
import type { Pausing } from '../pausing.ts';
import type { Rng } from '../random/rng.ts';
import { importanceWeights } from './importanceWeights.ts';
import type { Proposal } from './proposal.ts';

/** Moves of every particle at each temperature, and at the last. */
const MOVES = 4;
const LAST_MOVES = 12;
/** Share of effective particles that a step of the temperature leaves. */
const LEFT = 0.5;
const MOST_TEMPERATURES = 60;
/** Logs of the smallest and of the largest move, relative to 2.38 / sqrt(2 d). */
const SMALLEST = -3;
const LARGEST = 0.5;
/** Share of the moves that go all the way to where another particle's mode may be. */
const WHOLE = 0.1;

/**
 * N points of a density that no proposal is near to: particles of `first` are tempered, p_b = first^(1 - b) density^b
 * from b = 0 to 1 in steps that leave half of the particles effective, resampled, and moved at each b by Metropolis
 * steps along the difference of two others (Del Moral, Doucet & Jasra 2006; ter Braak 2006), which follow a ridge
 * however narrow and bent and go over from mode to mode. N x d, of equal weights; null where the density is nowhere
 * positive. The points make a proposal; that they are dependent costs nothing but its fit.
 */
export function* temperedCloud(
  logDensity: (x: Float64Array) => number,
  first: Proposal,
  d: number,
  N: number,
  rng: Rng,
): Pausing<Float64Array | null> {
  let points = new Float64Array(N * d);
  let heights = new Float64Array(N);
  let starts = new Float64Array(N);
  const next = new Float64Array(d);
  for (let n = 0; n < N; n += 1) {
    const x = points.subarray(n * d, n * d + d);
    first.draw(rng, x);
    starts[n] = first.logDensity(x);
    heights[n] = finite(logDensity(x));
    yield;
  }
  if (!heights.some((value) => value > -Infinity)) return null;
  const logs = new Float64Array(N);
  let b = 0;
  for (let t = 0; t < MOST_TEMPERATURES && b < 1; t += 1) {
    const from = b;
    const weigh = (to: number) => {
      for (let n = 0; n < N; n += 1) logs[n] = (to - from) * (heights[n]! - starts[n]!);
      return importanceWeights(logs);
    };
    const enough = LEFT * heights.filter((value) => value > -Infinity).length;
    if (weigh(1).effective >= enough) b = 1;
    else {
      let far = 1;
      for (let i = 0; i < 30; i += 1) {
        const middle = 0.5 * (b + far);
        if (weigh(middle).effective >= enough) b = middle;
        else far = middle;
      }
    }
    const chosen = resample(weigh(b).weights, rng);
    points = Float64Array.from({ length: N * d }, (_, i) => points[chosen[Math.floor(i / d)]! * d + (i % d)]!);
    heights = Float64Array.from(chosen, (n) => heights[n]!);
    starts = Float64Array.from(chosen, (n) => starts[n]!);
    const moves = b === 1 ? LAST_MOVES : MOVES;
    for (let move = 0; move < moves; move += 1) {
      for (let n = 0; n < N; n += 1) {
        const one = Math.floor(N * rng.uniform());
        const other = Math.floor(N * rng.uniform());
        const whole = rng.uniform() < WHOLE;
        const size = whole ? 1 : (2.38 / Math.sqrt(2 * d)) * exp(SMALLEST + (LARGEST - SMALLEST) * rng.uniform());
        for (let k = 0; k < d; k += 1) {
          next[k] = points[n * d + k]! + size * (points[one * d + k]! - points[other * d + k]!);
        }
        const start = first.logDensity(next);
        const height = finite(logDensity(next));
        const rise = b * (height - heights[n]!) + (b < 1 ? (1 - b) * (start - starts[n]!) : 0);
        if (rng.uniform() < exp(Math.min(0, rise))) {
          points.set(next, n * d);
          heights[n] = height;
          starts[n] = start;
        }
        yield;
      }
    }
  }
  return points;
}

function finite(value: number): number {
  return value < Infinity ? value : -Infinity;
}

/** Systematic resampling: which particle each of as many is a copy of. */
function resample(weights: Float64Array, rng: Rng): Int32Array {
  const N = weights.length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const chosen = new Int32Array(N);
  let u = rng.uniform();
  let n = 0;
  let below = (weights[0]! / total) * N;
  for (let i = 0; i < N; i += 1, u += 1) {
    while (below < u && n + 1 < N) {
      n += 1;
      below += (weights[n]! / total) * N;
    }
    chosen[i] = n;
  }
  return chosen;
}
