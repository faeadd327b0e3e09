import { DiagnosticsError } from '../diagnosticsError.ts';

/** What JSON holds; typed arrays stand for arrays. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

export const isArray = (value: unknown): value is readonly Json[] => Array.isArray(value) || ArrayBuffer.isView(value);
export const isRecord = (value: unknown): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !isArray(value);

// What R (jsonlite), Python and JavaScript write for numbers that JSON has no way to write.
const SPECIAL: Readonly<Record<string, number>> = {
  NA: Number.NaN,
  NaN: Number.NaN,
  Inf: Number.POSITIVE_INFINITY,
  '-Inf': Number.NEGATIVE_INFINITY,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** A value as a number; null is NaN, true 1. Throws `not-numeric`, naming the place. */
export function jsonNumber(value: Json | undefined, place: string): number {
  if (typeof value === 'number') return value;
  if (value === null) return Number.NaN;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'string' && Object.hasOwn(SPECIAL, value)) return SPECIAL[value]!;
  throw new DiagnosticsError('not-numeric', `${place} is ${said(value)}, not a number`);
}

/** A value for a message. */
function said(value: Json | undefined): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 80);
}
