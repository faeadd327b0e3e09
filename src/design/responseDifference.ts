import { kindOf } from '../families/familyOf.ts';
import type { Design } from './design.ts';

/** What two designs may differ in beside their terms. */
export type ResponsePart =
  | 'rows'
  | 'response'
  | 'family'
  | 'trials'
  | 'exposure'
  | 'weights'
  | 'standard errors'
  | 'offset';

/**
 * In what the responses of two designs differ: 'rows' where their numbers differ (then nothing else is looked at), 'response' for the values, 'family'
 * for the distribution of a row with its link, and what is known of each row. Empty where the two models say the same of the same rows but for
 * their terms, so that their likelihoods and coefficients can be set side by side.
 */
export function responseDifference(a: Design, b: Design): ResponsePart[] {
  if (a.n !== b.n) return ['rows'];
  const [one, other] = [a.response, b.response];
  const parts: [ResponsePart, boolean][] = [
    ['response', equal(one.y, other.y)],
    ['family', one.family === other.family],
    // Of responses of two kinds it is the family that differs.
    ['trials', kindOf(a) !== kindOf(b) || equal(one.trials, other.trials)],
    ['exposure', kindOf(a) !== kindOf(b) || equal(one.exposure, other.exposure)],
    ['weights', equal(one.weights, other.weights)],
    ['standard errors', equal(one.standardErrors, other.standardErrors)],
    ['offset', equal(one.offset, other.offset)],
  ];
  return parts.filter(([, same]) => !same).map(([part]) => part);
}

/** Where one is null (all 1, or none) the other must be, too. */
function equal(a: Float64Array | null, b: Float64Array | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
