import type { Rng } from '../../../src/random/rng.ts';
import { lowerFactor } from './lowerFactor.ts';

/** A density on R^dim, with a wide reference that is easy to draw from. */
export interface TemperedTarget {
  readonly dim: number;
  /** Numbers that an evaluation leaves behind and that belong to its state (draws of an unbiased estimate). */
  readonly carried: number;
  drawReference(rng: Rng, theta: Float64Array): void;
  logReference(theta: Float64Array): number;
  /** log density, or the log of an unbiased estimate of the density; -Infinity outside. */
  logTarget(theta: Float64Array, rng: Rng, carried: Float64Array): number;
}

export interface Particle {
  theta: Float64Array;
  carried: Float64Array;
  target: number;
  reference: number;
}

export interface TemperedSample {
  /** Equally weighted. */
  readonly particles: readonly Particle[];
  /** log of the integral of the target over that of the reference. */
  readonly logEvidence: number;
}

/** What the effective share of the particles falls to between two temperatures. */
const SHARE = 0.6;
const MOVES = 6;
const LAST_MOVES = 24;
const MOST_TRIES = 20_000;

/**
 * Sequential Monte Carlo along reference^(1 - t) target^t, t from 0 to 1 (Del Moral, Doucet & Jasra 2006): particles
 * from the reference, weighted to the next t, resampled, moved by Metropolis steps of three kinds (a normal walk,
 * differences of two others, one coordinate alone). Every mode that the reference reaches keeps its share, which no
 * chain that walks can promise. Throws where no particle has a density.
 */
export function temperedSampler(target: TemperedTarget, particles: number, rng: Rng): TemperedSample {
  const { dim } = target;
  let all = Array.from({ length: particles }, () => start(target, rng));
  let logEvidence = 0;
  let t = 0;
  for (;;) {
    const last = t >= 1;
    if (!last) {
      const next = nextTemperature(all, t);
      const logWeights = all.map((one) => (next - t) * (one.target - one.reference));
      const largest = Math.max(...logWeights);
      const weights = logWeights.map((value) => Math.exp(value - largest));
      logEvidence += largest + Math.log(weights.reduce((sum, value) => sum + value, 0) / particles);
      all = resample(all, weights, rng);
      t = next;
    }
    for (let move = 0; move < (last ? LAST_MOVES : MOVES); move += 1) moveAll(target, all, t, move, dim, rng);
    if (last) return { particles: all, logEvidence };
  }
}

function start(target: TemperedTarget, rng: Rng): Particle {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const theta = new Float64Array(target.dim);
    const carried = new Float64Array(target.carried);
    target.drawReference(rng, theta);
    const value = target.logTarget(theta, rng, carried);
    if (Number.isFinite(value)) return { theta, carried, target: value, reference: target.logReference(theta) };
  }
  throw new Error(`no draw of ${MOST_TRIES} from the reference has a posterior density`);
}

function nextTemperature(all: readonly Particle[], t: number): number {
  const share = (next: number): number => {
    const logWeights = all.map((one) => (next - t) * (one.target - one.reference));
    const largest = Math.max(...logWeights);
    let sum = 0;
    let squares = 0;
    for (const value of logWeights) {
      const weight = Math.exp(value - largest);
      sum += weight;
      squares += weight * weight;
    }
    return (sum * sum) / squares / all.length;
  };
  if (share(1) > SHARE) return 1;
  let low = t;
  let high = 1;
  for (let step = 0; step < 50; step += 1) {
    const middle = (low + high) / 2;
    if (share(middle) > SHARE) low = middle;
    else high = middle;
  }
  return low > t ? low : high;
}

/** Systematic resampling. */
function resample(all: readonly Particle[], weights: readonly number[], rng: Rng): Particle[] {
  const total = weights.reduce((sum, value) => sum + value, 0);
  const first = rng.uniform();
  let at = 0;
  let reached = weights[0]!;
  return all.map((_, i) => {
    const level = ((i + first) / all.length) * total;
    while (reached < level && at < all.length - 1) {
      at += 1;
      reached += weights[at]!;
    }
    return { ...all[at]! };
  });
}

const WALKS = [1, 0.4, 0.15];

function moveAll(target: TemperedTarget, all: Particle[], t: number, move: number, dim: number, rng: Rng): void {
  const L = spread(all, dim);
  const others = all.map(({ theta }) => theta);
  const any = (): Float64Array => others[Math.floor(rng.uniform() * others.length)]!;
  const z = new Float64Array(dim);
  for (const one of all) {
    const theta = one.theta.slice();
    const kind = Math.floor(rng.uniform() * 3);
    if (kind === 0) {
      const size = (2.38 / Math.sqrt(dim)) * WALKS[move % 3]!;
      for (let k = 0; k < dim; k += 1) z[k] = rng.normal();
      for (let k = 0; k < dim; k += 1) for (let l = 0; l <= k; l += 1) theta[k]! += size * L[k * dim + l]! * z[l]!;
    } else {
      const a = any();
      const b = any();
      // Now and then the whole difference, which leads from one mode to another.
      const whole = kind === 1 && move % 4 === 3;
      const size = whole ? 1 : kind === 1 ? (2.38 / Math.sqrt(2 * dim)) * (0.3 + rng.uniform()) : move % 2 ? 1.2 : 0.5;
      const only = kind === 1 ? -1 : Math.floor(rng.uniform() * dim);
      for (let k = 0; k < dim; k += 1) {
        if (only < 0 || only === k) theta[k]! += size * (a[k]! - b[k]!) + 1e-6 * rng.normal();
      }
    }
    const carried = new Float64Array(target.carried);
    const value = target.logTarget(theta, rng, carried);
    if (!Number.isFinite(value)) continue;
    const reference = target.logReference(theta);
    const rise = t * (value - one.target) + (t < 1 ? (1 - t) * (reference - one.reference) : 0);
    if (!(Math.log(rng.uniform()) < rise)) continue;
    one.theta = theta;
    one.carried = carried;
    one.target = value;
    one.reference = reference;
  }
}

/** Lower factor of the particles' covariance; zeros where it has none. */
function spread(all: readonly Particle[], dim: number): Float64Array {
  const mean = new Float64Array(dim);
  for (const { theta } of all) for (let k = 0; k < dim; k += 1) mean[k]! += theta[k]! / all.length;
  const L = new Float64Array(dim * dim);
  for (const { theta } of all) {
    for (let k = 0; k < dim; k += 1) {
      for (let l = 0; l <= k; l += 1) L[k * dim + l]! += ((theta[k]! - mean[k]!) * (theta[l]! - mean[l]!)) / all.length;
    }
  }
  for (let k = 0; k < dim; k += 1) L[k * dim + k]! += 1e-14 + 1e-10 * L[k * dim + k]!;
  if (!lowerFactor(L, dim)) L.fill(0);
  return L;
}
