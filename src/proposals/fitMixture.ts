import { exp, log, log1p } from '../elementary.ts';
import { cholesky } from '../linalg/cholesky.ts';
import type { Pausing } from '../pausing.ts';
import { allocateMixture, squaredDistance } from './mixture.ts';
import type { Mixture, MixtureSeed } from './proposalTable.ts';

const ITERATIONS = 25;

/**
 * Fits a folded mixture of K t components with 8 degrees of freedom to weighted points by expectation-maximisation
 * (Peel & McLachlan 2000 for the t weights; each point weighted by its importance).
 *
 * `points` is N x d (row-major, the first `folded` coordinates >= 0), `weights` the N normalised importance weights,
 * `seeds` where the K components begin. A point near a folded boundary is credited to the component on its own side
 * only; the fold is made up for in the proposal's density. Components that lose their points are dropped; scale
 * matrices are kept positive definite by a floor of a thousandth of what they began with.
 */
export function* fitMixture(
  points: Float64Array,
  weights: Float64Array,
  d: number,
  folded: number,
  seeds: readonly MixtureSeed[],
): Pausing<Mixture> {
  let mixture = allocateMixture(d, folded, seeds.length);
  seeds.forEach(({ mean, factor }, k) => {
    mixture.means.set(mean, k * d);
    mixture.factors.set(factor, k * d * d);
  });
  let origins: readonly Float64Array[] = seeds.map(({ factor }) => factor);
  for (let iteration = 0; iteration < ITERATIONS; iteration += 1) {
    const { mixture: next, alive } = improved(mixture, points, weights, origins);
    mixture = next;
    origins = alive.map((k) => origins[k]!);
    yield;
  }
  return mixture;
}

/** One step of expectation and maximisation. */
function improved(
  mixture: Mixture,
  points: Float64Array,
  weights: Float64Array,
  origins: readonly Float64Array[],
): { mixture: Mixture; alive: number[] } {
  const { d, folded } = mixture;
  const N = weights.length;
  const x = new Float64Array(d);
  const z = new Float64Array(d);
  const K = mixture.components;
  const mass = new Float64Array(K);
  const stretchMass = new Float64Array(K);
  const sums = new Float64Array(K * d);
  const squares = new Float64Array(K * d * d);
  const logs = new Float64Array(K);
  const distances = new Float64Array(K);
  const constants = Float64Array.from({ length: K }, (_, k) => {
    let logDeterminant = 0;
    for (let i = 0; i < d; i += 1) logDeterminant += log(mixture.factors[k * d * d + i * d + i]!);
    return log(mixture.weights[k]!) - logDeterminant;
  });
  for (let n = 0; n < N; n += 1) {
    const weight = weights[n]!;
    if (weight === 0) continue;
    for (let i = 0; i < d; i += 1) x[i] = points[n * d + i]!;
    let largest = -Infinity;
    for (let k = 0; k < K; k += 1) {
      distances[k] = squaredDistance(mixture, k, x, z);
      logs[k] = constants[k]! - 0.5 * (mixture.df[k]! + d) * log1p(distances[k]! / mixture.df[k]!);
      if (logs[k]! > largest) largest = logs[k]!;
    }
    let total = 0;
    for (let k = 0; k < K; k += 1) {
      logs[k] = exp(logs[k]! - largest);
      total += logs[k]!;
    }
    for (let k = 0; k < K; k += 1) {
      const responsibility = (weight * logs[k]!) / total;
      if (responsibility < 1e-300) continue;
      const stretch = (responsibility * (mixture.df[k]! + d)) / (mixture.df[k]! + distances[k]!);
      mass[k] = mass[k]! + responsibility;
      stretchMass[k] = stretchMass[k]! + stretch;
      for (let i = 0; i < d; i += 1) {
        // Moments about the component's current mean: nothing large is subtracted afterwards.
        const ei = x[i]! - mixture.means[k * d + i]!;
        sums[k * d + i] = sums[k * d + i]! + stretch * ei;
        for (let j = 0; j <= i; j += 1) {
          const at = k * d * d + i * d + j;
          squares[at] = squares[at]! + stretch * ei * (x[j]! - mixture.means[k * d + j]!);
        }
      }
    }
  }
  const alive: number[] = [];
  for (let k = 0; k < K; k += 1) if (mass[k]! > 1e-3) alive.push(k);
  const next = allocateMixture(d, folded, alive.length);
  let kept = 0;
  for (const k of alive) kept += mass[k]!;
  alive.forEach((k, to) => {
    next.weights[to] = mass[k]! / kept;
    for (let i = 0; i < d; i += 1) {
      const shift = sums[k * d + i]! / stretchMass[k]!;
      next.means[to * d + i] = mixture.means[k * d + i]! + shift;
    }
    const base = to * d * d;
    for (let i = 0; i < d; i += 1) {
      for (let j = 0; j <= i; j += 1) {
        const si = sums[k * d + i]! / stretchMass[k]!;
        const sj = sums[k * d + j]! / stretchMass[k]!;
        const value = (squares[k * d * d + i * d + j]! - stretchMass[k]! * si * sj) / mass[k]!;
        next.factors[base + i * d + j] = value + 1e-3 * squared(origins[k]!, d, i, j);
      }
    }
    if (!cholesky(next.factors, d, base)) next.factors.set(origins[k]!, base);
  });
  return { mixture: next, alive };
}

/** Entry (i, j) of L L', j <= i. */
function squared(L: Float64Array, d: number, i: number, j: number): number {
  let sum = 0;
  for (let k = 0; k <= j; k += 1) sum += L[i * d + k]! * L[j * d + k]!;
  return sum;
}
