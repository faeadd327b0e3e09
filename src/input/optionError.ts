import { ModelError } from '../errors.ts';
import { quote } from './quote.ts';

/**
 * The error for an option whose value is not accepted: code `option`, the option's name, what was given, what is
 * accepted.
 */
export function optionError(name: string, value: unknown, accepted: string): ModelError {
  return new ModelError('option', name, `${name}: got ${quote(value)}; accepted is ${accepted}`);
}
