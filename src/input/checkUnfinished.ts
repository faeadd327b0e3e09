import { checkFit } from './checkFit.ts';
import { optionError } from './optionError.ts';

/** Throws `not-a-fit` or `option` unless a value is what a checkpoint holds: a fit and the iterations it is to have. */
export function checkUnfinished(place: string, unfinished: unknown): void {
  const { fit, iterations } = (unfinished ?? {}) as { readonly fit?: unknown; readonly iterations?: unknown };
  checkFit(place, fit, 'mcmc');
  if (typeof iterations !== 'number') throw optionError('iterations', iterations, 'the number that the fit is to have');
}
