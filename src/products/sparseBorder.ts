import type { ArrowPattern } from '../linalg/arrow.ts';
import { factorisationCost, headTail } from '../linalg/sparse/headTail.ts';
import { eliminateInOrder } from '../linalg/sparse/inOrder.ts';
import type { NodeGraph } from '../linalg/sparse/nodeGraph.ts';
import { sparseCorner } from '../linalg/sparse/sparseCorner.ts';
import type { ArrowLayout } from './arrowLayout.ts';

/** Where coefficients stand, and which of them the blocks touch. */
export type BorderLayout = Pick<ArrowLayout, 'borderOffsets' | 'leading' | 'pattern'>;

/**
 * How many times as many multiplications a dense corner must take: the sparse one looks up where each goes, and has
 * work of its own besides them.
 */
const WORTH = 2;
/** Multiplications of a dense corner (15 rows) up to which it is next to nothing. */
const LEAST = 500;

/** The levels of the factors that stand in an arrow's border, as nodes of a graph. */
export interface BorderNodes {
  /** The first border column of each, and how many it has. */
  readonly first: Int32Array;
  readonly widths: Int32Array;
  /** Of each border column but beta's, the node. */
  readonly of: Int32Array;
  /** The first node of each factor, in the order of the design. */
  readonly firstOf: readonly number[];
}

/** The nodes of a layout; `groups` in the order of the design. */
export function borderNodes({ borderOffsets, leading, pattern }: BorderLayout, groups: readonly Shape[]): BorderNodes {
  const { J, q } = pattern;
  const first: number[] = [];
  const widths: number[] = [];
  const of: number[] = [];
  const firstOf: number[] = [];
  groups.forEach((group, f) => {
    firstOf.push(first.length);
    if (f === leading) return;
    for (let j = 0; j < group.J; j += 1) {
      for (let a = 0; a < group.q; a += 1) of.push(first.length);
      first.push(borderOffsets[f]! - J * q + j * group.q);
      widths.push(group.q);
    }
  });
  return { first: Int32Array.from(first), widths: Int32Array.from(widths), of: Int32Array.from(of), firstOf };
}

interface Shape {
  readonly J: number;
  readonly q: number;
}

/**
 * The pattern of a layout's arrow with its corner factored level by level where that takes clearly fewer
 * multiplications than a dense corner, as with factors nested in one another: else as it is. Factors with most levels
 * go first: nested in one another they then fill nothing in, and no level stands above another of its factor, which the
 * order of least degree may do where a level has one level beneath it.
 */
export function withSparseBorder(layout: BorderLayout, groups: readonly Shape[], p: number): ArrowPattern {
  const { pattern } = layout;
  const { J, r, start, columns } = pattern;
  const dense = r ** 3 / 6;
  if (J === 0 || groups.length < 2 || dense < LEAST) return pattern;
  const nodes = borderNodes(layout, groups);
  const order = groups
    .map(({ J: count }, f) => ({ f, count }))
    .filter(({ f }) => f !== layout.leading)
    .sort((a, b) => b.count - a.count)
    .flatMap(({ f, count }) => Array.from({ length: count }, (_, j) => nodes.firstOf[f]! + j));
  const elimination = eliminateInOrder(graphOf(pattern, nodes, p), Int32Array.from(order));
  const places = headTail(elimination, nodes.first, nodes.widths, p);
  if (places.head === 0 || WORTH * factorisationCost(places) > dense) return pattern;
  return { ...pattern, sparse: sparseCorner(places, start, columns) };
}

/** Two levels are joined where one block touches both. */
function graphOf({ J, start, columns }: ArrowPattern, { widths, of }: BorderNodes, p: number): NodeGraph {
  const beside = Array.from(widths, () => new Set<number>());
  for (let j = 0; j < J; j += 1) {
    const touched = new Set(Array.from(columns.subarray(start[j]!, start[j + 1]! - p), (column) => of[column]!));
    for (const i of touched) for (const k of touched) if (i !== k) beside[i]!.add(k);
  }
  const from = new Int32Array(widths.length + 1);
  beside.forEach((others, i) => {
    from[i + 1] = from[i]! + others.size;
  });
  const neighbours = Int32Array.from(beside.flatMap((others) => [...others].sort((i, k) => i - k)));
  return { widths, start: from, neighbours };
}
