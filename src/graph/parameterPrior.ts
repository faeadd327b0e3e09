import type { FamilyParameter } from '../families/family.ts';
import type { Prior } from './priors.ts';

/** What may stand where the prior of a family's own parameter is asked for, for error messages. */
export const parameterPriorNames = 'gamma, exponential or uniform';

/** The families' own parameters in words. */
export const parameterWords: Readonly<Record<FamilyParameter, string>> = {
  nu: 'degrees of freedom',
  shape: 'a shape',
  precision: 'a precision',
};

/** The priors a family's own parameter may have: gamma, exponential, uniform and the default. */
export function isParameterPrior(prior: Prior): boolean {
  return ['default', 'gamma', 'exponential', 'uniform'].includes(prior.distribution);
}
