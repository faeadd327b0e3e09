import { ModelError } from '../errors.ts';
import { quote } from '../input/quote.ts';

/** The error for a fit file that is not what it should be: `fit file: <place> <sentence>`, code `fit-file`. */
export function wrong(place: string, sentence: string): ModelError {
  return new ModelError('fit-file', place, `fit file: ${place} ${sentence}`);
}

/** A JSON object; a key that names the prototype is refused, since nothing of ours is called so. Throws `fit-file`. */
export function readObject(value: unknown, place: string): Readonly<Record<string, unknown>> {
  const object = readNamed(value, place);
  if (Object.hasOwn(object, '__proto__')) throw wrong(place, 'has a key "__proto__", which is not accepted');
  return object;
}

/**
 * The same where keys are names of the user, who may call a factor __proto__; to be read by `readOwn` alone. Throws
 * `fit-file`.
 */
export function readNamed(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrong(place, `is ${quote(value)}; an object is expected`);
  }
  return value as Readonly<Record<string, unknown>>;
}

/** A field of an object's own. Throws `fit-file` where it is missing. */
export function readOwn(object: Readonly<Record<string, unknown>>, key: string, place: string): unknown {
  if (!Object.hasOwn(object, key)) throw wrong(place, `has no ${JSON.stringify(key)}`);
  return object[key];
}

/** A list, of `length` entries where that is given. Throws `fit-file`. */
export function readList(value: unknown, place: string, length?: number): readonly unknown[] {
  if (!Array.isArray(value)) throw wrong(place, `is ${quote(value)}; a list is expected`);
  if (length !== undefined && value.length !== length) {
    throw wrong(place, `has ${value.length} entries; ${length} are expected`);
  }
  return value;
}

/** A text. Throws `fit-file`. */
export function readText(value: unknown, place: string): string {
  if (typeof value !== 'string') throw wrong(place, `is ${quote(value)}; a text is expected`);
  return value;
}

/** A whole number from `low` to `high`. Throws `fit-file`. */
export function readWhole(value: unknown, place: string, low: number, high: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high) return value;
  throw wrong(place, `is ${quote(value)}; a whole number from ${low} to ${high} is expected`);
}

/** A finite number. Throws `fit-file`. */
export function readNumber(value: unknown, place: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw wrong(place, `is ${quote(value)}; a finite number is expected`);
}

/** Throws `fit-file` where a value nests more than `most` objects and lists: deeper than anything a fit file holds. */
export function checkDepth(value: unknown, place: string, most: number): void {
  if (typeof value !== 'object' || value === null) return;
  if (most === 0) throw wrong(place, 'nests too deeply');
  for (const entry of Object.values(value)) checkDepth(entry, place, most - 1);
}
