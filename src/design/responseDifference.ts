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
 * In what the responses of two designs differ: 'rows' where their numbers differ (then nothing else is looked at),
 * 'response' for the values, 'family' for the distribution of a row with its link, and what is known of each row. Empty
 * where the two models say the same of the same rows but for their terms, so that their likelihoods and coefficients
 * can be set side by side.
 */
export function responseDifference(a: Design, b: Design): ResponsePart[] {
  if (a.rows.reduced || b.rows.reduced) return reducedDifference(a, b);
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

/**
 * The same of rows that were reduced, each for its own model: to cells that differ, but of the same number, sum and sum
 * of squares of the response (but for rounding) where the data are the same.
 */
function reducedDifference(a: Design, b: Design): ResponsePart[] {
  const [one, other] = [a.rows.reduced, b.rows.reduced];
  if (!one || !other || one.observations !== other.observations) return ['rows'];
  const total = (design: Design, power: 1 | 2): number =>
    design.response.y.reduce((sum, y, i) => sum + design.rows.reduced!.counts[i]! * y ** power, 0);
  const size = Math.sqrt(one.observations * total(a, 2));
  const same =
    Math.abs(total(a, 1) - total(b, 1)) <= 1e-9 * size && Math.abs(total(a, 2) - total(b, 2)) <= 1e-9 * total(a, 2);
  const [left, right] = [a.response, b.response];
  const alike = (['weights', 'standardErrors', 'trials', 'exposure', 'offset'] as const).every(
    (name) => (left[name] === null) === (right[name] === null) || name === 'weights',
  );
  if (left.family !== right.family) return ['family'];
  return same && alike ? [] : ['response'];
}

/** Where one is null (all 1, or none) the other must be, too. */
function equal(a: Float64Array | null, b: Float64Array | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
