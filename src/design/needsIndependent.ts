import { ModelError } from '../errors.ts';
import type { Design } from './design.ts';

/**
 * Throws a ModelError `not-supported` where the residuals of a design are not independent with one sigma: `what` is
 * made for those, and would be wrong. `instead` says what to do.
 */
export function needsIndependent(
  { residual, response }: Pick<Design, 'residual' | 'response'>,
  what: string,
  instead = 'leave the options residual and sigma out for it',
): void {
  if (!residual) return;
  const given = residual.groups
    ? `the structure ${residual.groups.structure} within ${residual.groups.factor}`
    : residual.sigmaGroups
      ? `an sd for each ${residual.sigmaGroups.factor}`
      : 'an sd that depends on terms';
  throw new ModelError(
    'not-supported',
    response.label,
    `the residuals of ${response.label} have ${given}, and ${what} accepts independent residuals with one sigma; ${instead}`,
  );
}
