import { ModelError } from '../errors.ts';
import { quote } from './quote.ts';

/**
 * The error for an option whose value is not accepted: code `option`, the option's name, what was given (nothing where
 * it is undefined), what is accepted.
 */
export function optionError(name: string, value: unknown, accepted: string): ModelError {
  const given = value === undefined ? 'not given' : `got ${quote(value)}`;
  return new ModelError('option', name, `${name}: ${given}; accepted is ${accepted}`);
}
