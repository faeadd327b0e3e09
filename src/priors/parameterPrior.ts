import { log } from '../elementary.ts';
import type { FamilyParameter } from '../families/family.ts';
import type { Rng } from '../random/rng.ts';

/**
 * The prior of a family's own parameter: the degrees of freedom nu of a Student-t response, the shape of negative
 * binomial counts, the precision of beta-binomial ones.
 */
export type ParameterPrior =
  | { readonly distribution: 'gamma'; readonly shape: number; readonly rate: number }
  | { readonly distribution: 'exponential'; readonly rate: number }
  | { readonly distribution: 'uniform'; readonly low: number; readonly high: number };

/**
 * Where every prior of a parameter is cut off. nu > 1, as in Stan's and brms's models: there the response has a mean,
 * and a likelihood that does not rise without bound where a few rows are fitted exactly (Fernandez & Steel 1999).
 */
export const LEAST: Readonly<Record<FamilyParameter, number>> = { nu: 1, shape: 0, precision: 0 };

/** Log prior density at `value`, up to a constant; -Infinity where it is not above `least`. */
export function logParameterDensity(prior: ParameterPrior, least: number, value: number): number {
  if (!(value > least && value < Infinity)) return -Infinity;
  switch (prior.distribution) {
    case 'gamma':
      return (prior.shape - 1) * log(value) - prior.rate * value;
    case 'exponential':
      return -prior.rate * value;
    case 'uniform':
      return value >= prior.low && value <= prior.high ? 0 : -Infinity;
  }
}

/**
 * A draw from a prior cut off at `least`. The part of a gamma above 1 by rejection, in turn from the whole gamma and,
 * for a gamma with next to nothing there, from an exponential on (1, Infinity) under log nu <= nu - 1; whichever
 * accepts first has the right distribution.
 */
export function drawParameter(prior: ParameterPrior, least: number, rng: Rng): number {
  switch (prior.distribution) {
    case 'gamma': {
      if (least === 0) return rng.gamma(prior.shape, prior.rate);
      const power = prior.shape - 1;
      const slope = Math.max(0, power);
      for (;;) {
        const whole = rng.gamma(prior.shape, prior.rate);
        if (whole > least) return whole;
        if (!(prior.rate > slope)) continue;
        const excess = rng.exponential() / (prior.rate - slope);
        const value = least + excess;
        if (-rng.exponential() < power * log(value) - slope * excess) return value;
      }
    }
    case 'exponential':
      return least + rng.exponential() / prior.rate;
    case 'uniform': {
      const low = Math.max(least, prior.low);
      return low + (prior.high - low) * rng.uniform();
    }
  }
}
