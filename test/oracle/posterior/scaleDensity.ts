import type { ScalePrior } from '../../../src/priors/priors.ts';

/** Log prior density of one sd with respect to d sd, up to a constant: written down again, apart from the product's. */
export function scaleDensity(prior: ScalePrior, sd: number): number {
  switch (prior.distribution) {
    case 'flat':
      return 0;
    case 'halfT':
      return (-(prior.df + 1) / 2) * Math.log1p((sd / prior.scale) ** 2 / prior.df);
    case 'halfCauchy':
      return -Math.log1p((sd / prior.scale) ** 2);
    case 'halfNormal':
      return -((sd / prior.scale) ** 2) / 2;
    case 'exponential':
      return -prior.rate * sd;
    case 'uniform':
      return sd < prior.low || sd > prior.high ? -Infinity : 0;
    case 'inverseGamma':
      return -(2 * prior.shape + 1) * Math.log(sd) - prior.scale / (sd * sd);
  }
}
