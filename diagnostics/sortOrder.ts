/** Sorts: fills `order` with the positions of `values` in ascending order and `sorted` with the values in that order. */
export type SortOrder = (values: Float64Array, order: Int32Array, sorted: Float64Array) => void;

/**
 * Makes the ascending sort of `count` doubles (none NaN), with their order: a radix sort on the bits of the doubles, flipped
 * so that unsigned order is numeric order (Knuth 1998, vol. 3, section 5.2.5). O(count); it allocates only here.
 *
 * Two passes sort on the leading 26 bits of value - mean, which tell almost all draws apart at any location and scale, and
 * insertion finishes the rest. Where insertion would have to move more than a few places per draw (two narrow clusters far
 * apart, millions of draws), six passes over all 64 bits take its place.
 */
export function sortOrder(count: number): SortOrder {
  const low = new Uint32Array(count);
  const high = new Uint32Array(count);
  const other = new Int32Array(count);
  const counts = new Int32Array(8192);
  const copy = new Float64Array(count);
  const words = new Uint32Array(copy.buffer);
  const highAt = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0; // little-endian machines keep the low word first

  function readKeys(values: Float64Array, centre: number): void {
    for (let i = 0; i < count; i++) copy[i] = values[i]! - centre;
    for (let i = 0; i < count; i++) {
      const h = words[2 * i + highAt]!;
      const l = words[2 * i + 1 - highAt]!;
      const flip = -(h >>> 31); // all ones for a negative number
      high[i] = h ^ (flip | 0x80000000);
      low[i] = l ^ flip;
    }
  }

  /** Stable counting sort of `from` into `to` on the bits of `keys` from `shift` up, as many as `mask` has. */
  function pass(keys: Uint32Array, shift: number, mask: number, from: Int32Array, to: Int32Array): void {
    counts.fill(0, 0, mask + 1);
    for (let i = 0; i < count; i++) counts[(keys[i]! >>> shift) & mask]!++;
    let total = 0;
    for (let b = 0; b <= mask; b++) {
      const here = counts[b]!;
      counts[b] = total;
      total += here;
    }
    for (let k = 0; k < count; k++) {
      const i = from[k]!;
      const bucket = (keys[i]! >>> shift) & mask;
      to[counts[bucket]!++] = i;
    }
  }

  /** Gathers the values and puts neighbours right; false when that is too much work. */
  function insertionFinishes(values: Float64Array, order: Int32Array, sorted: Float64Array): boolean {
    let budget = 8 * count;
    for (let k = 0; k < count; k++) {
      const i = order[k]!;
      const value = values[i]!;
      let at = k;
      for (; at > 0 && sorted[at - 1]! > value; at--) {
        sorted[at] = sorted[at - 1]!;
        order[at] = order[at - 1]!;
      }
      sorted[at] = value;
      order[at] = i;
      budget -= k - at;
      if (budget < 0) return false;
    }
    return true;
  }

  return (values, order, sorted) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += values[i]!;
    readKeys(values, Number.isFinite(sum) ? sum / count : 0);
    for (let i = 0; i < count; i++) order[i] = i;
    pass(high, 6, 8191, order, other);
    pass(high, 19, 8191, other, order);
    if (insertionFinishes(values, order, sorted)) return;
    readKeys(values, 0);
    for (let i = 0; i < count; i++) order[i] = i;
    for (const keys of [low, high]) {
      pass(keys, 0, 2047, order, other);
      pass(keys, 11, 2047, other, order);
      pass(keys, 22, 1023, order, other);
      order.set(other);
    }
    for (let k = 0; k < count; k++) sorted[k] = values[order[k]!]!;
  };
}
