import type { NodeGraph } from './nodeGraph.ts';

/** Which nodes of a graph are eliminated one by one, what each meets then, and which are left. */
export interface Elimination {
  /** The head in the order of elimination. */
  readonly head: Int32Array;
  /** What is left when to go on does not pay, ascending. */
  readonly tail: Int32Array;
  /** Length head + 1: when head[k] is eliminated it meets met[start[k]] .. met[start[k + 1] - 1], all later than it. */
  readonly start: Int32Array;
  readonly met: Int32Array;
}

/**
 * Orders a graph for sparse Cholesky factorisation by approximate minimum degree on a quotient graph (Amestoy, Davis &
 * Duff 1996, without supervariables): of the nodes left the one with fewest rows beside it goes next, ties by what came
 * into the degree last. It ends when the least degree is half of all rows left: these are dense then, and made so. The
 * lists of what is met are the structure of the factor, fill included.
 */
export function minimumDegree({ widths, start, neighbours }: NodeGraph): Elimination {
  const count = widths.length;
  const total = widths.reduce((sum, width) => sum + width, 0);
  // Of each node left: the nodes it is joined to by entries of the matrix, and the eliminated ones (elements) by which
  // it is joined to all that those met.
  const beside = neighbours.slice();
  const end = start.slice(1);
  const elements: number[][] = Array.from({ length: count }, () => []);
  const met: Int32Array[] = new Array(count);
  const weight = new Float64Array(count);
  const outside = new Float64Array(count);
  const round = new Int32Array(count).fill(-1);
  const absorbed = new Uint8Array(count);
  const marked = new Int32Array(count).fill(-1);
  const degrees = degreeLists(count, total);
  for (let i = count - 1; i >= 0; i--) {
    let degree = 0;
    for (let k = start[i]!; k < end[i]!; k++) degree += widths[beside[k]!]!;
    degrees.put(i, degree);
  }

  const head: number[] = [];
  const gathered = new Int32Array(count);
  let left = total;
  for (let pivot = degrees.least(); pivot >= 0; pivot = degrees.least()) {
    if (2 * degrees.of(pivot) >= left - widths[pivot]! && left > widths[pivot]!) break;
    const step = head.length;
    head.push(pivot);
    degrees.remove(pivot);
    left -= widths[pivot]!;
    let size = 0;
    let rows = 0;
    marked[pivot] = step;
    const take = (nodes: Int32Array, from: number, to: number): void => {
      for (let k = from; k < to; k++) {
        const i = nodes[k]!;
        if (marked[i] === step) continue;
        marked[i] = step;
        gathered[size++] = i;
        rows += widths[i]!;
      }
    };
    take(beside, start[pivot]!, end[pivot]!);
    for (const e of elements[pivot]!) {
      if (absorbed[e]) continue;
      take(met[e]!, 0, met[e]!.length);
      absorbed[e] = 1;
    }
    const own = gathered.slice(0, size);
    met[pivot] = own;
    weight[pivot] = rows;
    // How much of each element beside these nodes lies outside them.
    for (let at = 0; at < size; at++) {
      const i = own[at]!;
      const list = elements[i]!;
      for (let k = 0; k < list.length; k++) {
        const e = list[k]!;
        if (absorbed[e]) continue;
        if (round[e] !== step) {
          round[e] = step;
          outside[e] = weight[e]!;
        }
        outside[e] = outside[e]! - widths[i]!;
      }
    }
    for (let at = 0; at < size; at++) {
      const i = own[at]!;
      const others = rows - widths[i]!;
      let degree = others;
      const list = elements[i]!;
      let kept = 0;
      for (let k = 0; k < list.length; k++) {
        const e = list[k]!;
        // An element with nothing outside these nodes is contained in the new one.
        if (absorbed[e] || outside[e] === 0) continue;
        list[kept++] = e;
        degree += outside[e]!;
      }
      list.length = kept;
      list.push(pivot);
      let to = start[i]!;
      for (let k = to; k < end[i]!; k++) {
        const other = beside[k]!;
        if (marked[other] === step) continue;
        beside[to++] = other;
        degree += widths[other]!;
      }
      end[i] = to;
      degrees.put(i, Math.min(degree, degrees.of(i) + others, left - widths[i]!));
    }
  }

  const inHead = new Uint8Array(count);
  for (const i of head) inHead[i] = 1;
  const ends = new Int32Array(head.length + 1);
  head.forEach((i, k) => {
    ends[k + 1] = ends[k]! + met[i]!.length;
  });
  const all = new Int32Array(ends[head.length]!);
  head.forEach((i, k) => {
    all.set(met[i]!, ends[k]!);
  });
  const tail = Int32Array.from({ length: count }, (_, i) => i).filter((i) => !inHead[i]);
  return { head: Int32Array.from(head), tail, start: ends, met: all };
}

/** Nodes by degree, in doubly linked lists. */
function degreeLists(count: number, most: number) {
  const first = new Int32Array(most + 1).fill(-1);
  const next = new Int32Array(count).fill(-1);
  const previous = new Int32Array(count).fill(-1);
  const degree = new Int32Array(count).fill(-1);
  let least = 0;
  const remove = (i: number): void => {
    const before = previous[i]!;
    const after = next[i]!;
    if (before >= 0) next[before] = after;
    else first[degree[i]!] = after;
    if (after >= 0) previous[after] = before;
    degree[i] = -1;
  };
  return {
    of: (i: number): number => degree[i]!,
    remove,
    put(i: number, d: number): void {
      if (degree[i]! >= 0) remove(i);
      degree[i] = d;
      previous[i] = -1;
      next[i] = first[d]!;
      if (first[d]! >= 0) previous[first[d]!] = i;
      first[d] = i;
      if (d < least) least = d;
    },
    /** A node of least degree, or -1 when none is left. */
    least(): number {
      while (least <= most && first[least]! < 0) least++;
      return least <= most ? first[least]! : -1;
    },
  };
}
