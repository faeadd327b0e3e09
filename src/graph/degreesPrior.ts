import type { Prior } from './priors.ts';

/** What may stand where the prior of degrees of freedom is asked for, for error messages. */
export const degreesPriorNames = 'gamma, exponential or uniform';

/** The priors degrees of freedom may have: gamma, exponential, uniform and the default. */
export function isDegreesPrior(prior: Prior): boolean {
  return ['default', 'gamma', 'exponential', 'uniform'].includes(prior.distribution);
}
