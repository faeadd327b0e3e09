import { printableJson } from './printable.ts';

/**
 * A value as it stands in an error message: text in double quotes, numbers as written, everything else named; long text
 * is cut.
 */
export function quote(value: unknown): string {
  if (typeof value === 'string') return printableJson(value.length > 80 ? `${value.slice(0, 77)}...` : value);
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
