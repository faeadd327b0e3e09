import { ModelError } from '../../../errors.ts';
import { quote } from '../../../input/quote.ts';

/** A picture that does not apply to this fit: why, and what to draw instead. */
export function pictureError(place: string, why: string, instead: string): ModelError {
  return new ModelError('no-picture', place, `${place}: ${why}; draw ${instead} instead`);
}

/** What was given is not the answer that a picture is of: what gives one, and a call. Code `option`. */
export function answerError(place: string, where: string, given: unknown, giver: string, call: string): ModelError {
  const message = `${place}: got ${quote(given)}; accepted is what ${giver} gives, as in ${place}(${call})`;
  return new ModelError('option', where, message);
}
