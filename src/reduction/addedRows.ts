import type { ReducedValue } from './reducedTable.ts';

/** One row of totals and ranges from those of several shards: `lo` the least, `hi` the largest, all others sums. */
export function addedRows(columns: Readonly<Record<string, readonly ReducedValue[]>>): Record<string, ReducedValue> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, values]) => {
      const numbers = values.filter((value) => value !== null).map(Number);
      if (numbers.length === 0) return [name, null];
      if (/^lo\d/.test(name)) return [name, Math.min(...numbers)];
      if (/^hi\d/.test(name)) return [name, Math.max(...numbers)];
      return [name, numbers.reduce((sum, value) => sum + value, 0)];
    }),
  );
}
