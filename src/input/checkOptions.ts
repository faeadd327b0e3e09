import { ModelError } from '../errors.ts';
import type { AcceptedValue } from './acceptedValue.ts';
import { meantOption } from './meantOption.ts';
import { optionError } from './optionError.ts';
import { quote } from './quote.ts';

/** Every option of an interface, with what it accepts: a name too many or too few does not compile. */
export type OptionTable<O> = { readonly [K in keyof Required<O>]: AcceptedValue };

/**
 * Checks the options a caller gave against the table of those there are; an option left undefined is not given. `place`
 * is the function as callers know it, `required` the options that must be given, `also` the names of those that were
 * taken out for another to check, and are accepted too. Throws `unknown-option`, naming the
 * option, the one that was likely meant (by its spelling, or by what other programs call it) and all that are accepted,
 * and `option` for a value that is not accepted.
 */
export function checkOptions<O extends object>(
  place: string,
  options: O,
  table: OptionTable<O>,
  required: readonly (keyof O & string)[] = [],
  also: readonly string[] = [],
): void {
  const fail = (sentence: string): ModelError => new ModelError('unknown-option', place, `${place}: ${sentence}`);
  const given: unknown = options;
  const own = Object.keys(table);
  const accepted = [...own, ...also];
  const [first] = required;
  if (given === undefined && first !== undefined) throw optionError(first, undefined, table[first].words);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw fail(`options must be an object, not ${quote(given)}; accepted options: ${accepted.join(', ')}`);
  }
  for (const [name, value] of Object.entries(given)) {
    if (!own.includes(name)) {
      const near = meantOption(name, accepted);
      const hint = near === undefined ? 'accepted' : `did you mean ${quote(near)}? Accepted`;
      throw fail(`there is no option ${quote(name)}; ${hint}: ${accepted.join(', ')}`);
    }
    const { accepts, words } = table[name as keyof O];
    if (value !== undefined && !accepts(value)) throw optionError(name, value, words);
  }
  for (const name of required) {
    if (options[name] === undefined) throw optionError(name, undefined, table[name].words);
  }
}
