import type { ScalePrior } from './priors.ts';

/** The k of p(sd) ~ sd^k at 0; null for a prior that vanishes there faster than any power, or is 0. */
export function powerAtZero(prior: ScalePrior): number | null {
  if (prior.distribution === 'uniform') return prior.low > 0 ? null : 0;
  if (prior.distribution !== 'inverseGamma') return 0;
  return prior.scale > 0 ? null : -2 * prior.shape - 1;
}
