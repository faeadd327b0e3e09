import { log } from '../elementary.ts';
import type { Rng } from '../random/rng.ts';

/**
 * The prior of the degrees of freedom nu of a Student-t response, on nu > 1 whatever its distribution says below: there the response has a mean, and a
 * likelihood that does not rise without bound where a few rows are fitted exactly (Fernandez & Steel 1999).
 */
export type DegreesPrior =
  | { readonly distribution: 'gamma'; readonly shape: number; readonly rate: number }
  | { readonly distribution: 'exponential'; readonly rate: number }
  | { readonly distribution: 'uniform'; readonly low: number; readonly high: number };

/** Where every prior of nu is cut off, as in Stan's and brms's models. */
export const LEAST_NU = 1;

/** Log prior density at nu, up to a constant; -Infinity for nu <= 1. */
export function logDegreesDensity(prior: DegreesPrior, nu: number): number {
  if (!(nu > LEAST_NU && nu < Infinity)) return -Infinity;
  switch (prior.distribution) {
    case 'gamma':
      return (prior.shape - 1) * log(nu) - prior.rate * nu;
    case 'exponential':
      return -prior.rate * nu;
    case 'uniform':
      return nu >= prior.low && nu <= prior.high ? 0 : -Infinity;
  }
}

/**
 * A draw of nu from its prior. The part of a gamma above 1 by rejection, in turn from the whole gamma and, for a gamma with next to nothing there, from an
 * exponential on (1, Infinity) under log nu <= nu - 1; whichever accepts first has the right distribution.
 */
export function drawDegrees(prior: DegreesPrior, rng: Rng): number {
  switch (prior.distribution) {
    case 'gamma': {
      const power = prior.shape - 1;
      const slope = Math.max(0, power);
      for (;;) {
        const whole = rng.gamma(prior.shape, prior.rate);
        if (whole > LEAST_NU) return whole;
        if (!(prior.rate > slope)) continue;
        const excess = rng.exponential() / (prior.rate - slope);
        const nu = LEAST_NU + excess;
        if (-rng.exponential() < power * log(nu) - slope * excess) return nu;
      }
    }
    case 'exponential':
      return LEAST_NU + rng.exponential() / prior.rate;
    case 'uniform': {
      const low = Math.max(LEAST_NU, prior.low);
      return low + (prior.high - low) * rng.uniform();
    }
  }
}
