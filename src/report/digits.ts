/**
 * Numbers as text with the digits their uncertainty warrants: decimals down to the second significant digit of `spread`
 * (an sd or a standard error), at most 6 and at least 0. Very large and very small spreads are written with an
 * exponent. Without a spread, four significant digits. Null, undefined and NaN are a dash.
 */
export function digits(value: number | null | undefined, spread?: number | null): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '-';
  if (!Number.isFinite(value)) return value > 0 ? 'Inf' : '-Inf';
  const size = spread !== undefined && spread !== null && spread > 0 && Number.isFinite(spread) ? spread : null;
  if (size === null) {
    if (value === 0) return '0';
    const magnitude = Math.floor(Math.log10(Math.abs(value)));
    if (magnitude < -5 || magnitude > 8) return value.toExponential(2);
    return minus(value.toFixed(Math.min(6, Math.max(0, 3 - magnitude))));
  }
  const decimals = 1 - Math.floor(Math.log10(size));
  if (decimals > 6 || Math.abs(value) >= 1e9) return value.toExponential(3);
  return minus(value.toFixed(Math.max(0, decimals)));
}

/** A number with a fixed count of decimals; null, undefined and NaN are a dash. */
export function decimals(value: number | null | undefined, count: number): string {
  if (value === null || value === undefined || Number.isNaN(value)) return '-';
  return Number.isFinite(value) ? minus(value.toFixed(count)) : digits(value);
}

/** No minus sign before a zero. */
function minus(text: string): string {
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
}
