import { log, log1p } from '../elementary.ts';
import type { MixtureDistribution } from '../graph/priors.ts';
import { logGamma } from '../special/logGamma.ts';

/**
 * The prior of one coefficient that is normal given a variance v of its own, x ~ N(location, v):
 *
 *     studentT     v ~ InverseGamma(df / 2, df scale^2 / 2); cauchy has df = 1
 *     laplace      v ~ Exponential(rate 1 / (2 scale^2))                  (Andrews & Mallows 1974)
 *     horseshoe    1 / v = 1 / (tau lambda)^2 + 1 / c^2                   (`horseshoeVariance`)
 */
export type MixturePrior = MixtureDistribution;

/** A mixture whose density has a closed form. */
export type IndependentMixture = Exclude<MixturePrior, { readonly distribution: 'horseshoe' }>;

/** Where a mixture is centred. */
export function mixtureLocation(prior: MixturePrior): number {
  return prior.distribution === 'horseshoe' ? 0 : prior.location;
}

/**
 * The sd of the normal prior that stands in for a mixture where something is fitted before its variances are drawn
 * (proposals, the coordinates of the whitened sampler): close to that with the same quartiles, and of a horseshoe the
 * slab's, so that coefficients that stay are not taken for 0.
 */
export function standInSd(prior: MixturePrior): number {
  switch (prior.distribution) {
    case 'studentT':
      return prior.scale * (1 + 0.4 / Math.max(1, prior.df));
    case 'cauchy':
      return 1.4 * prior.scale;
    case 'laplace':
      return prior.scale;
    case 'horseshoe':
      return prior.slabScale;
  }
}

/** Log density at x, normalised. */
export function logMixtureDensity(prior: IndependentMixture, x: number): number {
  const z = (x - prior.location) / prior.scale;
  if (prior.distribution === 'laplace') return -Math.abs(z) - log(2 * prior.scale);
  const df = prior.distribution === 'cauchy' ? 1 : prior.df;
  const norm = logGamma((df + 1) / 2) - logGamma(df / 2) - 0.5 * log(df * Math.PI) - log(prior.scale);
  return norm - 0.5 * (df + 1) * log1p((z * z) / df);
}
