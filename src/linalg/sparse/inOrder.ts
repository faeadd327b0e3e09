import type { Elimination } from './minimumDegree.ts';
import type { NodeGraph } from './nodeGraph.ts';

/**
 * The elimination of a graph's nodes in a given order, with what each meets then, fill included. As in `minimumDegree`
 * it ends where the next node meets half of all rows left: these are made dense.
 */
export function eliminateInOrder({ widths, start, neighbours }: NodeGraph, order: Int32Array): Elimination {
  const beside = Array.from(widths, (_, i) => new Set<number>(neighbours.subarray(start[i]!, start[i + 1]!)));
  let left = widths.reduce((sum, width) => sum + width, 0);
  const head: number[] = [];
  const ends = [0];
  const met: number[] = [];
  for (const node of order) {
    const others = [...beside[node]!];
    const width = widths[node]!;
    const degree = others.reduce((sum, i) => sum + widths[i]!, 0);
    if (2 * degree >= left - width && left > width) break;
    head.push(node);
    left -= width;
    for (const i of others) {
      met.push(i);
      const own = beside[i]!;
      own.delete(node);
      for (const k of others) if (k !== i) own.add(k);
    }
    ends.push(met.length);
  }
  const tail = order.subarray(head.length).slice().sort();
  return { head: Int32Array.from(head), tail, start: Int32Array.from(ends), met: Int32Array.from(met) };
}
