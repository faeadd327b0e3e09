import { log } from '../elementary.ts';
import { horseshoes } from './horseshoe.ts';
import { horseshoeDensity } from './horseshoeDensity.ts';
import { logMixtureDensity, type MixturePrior } from './mixturePrior.ts';
import type { CoefficientPriors } from './priors.ts';

/**
 * Coefficients given the variances v of their normal priors: fills `mean` (length p, on the user's scale) and gives the
 * log of the integral of the likelihood times prod_k exp(-(x_k - m_k)^2 / (2 v_k)) over x, up to a constant; -Infinity
 * where it cannot be had.
 */
export type SolveGiven = (variance: Float64Array, mean: Float64Array) => number;

/**
 * The first variances that are tried, times the stand-in's: from the side of the priors, between, and from that of the
 * data alone, as under flat priors.
 */
const STARTS = [1, 1e4, 1e12, Infinity];
/** Rounds of coefficients given variances and variances given coefficients, and the change that ends them. */
const ROUNDS = 12;
const SETTLED = 0.05;
/**
 * A mode this far below the highest, in nats, is no side: its mass is a twentieth at most, for Laplace's approximation
 * takes about a nat from a mode that has a heavy tail.
 */
const BELOW = 4;
/** Modes nearer to each other than this, in logs of the distances from the location, are one. */
const APART = 1;

/** A mode of coefficients whose priors are mixtures. */
export interface MixtureSide {
  /** The coefficients and the variances of their normal priors there (p each, on the user's scale). */
  readonly mean: Float64Array;
  readonly variance: Float64Array;
  /** The log of its mass, by Laplace's approximation and up to a constant that all sides share. */
  readonly height: number;
}

/**
 * The modes that the posterior of coefficients with mixture priors has, highest first; none where every prior is
 * normal. In turn the coefficients given the variances and the variances given the coefficients (EM: Dempster, Laird &
 * Rubin 1977), from several sides, for under a heavy tail far from the data the posterior has a mode on each: one
 * where the prior is dense and one where the data are. A height is the marginal likelihood with each normal prior's
 * density at the coefficients replaced by the mixture's. Modes far below the highest are left out.
 */
export function mixtureSides(beta: CoefficientPriors, solve: SolveGiven): MixtureSide[] {
  const { mixtures, sd } = beta;
  if (!mixtures) return [];
  const found: MixtureSide[] = [];
  for (const start of STARTS) {
    const mean = new Float64Array(sd.length);
    const variance = sd.map((value, k) => (mixtures[k] ? start : 1) * value * value);
    let height = solve(variance, mean);
    for (let round = 0; round < ROUNDS && height > -Infinity; round += 1) {
      const before = variance.slice();
      settle(beta, mean, variance);
      height = solve(variance, mean);
      if (variance.every((value, k) => value === before[k] || Math.abs(value / before[k]! - 1) < SETTLED)) break;
    }
    if (height > -Infinity) height += correction(beta, mean, variance);
    if (height > -Infinity) found.push({ mean, variance, height });
  }
  found.sort((a, b) => b.height - a.height);
  const sides: MixtureSide[] = [];
  for (const each of found) {
    if (each.height < found[0]!.height - BELOW) break;
    if (!sides.some((other) => sideDistance(beta, each.mean, other.mean) < APART)) sides.push(each);
  }
  return sides;
}

/**
 * How far two values of the coefficients are apart as seen from the priors' locations: the largest difference, over
 * the mixtures, of the log distances from the location, in which a scale counts as no distance.
 */
export function sideDistance({ mixtures, mean, sd }: CoefficientPriors, a: Float64Array, b: Float64Array): number {
  let largest = 0;
  mixtures?.forEach((prior, k) => {
    if (!prior) return;
    const reach = (x: number): number => 0.5 * log((x - mean[k]!) ** 2 + sd[k]! * sd[k]!);
    largest = Math.max(largest, Math.abs(reach(a[k]!) - reach(b[k]!)));
  });
  return largest;
}

/**
 * The priors of coefficients with the sds of those that stand in for mixtures widened to where the highest of `sides`
 * has the coefficients: proposals, the coordinates of the whitened sampler and a chain's first draws are of normal
 * priors of these sds; where there are several sides, chains start on one at random. The sampler is right whatever
 * they are. As given where no prior is a mixture.
 */
export function withStandIns(beta: CoefficientPriors, solve: SolveGiven): CoefficientPriors {
  const sides = mixtureSides(beta, solve);
  const highest = sides[0];
  if (!highest) return beta;
  const sd = beta.sd.map((value, k) => (beta.mixtures![k] ? Math.max(value, Math.sqrt(highest.variance[k]!)) : value));
  return sides.length > 1 ? { ...beta, sd, sides } : { ...beta, sd };
}

/** Variances that are typical given the coefficients. */
function settle(beta: CoefficientPriors, x: Float64Array, variance: Float64Array): void {
  const { mixtures, mean } = beta;
  mixtures!.forEach((prior, k) => {
    if (prior && prior.distribution !== 'horseshoe') variance[k] = typical(prior, Math.abs(x[k]! - mean[k]!));
  });
  for (const { prior, columns } of horseshoes(beta)) {
    const { globalScale, slabDf, slabScale } = prior;
    const large = columns.map((k) => x[k]! * x[k]!).filter((square) => square > slabScale * slabScale);
    const c2 = large.reduce((sum, square) => sum + square, slabDf * slabScale * slabScale) / (slabDf + large.length);
    for (const k of columns) variance[k] = 1 / (1 / (x[k]! * x[k]! + globalScale * globalScale) + 1 / c2);
  }
}

/** Of Student-t 1 / E(1 / v), of Laplace E(v), at that distance from the location. */
function typical(prior: Exclude<MixturePrior, { readonly distribution: 'horseshoe' }>, distance: number): number {
  const { scale } = prior;
  if (prior.distribution === 'laplace') return scale * (scale + distance);
  const df = prior.distribution === 'cauchy' ? 1 : prior.df;
  return (df * scale * scale + distance * distance) / (df + 1);
}

/** Log of the mixtures' density at x over the prod_k exp(-(x_k - m_k)^2 / (2 v_k)) that stood in its place. */
function correction(beta: CoefficientPriors, x: Float64Array, variance: Float64Array): number {
  const { mixtures, mean } = beta;
  let sum = 0;
  mixtures!.forEach((prior, k) => {
    if (!prior) return;
    const distance = x[k]! - mean[k]!;
    sum += (0.5 * distance * distance) / variance[k]!;
    if (prior.distribution !== 'horseshoe') sum += logMixtureDensity(prior, x[k]!);
  });
  for (const { prior, columns } of horseshoes(beta)) {
    sum += horseshoeDensity(prior, columns.length)(Float64Array.from(columns, (k) => x[k]!));
  }
  return sum;
}
