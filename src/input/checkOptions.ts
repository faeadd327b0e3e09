import { ModelError } from '../errors.ts';
import type { AcceptedValue } from './acceptedValue.ts';
import { nearestNames } from './nearestNames.ts';
import { optionError } from './optionError.ts';
import { quote } from './quote.ts';

/** Every option of an interface, with what it accepts: a name too many or too few does not compile. */
export type OptionTable<O> = { readonly [K in keyof Required<O>]: AcceptedValue };

/**
 * Checks the options a caller gave against the table of those there are; an option left undefined is not given. `place` is the function as callers
 * know it, `required` the options that must be given. Throws `unknown-option`, naming the option, the nearest name and all that are accepted, and `option` for a value that is not accepted.
 */
export function checkOptions<O extends object>(
  place: string,
  options: O,
  table: OptionTable<O>,
  required: readonly (keyof O & string)[] = [],
): void {
  const fail = (sentence: string): ModelError => new ModelError('unknown-option', place, `${place}: ${sentence}`);
  const given: unknown = options;
  const accepted = Object.keys(table);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw fail(`options must be an object, not ${quote(given)}; accepted options: ${accepted.join(', ')}`);
  }
  for (const [name, value] of Object.entries(given)) {
    if (!accepted.includes(name)) {
      const near = nearestNames(name, accepted, 1).join();
      throw fail(`there is no option ${quote(name)}; did you mean ${quote(near)}? Accepted: ${accepted.join(', ')}`);
    }
    const { accepts, words } = table[name as keyof O];
    if (value !== undefined && !accepts(value)) throw optionError(name, value, words);
  }
  for (const name of required) {
    if (options[name] === undefined) throw optionError(name, undefined, table[name].words);
  }
}
