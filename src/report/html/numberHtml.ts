import { digits } from '../digits.ts';

/** A number with the digits that its spread warrants, and a true minus. */
export function numberHtml(value: number | null | undefined, spread?: number | null): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '\u2013';
  return digits(value, spread)
    .replace(/-/g, '\u2212')
    .replace(/^(\u2212?)Inf$/, '$1\u221e');
}

/** `0.12 to 0.45`. */
export function intervalHtml(low: number, high: number, spread: number): string {
  return `${numberHtml(low, spread)} to ${numberHtml(high, spread)}`;
}

/** `1 row`, `3 rows`, `1 234 rows`. */
export function countHtml(n: number, noun: string): string {
  return `${String(n).replace(/\B(?=(\d{3})+$)/g, n >= 10_000 ? '\u2009' : '')} ${noun}${n === 1 ? '' : 's'}`;
}
