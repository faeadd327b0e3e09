import type { Elimination } from './minimumDegree.ts';

/**
 * Where the entries of a symmetric matrix and of its Cholesky factor stand: a sparse head, eliminated column by column,
 * and a dense tail of `tail` rows. Coordinates are given in any order; `place` says where each goes: below `head` to
 * that column of the head, else to row `place - head` of the tail. A last `always` coordinates meet all others, and
 * stand last in the tail in their own order.
 */
export interface HeadTail {
  readonly size: number;
  readonly head: number;
  readonly tail: number;
  /** Length size. */
  readonly place: Int32Array;
  /** Length head + 1: column j meets the places rows[start[j]] .. rows[start[j + 1] - 1], all above j, ascending. */
  readonly start: Int32Array;
  readonly rows: Int32Array;
  /** Length head: where in `rows` the places in the tail begin. */
  readonly split: Int32Array;
  /** Length head + 1: row t of the head has entries at entries[before[t]] .. entries[before[t + 1] - 1] of `rows`. */
  readonly before: Int32Array;
  readonly entries: Int32Array;
  /** The column of each of `entries`. */
  readonly columns: Int32Array;
}

/** `offsets` are the first coordinates of the nodes that were eliminated, `widths` how many each has. */
export function headTail(
  { head: order, tail: rest, start: metStart, met }: Elimination,
  offsets: Int32Array,
  widths: Int32Array,
  always: number,
): HeadTail {
  const first = new Int32Array(widths.length);
  let head = 0;
  for (const node of order) {
    first[node] = head;
    head += widths[node]!;
  }
  let size = head;
  for (const node of rest) {
    first[node] = size;
    size += widths[node]!;
  }
  const others = size;
  size += always;
  const place = new Int32Array(size);
  for (let node = 0; node < widths.length; node++) {
    for (let a = 0; a < widths[node]!; a++) place[offsets[node]! + a] = first[node]! + a;
  }
  for (let k = others; k < size; k++) place[k] = k;

  const start = new Int32Array(head + 1);
  order.forEach((node, k) => {
    let beside = always;
    for (let at = metStart[k]!; at < metStart[k + 1]!; at++) beside += widths[met[at]!]!;
    for (let a = 0; a < widths[node]!; a++) {
      const column = first[node]! + a;
      start[column + 1] = start[column]! + widths[node]! - 1 - a + beside;
    }
  });
  const rows = new Int32Array(start[head]!);
  const split = new Int32Array(head);
  const counts = new Int32Array(head + 1);
  order.forEach((node, k) => {
    const nodes = met.slice(metStart[k]!, metStart[k + 1]!).sort((i, l) => first[i]! - first[l]!);
    for (let a = 0; a < widths[node]!; a++) {
      const column = first[node]! + a;
      let at = start[column]!;
      for (let b = a + 1; b < widths[node]!; b++) rows[at++] = first[node]! + b;
      for (const other of nodes) for (let b = 0; b < widths[other]!; b++) rows[at++] = first[other]! + b;
      for (let b = 0; b < always; b++) rows[at++] = others + b;
      let cut = start[column]!;
      for (; cut < at && rows[cut]! < head; cut++) counts[rows[cut]! + 1]!++;
      split[column] = cut;
    }
  });
  for (let t = 0; t < head; t++) counts[t + 1]! += counts[t]!;
  const entries = new Int32Array(counts[head]!);
  const columns = new Int32Array(counts[head]!);
  const next = counts.slice();
  for (let j = 0; j < head; j++) {
    for (let at = start[j]!; at < split[j]!; at++) {
      const to = next[rows[at]!]!++;
      entries[to] = at;
      columns[to] = j;
    }
  }
  return { size, head, tail: size - head, place, start, rows, split, before: counts, entries, columns };
}

/** Where the entry of two coordinates stands: an index of `rows`, or -1 - index of the tail's square. */
export function placeOf({ head, tail, place, start, rows }: HeadTail): (i: number, k: number) => number {
  return (i, k) => {
    const column = Math.min(place[i]!, place[k]!);
    const row = Math.max(place[i]!, place[k]!);
    if (column >= head) return -1 - ((row - head) * tail + column - head);
    let low = start[column]!;
    let high = start[column + 1]! - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows[middle]! < row) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** Multiplications of a factorisation: squares of the columns' lengths, and what the dense tail takes. */
export function factorisationCost({ head, tail, start }: HeadTail): number {
  let sum = tail ** 3 / 6;
  for (let j = 0; j < head; j++) sum += (start[j + 1]! - start[j]!) ** 2 / 2;
  return sum;
}
