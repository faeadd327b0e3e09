import { cholesky } from '../linalg/cholesky.ts';
import type { Rng } from '../random/rng.ts';
import { fitMixture } from './fitMixture.ts';
import { importanceWeights } from './importanceWeights.ts';
import { allocateMixture, mixtureProposal } from './mixture.ts';
import type { Pausing } from './pausing.ts';
import type { Proposal } from './proposal.ts';
import type { Mixture } from './proposalTable.ts';

/** Points of each round of importance sampling, and the components fitted to them. */
const ROUNDS = [
  { points: 800, components: 1 },
  { points: 1200, components: 2 },
  { points: 1800, components: 4 },
] as const;
const EXTRA_ROUNDS = 3;
/** Share of effective points at which the proposal is good enough. */
const GOOD = 0.6;

/** How far the fitted mixture is widened, the weight of its defensive component, and the points that rounds take, as a multiple. */
export interface Widening {
  readonly scale: number;
  readonly defence: number;
  readonly points: number;
}

const USUAL: Widening = { scale: 1.1, defence: 0.1, points: 1 };

/** A fitted independence proposal, and a random-walk step of the posterior's size beside it. */
export interface AdaptiveProposal {
  readonly proposal: Proposal;
  /** Lower Cholesky factor of the random walk's covariance, d x d: the posterior covariance times 2.38^2 / d (Roberts & Rosenthal 2001). */
  readonly walk: Float64Array;
  /** Effective share of the last round's importance weights: 1 means the proposal is the posterior. */
  readonly efficiency: number;
}

/**
 * Fits a mixture of t distributions to a density by adaptive importance sampling (Cappé, Douc, Guillin, Marin & Robert 2008): from a t around the mode,
 * points are drawn, weighted and fitted by expectation-maximisation with more components each round. The last mixture is widened (by 1.1) and
 * gets a component of small weight (0.1), scale 1.6 and 3 degrees of freedom, so that no tail of the posterior is lighter covered.
 *
 * It is a function of the density alone: `rng` must be a stream of its own with a fixed seed, so that every chain gets the same proposal.
 * `share` thins the points where an evaluation is dear.
 */
export function* adaptiveProposal(
  logDensity: (phi: Float64Array) => number,
  mode: Float64Array,
  folded: number,
  rng: Rng,
  share = 1,
  widening = USUAL,
): Pausing<AdaptiveProposal> {
  const d = mode.length;
  let mixture = allocateMixture(d, folded, 1);
  mixture.df[0] = 4;
  mixture.means.set(mode);
  mixture.factors.set(curvatureFactor(logDensity, mode));
  let covariance: Float64Array = new Float64Array(d * d);
  let efficiency = 0;
  let components = 1;
  for (let round = 0; round < ROUNDS.length + EXTRA_ROUNDS; round += 1) {
    const { points: N, components: K } = ROUNDS[Math.min(round, ROUNDS.length - 1)]!;
    components = d > 3 ? K + (K > 1 ? 2 : 0) : K;
    const cloud = yield* drawCloud(
      logDensity,
      mixtureProposal(mixture),
      d,
      Math.round(share * widening.points * N * (d > 3 ? 2 : 1)),
      rng,
    );
    efficiency = cloud.efficiency;
    if (round >= ROUNDS.length && efficiency > GOOD) break;
    covariance = weightedCovariance(cloud.points, cloud.weights, d);
    const starts = Array.from({ length: components }, () => pick(cloud.weights, rng));
    mixture = defend(
      yield* fitMixture(cloud.points, cloud.weights, d, folded, starts, covariance),
      cloud,
      covariance,
      widening,
    );
  }
  const walk = Float64Array.from(covariance, (v) => (v * 2.38 * 2.38) / d);
  cholesky(walk, d);
  return { proposal: mixtureProposal(mixture), walk, efficiency };
}

interface Cloud {
  readonly points: Float64Array;
  readonly weights: Float64Array;
  readonly mean: Float64Array;
  readonly efficiency: number;
}

/** N points of the proposal with normalised weights; where a few points would carry everything, the weights are tempered. */
function* drawCloud(
  logDensity: (phi: Float64Array) => number,
  proposal: Proposal,
  d: number,
  N: number,
  rng: Rng,
): Pausing<Cloud> {
  const points = new Float64Array(N * d);
  const logs = new Float64Array(N);
  for (let n = 0; n < N; n += 1) {
    const x = points.subarray(n * d, n * d + d);
    proposal.draw(rng, x);
    const value = logDensity(x) - proposal.logDensity(x);
    logs[n] = Number.isNaN(value) ? -Infinity : value;
    yield;
  }
  let found = importanceWeights(logs);
  const efficiency = found.effective / N;
  for (let power = 1; !(found.effective > 12 * d + 20) && power >= 0.02; ) {
    power *= 0.7;
    found = importanceWeights(logs, power);
  }
  const weights = found.weights.map((weight) => weight / found.sum);
  const mean = new Float64Array(d);
  for (let n = 0; n < N; n += 1) for (let i = 0; i < d; i += 1) mean[i] = mean[i]! + weights[n]! * points[n * d + i]!;
  return { points, weights, mean, efficiency };
}

/** The fitted mixture widened, with the defensive component. */
function defend(fitted: Mixture, cloud: Cloud, covariance: Float64Array, { scale, defence }: Widening): Mixture {
  const { d, folded, components } = fitted;
  const mixture = allocateMixture(d, folded, components + 1);
  for (let k = 0; k < components; k += 1) mixture.weights[k] = (1 - defence) * fitted.weights[k]!;
  mixture.weights[components] = defence;
  mixture.means.set(fitted.means);
  mixture.means.set(cloud.mean, components * d);
  mixture.factors.set(fitted.factors.map((v) => v * scale));
  const wide = Float64Array.from(covariance, (v) => v * 1.6 * 1.6);
  cholesky(wide, d);
  mixture.factors.set(wide, components * d * d);
  mixture.df[components] = 3;
  return mixture;
}

function weightedCovariance(points: Float64Array, weights: Float64Array, d: number): Float64Array {
  const mean = new Float64Array(d);
  const out = new Float64Array(d * d);
  const N = weights.length;
  for (let n = 0; n < N; n += 1) for (let i = 0; i < d; i += 1) mean[i] = mean[i]! + weights[n]! * points[n * d + i]!;
  for (let n = 0; n < N; n += 1) {
    for (let i = 0; i < d; i += 1) {
      const ei = weights[n]! * (points[n * d + i]! - mean[i]!);
      for (let j = 0; j < d; j += 1) out[i * d + j] = out[i * d + j]! + ei * (points[n * d + j]! - mean[j]!);
    }
  }
  for (let i = 0; i < d; i += 1) out[i * d + i] = out[i * d + i]! * 1.0001 + 1e-12;
  return out;
}

/** Lower Cholesky factor of the inverse negative Hessian at the mode, by differences; a diagonal one where that is not positive definite. */
function curvatureFactor(logDensity: (phi: Float64Array) => number, mode: Float64Array): Float64Array {
  const d = mode.length;
  const h = Float64Array.from(mode, (v) => 0.02 * Math.max(0.2, Math.abs(v)));
  const x = new Float64Array(d);
  const f = (a: number, sa: number, b: number, sb: number): number => {
    x.set(mode);
    x[a] = x[a]! + sa * h[a]!;
    x[b] = x[b]! + sb * h[b]!;
    return logDensity(x);
  };
  const precision = new Float64Array(d * d);
  const centre = logDensity(mode);
  for (let a = 0; a < d; a += 1) {
    const second = (f(a, 1, a, 0) - 2 * centre + f(a, -1, a, 0)) / (h[a]! * h[a]!);
    precision[a * d + a] = Math.max(1e-2, -second);
    for (let b = 0; b < a; b += 1) {
      const mixed = (f(a, 1, b, 1) - f(a, 1, b, -1) - f(a, -1, b, 1) + f(a, -1, b, -1)) / (4 * h[a]! * h[b]!);
      precision[a * d + b] = -mixed;
      precision[b * d + a] = -mixed;
    }
  }
  const diagonal = Float64Array.from({ length: d }, (_, a) => precision[a * d + a]!);
  const finite = precision.every((v) => Number.isFinite(v));
  const factor = finite ? inverseFactor(precision, d) : null;
  if (factor) return factor;
  const fallback = new Float64Array(d * d);
  for (let a = 0; a < d; a += 1) fallback[a * d + a] = 1 / Math.sqrt(Number.isFinite(diagonal[a]!) ? diagonal[a]! : 1);
  return fallback;
}

/** Lower Cholesky factor of P^-1, or null where P is not positive definite. */
function inverseFactor(P: Float64Array, d: number): Float64Array | null {
  const L = Float64Array.from(P);
  if (!cholesky(L, d)) return null;
  const inverse = new Float64Array(d * d);
  for (let c = 0; c < d; c += 1) {
    const e = new Float64Array(d);
    e[c] = 1;
    for (let i = 0; i < d; i += 1) {
      let sum = e[i]!;
      for (let k = 0; k < i; k += 1) sum -= L[i * d + k]! * e[k]!;
      e[i] = sum / L[i * d + i]!;
    }
    for (let i = d - 1; i >= 0; i -= 1) {
      let sum = e[i]!;
      for (let k = i + 1; k < d; k += 1) sum -= L[k * d + i]! * e[k]!;
      e[i] = sum / L[i * d + i]!;
    }
    inverse.set(e, c * d);
  }
  return cholesky(inverse, d) ? inverse : null;
}

function pick(weights: Float64Array, rng: Rng): number {
  let u = rng.uniform();
  for (let n = 0; n < weights.length; n += 1) {
    u -= weights[n]!;
    if (u < 0) return n;
  }
  return weights.length - 1;
}
