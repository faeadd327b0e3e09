import { ModelError } from '../errors.ts';
import type { Fit } from './fit.ts';

/**
 * The error of a question that takes draws of deviations which a fit did not keep; null where it kept them. `variable`
 * is `u_<factor>`.
 */
export function drawsNotKept({ sampling }: Pick<Fit, 'sampling'>, variable: string): ModelError | null {
  const { keep = {} } = sampling;
  if (!Object.hasOwn(keep, variable)) return null;
  const there = keep[variable] === 'summary' ? 'of which this fit keeps a summary' : 'of which this fit keeps nothing';
  return new ModelError(
    'draws-not-kept',
    variable,
    `this needs the draws of ${variable}, ${there}; sample again with its draws kept, or thinned if they are too many`,
  );
}

/** Whether a fit keeps neither draws nor a summary of a variable `u_<factor>`. */
export function keepsNothing({ sampling }: Pick<Fit, 'sampling'>, variable: string): boolean {
  const { keep = {} } = sampling;
  return Object.hasOwn(keep, variable) && keep[variable] === false;
}
