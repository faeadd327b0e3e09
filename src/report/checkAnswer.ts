import { ModelError } from '../errors.ts';
import { quote } from '../input/quote.ts';

/**
 * Throws `not-an-answer` where a text is asked of something else than an answer: of a fit, of a promise. `call` is the call that gives the answer, in an
 * example; the answer is a list, or an object with the `fields`.
 */
export function checkAnswer(place: string, answer: unknown, call: string, ...fields: readonly string[]): void {
  const object = typeof answer === 'object' && answer !== null;
  if (object && (fields.length === 0 ? Array.isArray(answer) : fields.every((field) => field in answer))) return;
  throw new ModelError('not-an-answer', place, `${place}: expected what ${call} gives, not ${quote(answer)}`);
}
