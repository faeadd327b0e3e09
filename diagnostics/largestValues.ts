import { sortOrder } from './sortOrder.ts';
import { valueBins } from './valueBins.ts';

/**
 * The `count` largest of some finite values (at least one, at most all), ascending, and their positions; of equal
 * values the later position is the larger one, as in a stable sort of all. Only the values of the highest bins
 * (`valueBins`) are sorted.
 */
export function largestValues(
  values: Float64Array,
  count: number,
): { readonly values: Float64Array; readonly at: Int32Array } {
  const candidates = highest(values, count);
  const own = Float64Array.from(candidates, (i) => values[i]!);
  const order = new Int32Array(own.length);
  const sorted = new Float64Array(own.length);
  sortOrder(own.length)(own, own[0]!, order, sorted);
  const first = own.length - count;
  return { values: sorted.subarray(first), at: order.subarray(first).map((place) => candidates[place]!) };
}

/** Positions, ascending, of values that hold the `count` largest. */
function highest(values: Float64Array, count: number): Int32Array {
  const bins = valueBins(values);
  if (bins === null) return Int32Array.from(values.keys());
  const { least, scale, counts } = bins;
  let bin = counts.length - 1;
  let taken = counts[bin]!;
  while (taken < count) {
    bin -= 1;
    taken += counts[bin]!;
  }
  const out = new Int32Array(taken);
  let next = 0;
  for (let i = 0; i < values.length; i++) {
    if ((((values[i]! - least) * scale) | 0) >= bin) out[next++] = i;
  }
  return out;
}
