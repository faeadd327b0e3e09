import { borderNodes } from '../../products/sparseBorder.ts';
import type { CellTable } from '../cells/cellTable.ts';

/** Sets of levels, at most, that have steps of their own: each is a pass over the cells. */
const MOST_SETS = 3;

/**
 * Levels of a sparse border none of which moves what another moves, as the families of a study or the communities that
 * they live in: given the rest they are independent, and each is accepted by itself. A branch is a level with all that
 * follows from its coordinates: levels below it in the order of elimination, blocks and rows.
 */
export interface BranchSet {
  readonly count: number;
  /** The border columns whose coordinates are drawn, and the branch of each. */
  readonly drawn: Int32Array;
  readonly branchDrawn: Int32Array;
  /** The branch that a border column belongs to, a block of the table and a border row; -1 for none. */
  readonly ofColumn: Int32Array;
  readonly ofBlock: Int32Array;
  readonly ofRow: Int32Array;
}

export interface Branches {
  /** The border columns that no set draws: beta's, those of a dense tail, or all. */
  readonly trunk: Int32Array;
  /** From the trunk outwards; the last draws all that lies farther out too. */
  readonly sets: readonly BranchSet[];
}

/**
 * The branches of a table's border: coefficients follow from whitened coordinates by L^-T, each from its own and those
 * that it meets in L, which are its ancestors in the elimination tree. Levels of equal depth have no descendants in
 * common; a block touches levels of one path from the root alone, since its elimination joins them.
 */
export function branches({ J, q, rows, count, columns, layout }: CellTable, groups: Shapes): Branches {
  const { pattern } = layout;
  const { r, start, columns: touched, sparse } = pattern;
  if (!sparse || q === 0) return { trunk: Int32Array.from({ length: r }, (_, k) => k), sets: [] };
  const { head, place, start: from, split, rows: below } = sparse.places;
  const { first, widths, of } = borderNodes(layout, groups);
  const nodeAt = new Int32Array(head);
  of.forEach((node, k) => {
    if (place[k]! < head) nodeAt[place[k]!] = node;
  });
  // From the last that is eliminated: a parent comes before its children.
  const inHead = Array.from(first, (_, node) => node).filter((node) => place[first[node]!]! < head);
  const order = inHead.sort((i, k) => place[first[k]!]! - place[first[i]!]!);
  const parent = new Int32Array(first.length).fill(-1);
  const depth = new Int32Array(first.length).fill(-1);
  for (const node of order) {
    const last = place[first[node]! + widths[node]! - 1]!;
    if (from[last]! < split[last]!) parent[node] = nodeAt[below[from[last]!]!]!;
    depth[node] = parent[node]! < 0 ? 0 : depth[parent[node]!]! + 1;
  }
  const deepest = order.reduce((most, node) => Math.max(most, depth[node]!), -1);
  const sets = Array.from({ length: Math.min(MOST_SETS, deepest + 1) }, (_, level): BranchSet => {
    const last = level === MOST_SETS - 1;
    // The branch of each node at this depth or farther out.
    const branch = new Int32Array(first.length).fill(-1);
    let found = 0;
    for (const node of order) {
      if (depth[node] === level) branch[node] = found++;
      else if (depth[node]! > level) branch[node] = branch[parent[node]!]!;
    }
    const ofColumn = Int32Array.from({ length: r }, (_, k) => (k < of.length ? branch[of[k]!]! : -1));
    const own = [...ofColumn.keys()].filter((k) => ofColumn[k]! >= 0 && (last || depth[of[k]!] === level));
    const among = (all: Int32Array, begin: number, end: number): number => {
      for (let k = begin; k < end; k += 1) if (ofColumn[all[k]!]! >= 0) return ofColumn[all[k]!]!;
      return -1;
    };
    return {
      count: found,
      drawn: Int32Array.from(own),
      branchDrawn: Int32Array.from(own, (k) => ofColumn[k]!),
      ofColumn,
      ofBlock: Int32Array.from({ length: J }, (_, j) => among(touched, start[j]!, start[j + 1]!)),
      ofRow: Int32Array.from({ length: rows }, (_, d) => among(columns, d * count, (d + 1) * count)),
    };
  });
  const trunk = [...Array(r).keys()].filter((k) => place[k]! >= head);
  return { trunk: Int32Array.from(trunk), sets };
}

type Shapes = readonly { readonly J: number; readonly q: number }[];
