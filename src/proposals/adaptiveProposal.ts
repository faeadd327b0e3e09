import { cholesky } from '../linalg/cholesky.ts';
import type { Pausing } from '../pausing.ts';
import type { Rng } from '../random/rng.ts';
import { curvatureFactor } from './curvatureFactor.ts';
import { fitMixture } from './fitMixture.ts';
import { importanceWeights } from './importanceWeights.ts';
import { allocateMixture, mixtureAt, mixtureProposal } from './mixture.ts';
import type { Proposal } from './proposal.ts';
import type { Mixture, MixtureSeed } from './proposalTable.ts';

/** Points of each round of importance sampling, and the components fitted to them. */
const ROUNDS = [
  { points: 800, components: 1 },
  { points: 1200, components: 2 },
  { points: 1800, components: 4 },
] as const;
const EXTRA_ROUNDS = 3;
/** More rounds, of more components and points, where even then the proposal is poor. */
const MORE_ROUNDS = 3;
const MORE = { points: 3000, components: 8 };
/** Shares of effective points at which the proposal is good enough, and below which it is poor. */
const GOOD = 0.6;
const POOR = 0.35;

/** Rounds of a mixture that only shows where the mass is. */
const FEW_ROUNDS = 2;
/** Share of effective points of its last round below which it goes on. */
const ROUGH = 0.2;

/** Of a mixture none of whose points met the density. */
const NARROWER = 0.2;

/**
 * How far the fitted mixture is widened, the weight of its defensive component, and the points that rounds take, as a
 * multiple.
 */
export interface Widening {
  readonly scale: number;
  readonly defence: number;
  readonly points: number;
}

const USUAL: Widening = { scale: 1.1, defence: 0.1, points: 1 };

/**
 * Degrees of freedom of the defensive component. Where the density of sigma does not fall towards 0 (a row per
 * group), that of phi, sqrt(tau / sigma), falls as |phi|^-(2 + d).
 */
const DEFENSIVE_DF = 2;

/** A fitted independence proposal, and a random-walk step of the posterior's size beside it. */
export interface AdaptiveProposal {
  readonly proposal: Proposal;
  /**
   * Lower Cholesky factor of the random walk's covariance, d x d: the posterior covariance times 2.38^2 / d
   * (Roberts & Rosenthal 2001).
   */
  readonly walk: Float64Array;
  /** Effective share of the last round's importance weights: 1 means the proposal is the posterior. */
  readonly efficiency: number;
}

/**
 * Fits a mixture of t distributions to a density by adaptive importance sampling (Cappé, Douc, Guillin, Marin &
 * Robert 2008): from a t around each mode, points are drawn, weighted and fitted by expectation-maximisation with
 * more components each round, of which every mode keeps its own as long as any mass is there. The last mixture is
 * widened (by 1.1) and gets a component of small weight (0.1), scale 1.6 and 2 degrees of freedom, so that no tail of
 * the posterior is lighter covered.
 *
 * It is a function of the density alone: `rng` must be a stream of its own with a fixed seed, so that every chain
 * gets the same proposal. `share` thins the points where an evaluation is dear. With `few` it is left after two
 * rounds that met the density: it then shows where the mass is, and is no proposal to sample by.
 */
export function* adaptiveProposal(
  logDensity: (phi: Float64Array) => number,
  modes: readonly Float64Array[],
  folded: number,
  rng: Rng,
  share = 1,
  widening = USUAL,
  few = false,
): Pausing<AdaptiveProposal> {
  const d = modes[0]!.length;
  const peaks: readonly MixtureSeed[] = modes.map((mean) => ({
    mean,
    factor: curvatureFactor(logDensity, mean, folded),
  }));
  let mixture = mixtureAt(peaks, folded);
  let covariance: Float64Array = new Float64Array(d * d);
  let efficiency = 0;
  let fits = 0;
  const usual = ROUNDS.length + EXTRA_ROUNDS;
  for (let round = 0; round < usual + MORE_ROUNDS; round += 1) {
    const { points: N, components: K } = round < usual ? ROUNDS[Math.min(round, ROUNDS.length - 1)]! : MORE;
    const components = d > 3 ? K + (K > 1 ? 2 : 0) : K;
    const cloud = yield* drawCloud(
      logDensity,
      mixtureProposal(mixture),
      d,
      Math.round(share * widening.points * N * (d > 3 ? 2 : 1)),
      rng,
    );
    if (!(cloud.efficiency > 0)) {
      // No point met the density: nearer to the modes some will.
      mixture = { ...mixture, factors: mixture.factors.map((v) => NARROWER * v) };
      continue;
    }
    efficiency = cloud.efficiency;
    if (round >= ROUNDS.length && efficiency > (round < usual ? GOOD : POOR)) break;
    covariance = weightedCovariance(cloud.points, cloud.weights, d);
    const whole = covariance.slice();
    cholesky(whole, d);
    const several = peaks.length > 1;
    const picked = Array.from({ length: components }, () => {
      const n = pick(cloud.weights, rng);
      const mean = cloud.points.slice(n * d, n * d + d);
      return { mean, factor: several ? nearest(peaks, mean).factor : whole };
    });
    const seeds = several ? [...peaks, ...picked] : picked;
    mixture = defend(yield* fitMixture(cloud.points, cloud.weights, d, folded, seeds), cloud, covariance, widening);
    fits += 1;
    if (few && fits === FEW_ROUNDS && efficiency > ROUGH) break;
  }
  if (peaks.length > 1) covariance = pooledCovariance(mixture);
  const walk = Float64Array.from(covariance, (v) => (v * 2.38 * 2.38) / d);
  cholesky(walk, d);
  return { proposal: mixtureProposal(mixture), walk, efficiency };
}

/**
 * The mixture of `components` fitted to points of equal weight (N x d, not folded), widened and defended as one that
 * importance sampling has found.
 */
export function* mixtureOver(points: Float64Array, d: number, components: number, rng: Rng): Pausing<Mixture> {
  const N = points.length / d;
  const weights = new Float64Array(N).fill(1 / N);
  const covariance = weightedCovariance(points, weights, d);
  // A component begins as a part of the whole.
  const factor = Float64Array.from(covariance, (v) => v / components ** (2 / d));
  cholesky(factor, d);
  const seeds = Array.from({ length: components }, () => {
    const n = pick(weights, rng);
    return { mean: points.slice(n * d, n * d + d), factor };
  });
  const mean = new Float64Array(d);
  for (let n = 0; n < N; n += 1) for (let i = 0; i < d; i += 1) mean[i] = mean[i]! + points[n * d + i]! / N;
  const cloud = { points, weights, mean, efficiency: 1 };
  const rough = yield* fitMixture(points, weights, d, 0, seeds);
  // Again from there: the floor of the scale matrices is a part of what they begin with, and a ridge may be narrower.
  const begun = Array.from({ length: rough.components }, (_, k) => ({
    mean: rough.means.slice(k * d, k * d + d),
    factor: rough.factors.slice(k * d * d, (k + 1) * d * d),
  }));
  return defend(yield* fitMixture(points, weights, d, 0, begun), cloud, covariance, USUAL);
}

/**
 * The mean scale matrix of the components but the defensive one, which is the last: a walk over several modes goes
 * within each.
 */
function pooledCovariance({ d, components, weights, factors }: Mixture): Float64Array {
  const out = new Float64Array(d * d);
  for (let c = 0; c + 1 < components; c += 1) {
    const L = factors.subarray(c * d * d, (c + 1) * d * d);
    for (let i = 0; i < d; i += 1) {
      for (let j = 0; j <= i; j += 1) {
        for (let k = 0; k <= j; k += 1) {
          out[i * d + j] = out[i * d + j]! + weights[c]! * L[i * d + k]! * L[j * d + k]!;
        }
        out[j * d + i] = out[i * d + j]!;
      }
    }
  }
  return out;
}

/** The peak that a point is nearest to by the peak's own scale matrix. */
function nearest(peaks: readonly MixtureSeed[], x: Float64Array): MixtureSeed {
  const d = x.length;
  const z = new Float64Array(d);
  let best = peaks[0]!;
  let least = Infinity;
  for (const peak of peaks) {
    let square = 0;
    for (let i = 0; i < d; i += 1) {
      let sum = x[i]! - peak.mean[i]!;
      for (let j = 0; j < i; j += 1) sum -= peak.factor[i * d + j]! * z[j]!;
      z[i] = sum / peak.factor[i * d + i]!;
      square += z[i]! * z[i]!;
    }
    if (square < least) {
      least = square;
      best = peak;
    }
  }
  return best;
}

interface Cloud {
  readonly points: Float64Array;
  readonly weights: Float64Array;
  readonly mean: Float64Array;
  readonly efficiency: number;
}

/**
 * N points of the proposal with normalised weights; where a few points would carry everything, the weights are
 * tempered.
 */
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
  mixture.df[components] = DEFENSIVE_DF;
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

function pick(weights: Float64Array, rng: Rng): number {
  let u = rng.uniform();
  for (let n = 0; n < weights.length; n += 1) {
    u -= weights[n]!;
    if (u < 0) return n;
  }
  return weights.length - 1;
}
