import { exp, tanh } from '../elementary.ts';
import type { Rng } from '../random/rng.ts';

/**
 * An ordered answer as an interval of a latent variable: it is level k where eta + e lies between the thresholds
 * theta_k and theta_(k+1), P(y <= k) = F(theta_(k+1) - eta), F the distribution function of e, symmetric about 0. With
 * b = eta - (the threshold below) and a = eta - (the threshold above) a level has the probability F(b) - F(a), b > a;
 * the lowest F(-a), the highest F(b).
 */
export interface OrderedLink {
  /** F. */
  cdf(x: number): number;
  /** F^-1. */
  quantile(p: number): number;
  /** log F and its first three derivatives to out[0..3]. */
  logCdf(x: number, out: Float64Array): void;
  /** log(F(b) - F(a)) for b > a, to full relative precision in both tails; -Infinity where b <= a. */
  logInterval(b: number, a: number): number;
  /** Where an interval splits, log(F(b) - F(a)) = log F(b) + log F(-a) + logGap(b - a): that function. */
  logGap?(gap: number): number;
  /** Its derivatives, to `out` by `IntervalPlace`. */
  interval(b: number, a: number, out: Float64Array): void;
}

/**
 * Places of the derivatives of l = log(F(b) - F(a)). Its Hessian is written as three squares: minus the second
 * differential is `weightB` db^2 + `weightA` da^2 + `weightGap` (db - da)^2, each weight positive where log F' is
 * concave. The thirds are minus the derivatives by b and by a of `weightB` + `weightA`, the curvature in eta; their sum
 * is l''' in eta.
 */
export const IntervalPlace = {
  l: 0,
  scoreB: 1,
  scoreA: 2,
  scoreGap: 3,
  weightB: 4,
  weightA: 5,
  weightGap: 6,
  thirdB: 7,
  thirdA: 8,
} as const;

/** How long `out` of `interval` is. */
export const INTERVAL_LENGTH = 9;

/** 1 - exp(-g), g > 0, without cancellation. */
export function oneLessExp(g: number): number {
  if (g > 2) return 1 - exp(-g);
  const t = tanh(0.5 * g);
  return (2 * t) / (1 + t);
}

/** log P(y = level). */
export function logLevelProbability(
  link: OrderedLink,
  level: number,
  eta: number,
  thresholds: ArrayLike<number>,
): number {
  const last = thresholds.length;
  if (level === 0) return link.logInterval(Infinity, eta - thresholds[0]!);
  if (level === last) return link.logInterval(eta - thresholds[last - 1]!, -Infinity);
  return link.logInterval(eta - thresholds[level - 1]!, eta - thresholds[level]!);
}

/** The probability of every level to `out` (one longer than the thresholds). */
export function levelProbabilities(
  link: OrderedLink,
  eta: number,
  thresholds: ArrayLike<number>,
  out: Float64Array,
): void {
  let above = 1;
  for (let k = 0; k < thresholds.length; k += 1) {
    const next = link.cdf(eta - thresholds[k]!);
    out[k] = above - next;
    above = next;
  }
  out[thresholds.length] = above;
}

/**
 * The expected information of an answer in eta, sum_k (dP_k / d eta)^2 / P_k, with the thresholds known.
 */
export function levelInformation(link: OrderedLink, eta: number, thresholds: ArrayLike<number>): number {
  const last = thresholds.length;
  let sum = 0;
  let slope = 0;
  for (let k = 0; k <= last; k += 1) {
    const next = k < last ? density(link, eta - thresholds[k]!) : 0;
    const p = exp(logLevelProbability(link, k, eta, thresholds));
    if (p > 0) sum += (slope - next) ** 2 / p;
    slope = next;
  }
  return sum;
}

const logs = new Float64Array(4);

/** F'. */
function density(link: OrderedLink, x: number): number {
  link.logCdf(x, logs);
  return exp(logs[0]!) * logs[1]!;
}

/** A number of a level drawn at eta, 0 the lowest. */
export function drawLevel(link: OrderedLink, eta: number, thresholds: ArrayLike<number>, rng: Rng): number {
  const above = rng.uniform();
  let k = 0;
  while (k < thresholds.length && above < link.cdf(eta - thresholds[k]!)) k += 1;
  return k;
}

/** The mean of the number of the level, 1 the lowest: 1 + sum_k P(y > k). */
export function meanLevel(link: OrderedLink, eta: number, thresholds: ArrayLike<number>): number {
  let mean = 1;
  for (let k = 0; k < thresholds.length; k += 1) mean += link.cdf(eta - thresholds[k]!);
  return mean;
}
