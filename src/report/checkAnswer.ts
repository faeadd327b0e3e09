import { ModelError } from '../errors.ts';
import { quote } from '../input/quote.ts';

/**
 * Throws `not-an-answer` where a text is asked of something else than an answer: of a fit, of a promise. `call` is the
 * call that gives the answer, in an example; the answer is an object with the `fields`.
 */
export function checkAnswer(place: string, answer: unknown, call: string, ...fields: readonly string[]): void {
  const object = typeof answer === 'object' && answer !== null;
  if (object && fields.every((field) => field in answer)) return;
  throw wrongAnswer(place, answer, call);
}

/** The same of an answer that is a list of rows, each with the `field`. */
export function checkRows(place: string, answer: unknown, call: string, field: string): void {
  const isRow = (row: unknown): boolean => typeof row === 'object' && row !== null && field in row;
  if (Array.isArray(answer) && answer.every(isRow)) return;
  throw wrongAnswer(place, answer, call);
}

function wrongAnswer(place: string, answer: unknown, call: string): ModelError {
  return new ModelError('not-an-answer', place, `${place}: expected what ${call} gives, not ${quote(answer)}`);
}
