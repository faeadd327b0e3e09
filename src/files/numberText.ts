/**
 * From here on every double is an integer, and Python reads an integer without an exponent as one that may not fit 64
 * bits.
 */
const LARGEST_INTEGER = 2 ** 53;

/**
 * A finite double in the shortest digits that read back to the same bits in JSON and CSV: -0 keeps its sign, and
 * integers from 2^53 on are written with an exponent, so that no reader takes them for an integer type that cannot hold
 * them.
 */
export function numberText(value: number): string {
  if (isPlain(value)) return String(value);
  return value === 0 ? '-0' : value.toExponential();
}

/** Whether JSON.stringify writes a finite double as `numberText` does. */
export function isPlain(value: number): boolean {
  return value === 0 ? !Object.is(value, -0) : value < LARGEST_INTEGER && value > -LARGEST_INTEGER;
}
