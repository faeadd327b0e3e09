import { ModelError } from '../errors.ts';
import { quote } from '../input/quote.ts';
import type { Column } from './frame.ts';

/** Above all a guard against the length of what is no list. */
export const MOST_ROWS = 100_000_000;

/**
 * A column from a list of values: numbers, text, booleans (the text FALSE and TRUE), big integers (numbers if all can
 * be held by a double, else text), and NaN, null and undefined for missing. `name` and `where` are for errors. Throws
 * ModelError `not-a-column`, `too-many-rows`, and for what is wrong with a value `not-a-value`, `mixed-column` and
 * `infinite-value`.
 */
export function valueColumn(input: unknown, name: string, where: string): Column {
  const values = valueList(input, name, where);
  if (ArrayBuffer.isView(input) && !isBigIntegers(input)) {
    return numberColumn(Float64Array.from(values as ArrayLike<number>), name, where);
  }
  const first = { number: -1, text: -1, integer: -1 };
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined || (typeof value === 'number' && Number.isNaN(value))) continue;
    const kind = KINDS[typeof value];
    if (kind === undefined) {
      const remedy = isDate(value)
        ? 'give it as a number, such as the days since a day, or as text'
        : 'numbers, text, booleans and null are accepted';
      const message = `${where}: column ${quote(name)} holds ${isDate(value) ? 'a date' : quote(value)} in row ${i + 1}; ${remedy}`;
      throw new ModelError('not-a-value', where, message);
    }
    if (first[kind] < 0) first[kind] = i;
  }
  const number = first.number >= 0 ? first.number : first.integer;
  if (number >= 0 && first.text >= 0) {
    const message =
      `${where}: column ${quote(name)} mixes numbers and text: ${values[number]} in row ${number + 1}, ` +
      `${quote(values[first.text])} in row ${first.text + 1}; make the column all numbers or all text`;
    throw new ModelError('mixed-column', where, message);
  }
  if (first.text >= 0)
    return { kind: 'text', values: Array.from({ length: values.length }, (_, i) => toText(values[i])) };
  if (first.integer >= 0 && !allExact(values)) {
    return { kind: 'text', values: Array.from({ length: values.length }, (_, i) => integerText(values[i])) };
  }
  const numbers = Float64Array.from({ length: values.length }, (_, i) => {
    const value = values[i] as number | bigint | null | undefined;
    return value === null || value === undefined ? Number.NaN : Number(value);
  });
  return numberColumn(numbers, name, where);
}

const KINDS: Readonly<Record<string, 'number' | 'text' | 'integer'>> = {
  number: 'number',
  string: 'text',
  boolean: 'text',
  bigint: 'integer',
};

function valueList(input: unknown, name: string, where: string): ArrayLike<unknown> {
  const length = typeof input === 'object' && input !== null ? (input as { length?: unknown }).length : undefined;
  if (typeof length !== 'number' || !Number.isInteger(length) || length < 0) {
    const message = `${where}: column ${quote(name)} is ${quote(input)}; a column is an array of numbers, text or booleans, and one row is an array of one: [{ ... }]`;
    throw new ModelError('not-a-column', where, message);
  }
  if (length > MOST_ROWS) {
    const message = `${where}: column ${quote(name)} has ${length} values; a column has at most ${MOST_ROWS}`;
    throw new ModelError('too-many-rows', where, message);
  }
  return input as ArrayLike<unknown>;
}

function isBigIntegers(input: ArrayBufferView): boolean {
  return input instanceof BigInt64Array || input instanceof BigUint64Array;
}

/** Of whatever realm. */
function isDate(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Date]';
}

/** Whether every big integer of a list is one that a double can tell from its neighbours. */
function allExact(values: ArrayLike<unknown>): boolean {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value === 'bigint' && !Number.isSafeInteger(Number(value))) return false;
  }
  return true;
}

function integerText(value: unknown): string | null {
  return typeof value === 'bigint' || (typeof value === 'number' && !Number.isNaN(value)) ? String(value) : null;
}

function numberColumn(values: Float64Array, name: string, where: string): Column {
  for (let i = 0; i < values.length; i++) {
    if (values[i] === Number.POSITIVE_INFINITY || values[i] === Number.NEGATIVE_INFINITY) {
      const message = `${where}: column ${quote(name)} is ${values[i]} in row ${i + 1}; numbers must be finite (NaN or null is missing)`;
      throw new ModelError('infinite-value', where, message);
    }
  }
  return { kind: 'number', values };
}

function toText(value: unknown): string | null {
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  return typeof value === 'string' ? value : null;
}
