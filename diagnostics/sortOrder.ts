/**
 * Sorts: fills `order` with the positions of `values` in ascending order and `sorted` with the values in that order.
 * `centre` is a number amid the values, best their mean; any finite number gives the same answer.
 */
export type SortOrder = (values: Float64Array, centre: number, order: Int32Array, sorted: Float64Array) => void;

const BUCKETS = 2048; // digits of 11 bits

/** Turns the counts of one digit into the place of the first key of each value. */
function startPlaces(counts: Int32Array, base: number): void {
  let total = 0;
  for (let b = base; b < base + BUCKETS; b++) {
    const here = counts[b]!;
    counts[b] = total;
    total += here;
  }
}

/** Gathers the values and puts neighbours right; false when that would move them more than eight places on average. */
function insertionFinishes(values: Float64Array, order: Int32Array, sorted: Float64Array): boolean {
  const count = values.length;
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

/**
 * Makes the ascending sort of `count` doubles (none NaN), with their order: a radix sort on the bits of the doubles,
 * flipped so that unsigned order is numeric order (Knuth 1998, vol. 3, section 5.2.5). O(count), stable; it allocates
 * only here.
 *
 * Two passes sort on the leading 22 bits of value - centre, which tell most draws apart at any location and scale, and
 * insertion finishes the rest. Where insertion would have too much to move (two narrow clusters far apart, hundreds of
 * thousands of draws), six passes over all 64 bits take its place.
 */
export function sortOrder(count: number): SortOrder {
  const low = new Uint32Array(count);
  const high = new Uint32Array(count);
  const other = new Int32Array(count);
  const counts = new Int32Array(2 * BUCKETS);
  const double = new Float64Array(1);
  const word = new Uint32Array(double.buffer);
  const highAt = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0; // little-endian machines keep the low word first

  function sortLeadingBits(values: Float64Array, centre: number, order: Int32Array): void {
    counts.fill(0);
    for (let i = 0; i < count; i++) {
      double[0] = values[i]! - centre;
      const h = word[highAt]!;
      const key = (h ^ (-(h >>> 31) | 0x80000000)) >>> 10;
      high[i] = key;
      counts[key & 2047]!++;
      counts[BUCKETS + (key >>> 11)]!++;
    }
    startPlaces(counts, 0);
    startPlaces(counts, BUCKETS);
    for (let i = 0; i < count; i++) other[counts[high[i]! & 2047]!++] = i;
    for (let k = 0; k < count; k++) {
      const i = other[k]!;
      order[counts[BUCKETS + (high[i]! >>> 11)]!++] = i;
    }
  }

  /** Stable counting sort of `from` into `to` on 11 bits of `keys` from `shift` up. */
  function pass(keys: Uint32Array, shift: number, from: Int32Array, to: Int32Array): void {
    counts.fill(0, 0, BUCKETS);
    for (let i = 0; i < count; i++) counts[(keys[i]! >>> shift) & 2047]!++;
    startPlaces(counts, 0);
    for (let k = 0; k < count; k++) {
      const i = from[k]!;
      to[counts[(keys[i]! >>> shift) & 2047]!++] = i;
    }
  }

  function sortAllBits(values: Float64Array, order: Int32Array): void {
    for (let i = 0; i < count; i++) {
      double[0] = values[i]! + 0; // -0 becomes 0
      const flip = -(word[highAt]! >>> 31); // all ones for a negative number
      high[i] = word[highAt]! ^ (flip | 0x80000000);
      low[i] = word[1 - highAt]! ^ flip;
      order[i] = i;
    }
    for (const keys of [low, high]) {
      pass(keys, 0, order, other);
      pass(keys, 11, other, order);
      pass(keys, 22, order, other);
      order.set(other);
    }
  }

  return (values, centre, order, sorted) => {
    sortLeadingBits(values, centre, order);
    if (insertionFinishes(values, order, sorted)) return;
    sortAllBits(values, order);
    for (let k = 0; k < count; k++) sorted[k] = values[order[k]!]!;
  };
}
