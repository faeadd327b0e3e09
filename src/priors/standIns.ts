import { log } from '../elementary.ts';
import { horseshoes } from './horseshoe.ts';
import { horseshoeDensity } from './horseshoeDensity.ts';
import { logMixtureDensity, type MixturePrior } from './mixturePrior.ts';
import type { CoefficientPriors } from './priors.ts';

/**
 * Coefficients given the variances of their normal priors: fills `mean` (length p, on the user's scale) and gives the
 * log marginal likelihood there, up to a constant; -Infinity where it cannot be had.
 */
export type SolveGiven = (variance: Float64Array, mean: Float64Array) => number;

/** The first variances that are tried, times the stand-in's: from the side of the priors, and from that of the data. */
const STARTS = [1, 1e4, 1e12];
/** Rounds of coefficients given variances and variances given coefficients, and the change that ends them. */
const ROUNDS = 12;
const SETTLED = 0.05;

/**
 * The priors of coefficients with the sds of those that stand in for mixtures widened to where the data have the
 * coefficients: proposals, the coordinates of the whitened sampler and a chain's first draws are of normal priors of
 * these sds. In turn the coefficients given the variances and the variances given the coefficients (EM: Dempster, Laird
 * & Rubin 1977), from either side, for under a heavy tail far from the data the posterior has a mode on each: the
 * highest is taken, by the marginal likelihood with each normal prior's density at the coefficients replaced by the
 * mixture's. The sampler is right whatever they are. As given where no prior is a mixture.
 */
export function withStandIns(beta: CoefficientPriors, solve: SolveGiven): CoefficientPriors {
  const { mixtures, sd } = beta;
  if (!mixtures) return beta;
  const mean = new Float64Array(sd.length);
  let highest = -Infinity;
  let found: Float64Array | null = null;
  for (const start of STARTS) {
    const variance = sd.map((value, k) => (mixtures[k] ? start : 1) * value * value);
    let height = solve(variance, mean);
    for (let round = 0; round < ROUNDS && height > -Infinity; round += 1) {
      const before = variance.slice();
      settle(beta, mean, variance);
      height = solve(variance, mean);
      if (variance.every((value, k) => value === before[k] || Math.abs(value / before[k]! - 1) < SETTLED)) break;
    }
    if (height > -Infinity) height += correction(beta, mean, variance);
    if (!(height > highest)) continue;
    highest = height;
    found = variance.map(Math.sqrt);
  }
  return found ? { ...beta, sd: sd.map((value, k) => (mixtures[k] ? Math.max(value, found[k]!) : value)) } : beta;
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

/** Log of the mixtures' density at x over that of the normal ones. */
function correction(beta: CoefficientPriors, x: Float64Array, variance: Float64Array): number {
  const { mixtures, mean } = beta;
  let sum = 0;
  mixtures!.forEach((prior, k) => {
    if (!prior) return;
    const distance = x[k]! - mean[k]!;
    sum += 0.5 * ((distance * distance) / variance[k]! + log(2 * Math.PI * variance[k]!));
    if (prior.distribution !== 'horseshoe') sum += logMixtureDensity(prior, x[k]!);
  });
  for (const { prior, columns } of horseshoes(beta)) {
    sum += horseshoeDensity(prior, columns.length)(Float64Array.from(columns, (k) => x[k]!));
  }
  return sum;
}
