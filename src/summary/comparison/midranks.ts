/** The places of J values, lowest first. */
export interface Places {
  /** The first place, from 1, that a value and its equals take; length J. */
  readonly places: Int32Array;
  /** How many values are equal to it, itself included; length J. */
  readonly ties: Int32Array;
}

/** More values than this in one bucket are sorted by comparison. */
const CROWDED = 32;

/**
 * A function that ranks J finite values again and again, in arrays of its own: values are dealt to 2 J buckets of equal
 * width and put in order by insertion, which takes O(J) steps where no bucket is crowded.
 */
export function midranks(J: number): (values: Float64Array) => Places {
  const buckets = 2 * J;
  const count = new Int32Array(buckets + 1);
  const bucket = new Int32Array(J);
  const order = new Int32Array(J);
  const places = new Int32Array(J);
  const ties = new Int32Array(J);
  return (values) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let j = 0; j < J; j++) {
      low = Math.min(low, values[j]!);
      high = Math.max(high, values[j]!);
    }
    const scale = high > low ? (buckets - 1) / (high - low) : 0;
    count.fill(0);
    let crowd = 0;
    for (let j = 0; j < J; j++) {
      const own = Math.floor((values[j]! - low) * scale);
      bucket[j] = own;
      count[own + 1]! += 1;
      crowd = Math.max(crowd, count[own + 1]!);
    }
    for (let b = 0; b < buckets; b++) count[b + 1]! += count[b]!;
    for (let j = 0; j < J; j++) {
      order[count[bucket[j]!]!] = j;
      count[bucket[j]!]! += 1;
    }
    if (crowd > CROWDED) order.sort((a, b) => values[a]! - values[b]! || a - b);
    else insertionSort(order, values);
    for (let from = 0; from < J; ) {
      let to = from + 1;
      while (to < J && values[order[to]!] === values[order[from]!]) to += 1;
      for (let i = from; i < to; i++) {
        places[order[i]!] = from + 1;
        ties[order[i]!] = to - from;
      }
      from = to;
    }
    return { places, ties };
  };
}

function insertionSort(order: Int32Array, values: Float64Array): void {
  for (let i = 1; i < order.length; i++) {
    const own = order[i]!;
    const value = values[own]!;
    let at = i;
    while (at > 0 && values[order[at - 1]!]! > value) {
      order[at] = order[at - 1]!;
      at -= 1;
    }
    order[at] = own;
  }
}
