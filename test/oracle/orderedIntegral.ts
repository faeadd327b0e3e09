import { logNormalCdf } from './groupIntegral.ts';

/** Ordered answers with a varying intercept, as the slow formulas take them. */
export interface OrderedData {
  /** The number of the level of each row, 0 the lowest. */
  readonly y: ArrayLike<number>;
  /** Group of each row, 0-based. */
  readonly group: ArrayLike<number>;
  readonly probit?: boolean;
}

/** P(answer = level) as it is written in textbooks: a difference of two distribution functions. */
export function levelProbability(level: number, eta: number, thresholds: readonly number[], probit = false): number {
  const F = (x: number): number => (probit ? Math.exp(logNormalCdf(x)) : 1 / (1 + Math.exp(-x)));
  const upTo = (k: number): number => (k < 0 ? 0 : k === thresholds.length ? 1 : F(thresholds[k]! - eta));
  return upTo(level) - upTo(level - 1);
}

/** log p(rows of group j | u) at eta = base + u. */
function groupLogLik(data: OrderedData, base: ArrayLike<number>, thresholds: readonly number[], j: number) {
  const members = Array.from(data.y, (_, i) => i).filter((i) => data.group[i] === j);
  return (u: number): number =>
    members.reduce((sum, i) => sum + Math.log(levelProbability(data.y[i]!, base[i]! + u, thresholds, data.probit)), 0);
}

/**
 * The log marginal likelihood at `base` (X beta), thresholds and tau: Laplace's approximation with the curvature by
 * differences, or the integral by the trapezium rule over +-9 sds.
 */
export function orderedMarginal(
  data: OrderedData,
  base: ArrayLike<number>,
  thresholds: readonly number[],
  tau: number,
  how: 'laplace' | 'integral',
): number {
  const groups = new Set(Array.from(data.group));
  let total = 0;
  for (const j of groups) {
    const logLik = groupLogLik(data, base, thresholds, j);
    const f = (e: number): number => logLik(tau * e) - (e * e) / 2;
    if (how === 'integral') {
      const h = 0.05;
      let sum = 0;
      for (let k = -180; k <= 180; k++) sum += Math.exp(f(k * h));
      total += Math.log((h * sum) / Math.sqrt(2 * Math.PI));
      continue;
    }
    let [low, high] = [-9, 9];
    for (let round = 0; round < 90; round++) {
      const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
      if (f(a) < f(b)) low = a;
      else high = b;
    }
    const at = (low + high) / 2;
    const h = 2e-3;
    const curvature = (f(at + 2 * h) - 16 * f(at + h) + 30 * f(at) - 16 * f(at - h) + f(at - 2 * h)) / (12 * h * h);
    total += f(at) - Math.log(curvature) / 2;
  }
  return total;
}

/**
 * Posterior means and sds of two thresholds and of tau for three levels and a varying intercept, by nested quadrature:
 * thresholds a sorted sample of N(0, s^2), tau half-normal(t).
 */
export function orderedPosterior(data: OrderedData, s: number, t: number): { mean: number[]; sd: number[] } {
  const base = new Float64Array(data.y.length);
  const sums = [0, 0, 0];
  const squares = [0, 0, 0];
  let total = 0;
  const grid = Array.from({ length: 25 }, (_, k) => -4.8 + (9.6 * k) / 24);
  const taus = Array.from({ length: 14 }, (_, k) => ((k + 0.5) * 4.2) / 14);
  for (const low of grid) {
    for (const high of grid) {
      if (!(high > low)) continue;
      for (const tau of taus) {
        const prior = -(low * low + high * high) / (2 * s * s) - (tau * tau) / (2 * t * t);
        const weight = Math.exp(coarseMarginal(data, base, [low, high], tau) + prior);
        total += weight;
        [low, high, tau].forEach((value, k) => {
          sums[k]! += weight * value;
          squares[k]! += weight * value * value;
        });
      }
    }
  }
  const mean = sums.map((sum) => sum / total);
  return { mean, sd: squares.map((square, k) => Math.sqrt(square / total - mean[k]! ** 2)) };
}

/** The integral over e by 31 points, each group's levels counted once. */
function coarseMarginal(data: OrderedData, base: Float64Array, thresholds: readonly number[], tau: number): number {
  const J = Math.max(...Array.from(data.group)) + 1;
  const K = thresholds.length + 1;
  const counts = new Float64Array(J * K);
  for (let i = 0; i < base.length; i++) counts[data.group[i]! * K + data.y[i]!]! += 1;
  const h = 0.4;
  const sums = new Float64Array(J);
  for (let k = -15; k <= 15; k++) {
    const e = k * h;
    const logs = Array.from({ length: K }, (_, level) =>
      Math.log(levelProbability(level, tau * e, thresholds, data.probit)),
    );
    for (let j = 0; j < J; j++) {
      let sum = -(e * e) / 2;
      for (let level = 0; level < K; level++)
        if (counts[j * K + level]! > 0) sum += counts[j * K + level]! * logs[level]!;
      sums[j]! += Math.exp(sum);
    }
  }
  return sums.reduce((sum, value) => sum + Math.log(value), 0);
}
