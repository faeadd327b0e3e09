import { quote } from './chains.ts';
import { DiagnosticsError } from './diagnosticsError.ts';

/**
 * A copy of an array of numbers as doubles; `name` appears in the message. Throws DiagnosticsError `not-numeric` for
 * what is no array and for a value that is no number (NaN and infinities are numbers).
 */
export function numbersOf(values: ArrayLike<number>, name: string): Float64Array {
  const given: unknown = values;
  const listed = Array.isArray(given) || (ArrayBuffer.isView(given) && !(given instanceof DataView));
  if (!listed) throw new DiagnosticsError('not-numeric', `${name} is ${quote(given)}; give an array of numbers`);
  for (let i = 0; i < values.length; i++) {
    const value: unknown = values[i];
    if (typeof value !== 'number') {
      throw new DiagnosticsError('not-numeric', `value ${i + 1} of ${name} is ${quote(value)}, not a number`);
    }
  }
  return Float64Array.from(values);
}
