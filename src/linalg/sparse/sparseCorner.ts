import { type HeadTail, placeOf } from './headTail.ts';
import type { HeadTailMatrix } from './headTailFactor.ts';

/**
 * Where the entries of an arrow's corner stand that is factored as a head and a dense tail (`headTail.ts`): in one
 * array, the diagonal of the head, what stands below it column by column, and the tail row by row. The levels of
 * factors nested in one another fill nothing in: their corner costs what it holds.
 */
export interface SparseCorner {
  readonly places: HeadTail;
  /** Length of that array. */
  readonly length: number;
  /**
   * Where the products of the border columns go that a block touches: block by block, column s by column t <= s of its
   * own.
   */
  readonly products: Int32Array;
}

/** Of a corner with entries where one block touches both columns: `start` and `columns` as in `ArrowPattern`. */
export function sparseCorner(places: HeadTail, start: Int32Array, columns: Int32Array): SparseCorner {
  const at = cornerPlace(places);
  const found: number[] = [];
  for (let j = 0; j + 1 < start.length; j++) {
    for (let s = start[j]!; s < start[j + 1]!; s++) {
      for (let t = start[j]!; t <= s; t++) found.push(at(columns[s]!, columns[t]!));
    }
  }
  const length = places.head + places.rows.length + places.tail * places.tail;
  return { places, length, products: Int32Array.from(found) };
}

/** The index of the entry of two columns, of the lower triangle of the factor, that are touched together. */
export function cornerPlace(places: HeadTail): (i: number, k: number) => number {
  const { head, place, rows } = places;
  const find = placeOf(places);
  return (i, k) => {
    if (i === k && place[i]! < head) return place[i]!;
    const where = find(i, k);
    return where >= 0 ? head + where : head + rows.length - 1 - where;
  };
}

/** The parts of such an array as a matrix. */
export function cornerMatrix({ places }: SparseCorner, array: Float64Array): HeadTailMatrix {
  const { head, rows } = places;
  const values = head + rows.length;
  return {
    pattern: places,
    diagonal: array.subarray(0, head),
    values: array.subarray(head, values),
    corner: array.subarray(values),
  };
}
