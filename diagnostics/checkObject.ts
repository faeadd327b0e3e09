import { quote } from './chains.ts';
import { DiagnosticsError } from './diagnosticsError.ts';

/** Throws DiagnosticsError `bad-argument` unless a value is an object that has the fields of what `call` gives. */
export function checkObject(value: unknown, name: string, call: string, ...fields: readonly string[]): void {
  if (typeof value === 'object' && value !== null && fields.every((field) => field in value)) return;
  throw new DiagnosticsError('bad-argument', `${name} is ${quote(value)}; give what ${call} gives`);
}
