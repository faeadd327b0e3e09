/** Priors computed from data by another version or another engine may differ by rounding, relative to their size. */
const PRIOR_TOLERANCE = 1e-9;

/** Whether two values of JSON are the same: numbers but for rounding, keys in any order. */
export function sameValues(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') {
    return Math.abs(a - b) <= PRIOR_TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
  }
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [first, second] = [Object.entries(a), new Map(Object.entries(b))];
  return (
    first.length === second.size && first.every(([key, value]) => second.has(key) && sameValues(value, second.get(key)))
  );
}
