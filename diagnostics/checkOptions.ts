import { quote } from './chains.ts';
import { DiagnosticsError } from './diagnosticsError.ts';

/**
 * The type of every option of an interface, `any` where the function that takes it looks closer: a name too many or too
 * few does not compile.
 */
export type OptionTypes<O> = { readonly [K in keyof Required<O>]: 'number' | 'boolean' | 'list' | 'any' };

/**
 * Checks the options that a caller gave against those there are; an option left undefined is not given. Throws
 * DiagnosticsError `unknown-option` for a name that is not among them, and `bad-argument` for a value of another type.
 */
export function checkOptions<O extends object>(place: string, options: O, types: OptionTypes<O>): void {
  const given: unknown = options;
  const accepted = `accepted: ${Object.keys(types).join(', ')}`;
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new DiagnosticsError(
      'unknown-option',
      `${place}: options must be an object, not ${quote(given)}; ${accepted}`,
    );
  }
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(types, name)) {
      throw new DiagnosticsError('unknown-option', `${place}: there is no option ${quote(name)}; ${accepted}`);
    }
    const type = types[name as keyof O];
    if (value === undefined || type === 'any' || (type === 'list' ? Array.isArray(value) : typeof value === type)) {
      continue;
    }
    throw new DiagnosticsError('bad-argument', `${place}: ${name} is ${quote(value)}; give a ${type}`);
  }
}
