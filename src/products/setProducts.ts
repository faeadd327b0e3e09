import { ModelError } from '../errors.ts';
import type { Arrow } from '../linalg/arrow.ts';
import type { ResidualModel } from '../residual/residualModel.ts';
import type { ArrowLayout } from './arrowLayout.ts';
import { type Item, itemReader } from './structuredItems.ts';
import type { WorkingRows } from './workingRows.ts';

/** A gigabyte of numbers. */
const MOST = 1.25e8;

/**
 * The cross-products of [Z X r] of every set of pairs, S_k = sum over its pairs of m_a m_b' (and its transpose where a
 * and b differ): the corner [X r] of a set over all blocks, the block and its border for those sets that a block has
 * (its entries).
 */
export interface SetProducts {
  /** Number of sets K. */
  readonly count: number;
  /** Lower triangles by rows of (r + 1) x (r + 1), the residual last, one after the other. */
  readonly corner: Float64Array;
  /** Entries of block j: start[j] .. start[j + 1] - 1, and the set of each. */
  readonly start: Int32Array;
  readonly set: Int32Array;
  /** q x q of each entry, both triangles; q x 1 of Z'r. */
  readonly blocks: Float64Array;
  readonly sides: Float64Array;
  /** Where the border of each entry begins (q x the columns its block touches), and the borders. */
  readonly borderStart: Float64Array;
  readonly border: Float64Array;
  /** A := sum_k c_k S_k, both triangles, c := the same of [Z X]'r; returns that of r'r. */
  join(coefficients: Float64Array, A: Arrow, c: Float64Array): number;
}

export function setProducts(
  model: ResidualModel,
  rows: WorkingRows,
  layout: ArrowLayout,
  factor: Float64Array,
  residuals: Float64Array,
  label: string,
): SetProducts {
  const { pattern } = layout;
  const { J, q, r, start: touched } = pattern;
  const count = model.coefficients.length;
  const { first, second, set } = model;
  const packed = ((r + 1) * (r + 2)) / 2;
  const reader = itemReader(rows, layout, factor, residuals, model.sums);
  const one = reader.allocate();
  const two = reader.allocate();
  const blockOf = (item: number): number => {
    rows.load(item < factor.length ? item : model.sums[item - factor.length]![0]!);
    return rows.level();
  };
  const entries = entriesOf(J, q, set, first, blockOf);
  const borderStart = new Float64Array(entries.set.length + 1);
  for (let j = 0; j < J; j++) {
    for (let e = entries.start[j]!; e < entries.start[j + 1]!; e++) {
      borderStart[e + 1] = borderStart[e]! + q * (touched[j + 1]! - touched[j]!);
    }
  }
  const size = count * packed + borderStart.at(-1)! + entries.set.length * q * (q + 1);
  if (size > MOST) {
    throw new ModelError(
      'too-large',
      label,
      `the residual structure of ${label} has ${count} sets of cross-products with ${r} coefficients each, ${size.toExponential(1)} numbers; accepted are up to ${MOST.toExponential(1)}: give times or terms of sigma with fewer distinct values`,
    );
  }
  const corner = new Float64Array(count * packed);
  const blocks = new Float64Array(entries.set.length * q * q);
  const sides = new Float64Array(entries.set.length * q);
  const border = new Float64Array(borderStart.at(-1)!);

  for (let at = 0; at < set.length; at++) {
    reader.load(first[at]!, one);
    const alone = first[at] === second[at];
    if (!alone) reader.load(second[at]!, two);
    add(one, alone ? one : two, set[at]!, entries.of[at]!);
    if (!alone) add(two, one, set[at]!, entries.of[at]!);
  }
  return { count, corner, start: entries.start, set: entries.set, blocks, sides, borderStart, border, join };

  /** Adds (one)(two)' to what is kept of it: the lower triangle of the corner, all else whole. */
  function add(a: Item, b: Item, k: number, e: number): void {
    const at = k * packed;
    for (let i = 0; i < a.count; i++) {
      const row = a.columns[i]!;
      const value = a.values[i]!;
      const line = at + (row * (row + 1)) / 2;
      for (let l = 0; l < b.count; l++) if (b.columns[l]! <= row) corner[line + b.columns[l]!]! += value * b.values[l]!;
    }
    const last = at + (r * (r + 1)) / 2;
    for (let l = 0; l < b.count; l++) corner[last + b.columns[l]!]! += a.residual * b.values[l]!;
    corner[last + r]! += a.residual * b.residual;
    if (q === 0) return;
    const width = touched[a.block + 1]! - touched[a.block]!;
    const edge = borderStart[e]!;
    for (let i = 0; i < q; i++) {
      const value = a.z[i]!;
      for (let l = 0; l < q; l++) blocks[(e * q + i) * q + l]! += value * b.z[l]!;
      for (let l = 0; l < b.count; l++) border[edge + i * width + b.local[l]!]! += value * b.values[l]!;
      sides[e * q + i]! += value * b.residual;
    }
  }

  function join(coefficients: Float64Array, A: Arrow, c: Float64Array): number {
    const joined = new Float64Array(packed);
    for (let k = 0; k < count; k++) {
      const weight = coefficients[k]!;
      const at = k * packed;
      for (let i = 0; i < packed; i++) joined[i]! += weight * corner[at + i]!;
    }
    let at = 0;
    for (let a = 0; a < r; a++) {
      for (let b = 0; b <= a; b++) {
        A.corner[a * r + b] = joined[at]!;
        A.corner[b * r + a] = joined[at++]!;
      }
    }
    for (let b = 0; b < r; b++) c[J * q + b] = joined[at + b]!;
    A.blocks.fill(0);
    A.border.fill(0);
    c.fill(0, 0, J * q);
    for (let j = 0; j < J; j++) {
      const length = q * (touched[j + 1]! - touched[j]!);
      for (let e = entries.start[j]!; e < entries.start[j + 1]!; e++) {
        const weight = coefficients[entries.set[e]!]!;
        for (let i = 0; i < q * q; i++) A.blocks[j * q * q + i]! += weight * blocks[e * q * q + i]!;
        for (let i = 0; i < q; i++) c[j * q + i]! += weight * sides[e * q + i]!;
        const from = borderStart[e]!;
        for (let i = 0; i < length; i++) A.border[q * touched[j]! + i]! += weight * border[from + i]!;
      }
    }
    return joined[at + r]!;
  }
}

/** The sets that each block has, and the entry of each pair. */
function entriesOf(
  J: number,
  q: number,
  set: Int32Array,
  first: Int32Array,
  blockOf: (item: number) => number,
): { start: Int32Array; set: Int32Array; of: Int32Array } {
  const of = new Int32Array(set.length);
  if (q === 0) return { start: new Int32Array(J + 1), set: new Int32Array(0), of };
  const lists = Array.from({ length: J }, () => new Map<number, number[]>());
  for (let at = 0; at < set.length; at++) {
    const list = lists[blockOf(first[at]!)]!;
    const members = list.get(set[at]!);
    if (members === undefined) list.set(set[at]!, [at]);
    else members.push(at);
  }
  const start = new Int32Array(J + 1);
  const sets: number[] = [];
  lists.forEach((list, j) => {
    for (const [own, members] of list) {
      for (const at of members) of[at] = sets.length;
      sets.push(own);
    }
    start[j + 1] = sets.length;
  });
  return { start, set: Int32Array.from(sets), of };
}
