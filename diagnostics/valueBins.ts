/** Bins of equal width over the range of some values, in their order: (value - least) * scale, without its fraction. */
export interface ValueBins {
  readonly least: number;
  readonly scale: number;
  /** How many values each bin holds, length BINS; written over by the next call. */
  readonly counts: Int32Array;
}

export const BINS = 1024;

const counts = new Int32Array(BINS);

/**
 * Counts values into bins, so that order statistics are looked for among the few values of one bin: O(n), no sorting.
 * Rounding keeps the order: a larger value is never in a lower bin. Null where there is no range to divide: equal
 * values, and those of which one is not finite.
 */
export function valueBins(values: Float64Array): ValueBins | null {
  let least = Number.POSITIVE_INFINITY;
  let largest = Number.NEGATIVE_INFINITY;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    sum += value;
    if (value < least) least = value;
    if (value > largest) largest = value;
  }
  const scale = (BINS - 1) / (largest - least);
  // A NaN shows in the sum, whose overflow costs no more than a sort.
  if (!(Number.isFinite(sum) && scale > 0 && Number.isFinite(scale))) return null;
  counts.fill(0);
  for (let i = 0; i < values.length; i++) counts[((values[i]! - least) * scale) | 0]! += 1;
  return { least, scale, counts };
}
