import type { ParameterPrior } from '../../../src/priors/parameterPrior.ts';

/** Log prior density of the degrees of freedom at nu > 1, up to a constant. */
export function logDegreesDensity(prior: ParameterPrior, nu: number): number {
  if (!(nu > 1)) return -Infinity;
  switch (prior.distribution) {
    case 'gamma':
      return (prior.shape - 1) * Math.log(nu) - prior.rate * nu;
    case 'exponential':
      return -prior.rate * nu;
    case 'uniform':
      return nu < prior.low || nu > prior.high ? -Infinity : 0;
  }
}
