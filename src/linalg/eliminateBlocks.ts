import type { Arrow } from './arrow.ts';
import { cholesky } from './cholesky.ts';

/**
 * The blocks' part of the arrow's Cholesky factor, in place: L_j, G_j = L_j^-1 B_j, and corner - sum_j G_j' G_j.
 * Returns false when a block is not numerically positive definite. One and two coordinates a block, by far the most
 * common models, have loops of their own (about twice the speed of the general one).
 */
export function eliminateBlocks(arrow: Arrow): boolean {
  const { q, sparse } = arrow.pattern;
  if (sparse) return q === 1 ? eliminateOneSparse(arrow, sparse.products) : eliminateAny(arrow, sparse.products);
  return q === 1 ? eliminateOne(arrow) : q === 2 ? eliminateTwo(arrow) : eliminateAny(arrow);
}

function eliminateOne({ pattern, blocks, border, corner }: Arrow): boolean {
  const { J, r, start, columns } = pattern;
  if (columns.length === J * r) return eliminateDense(J, r, blocks, border, corner);
  for (let j = 0; j < J; j++) {
    const pivot = blocks[j]!;
    if (!isPivot(pivot)) return false;
    const l = Math.sqrt(pivot);
    const inverse = 1 / l;
    blocks[j] = l;
    const first = start[j]!;
    const end = start[j + 1]!;
    for (let s = first; s < end; s++) {
      const g = border[s]! * inverse;
      border[s] = g;
      const row = columns[s]! * r;
      for (let t = first; t <= s; t++) corner[row + columns[t]!]! -= g * border[t]!;
    }
  }
  return true;
}

/** One coordinate a block and a sparse corner: `places` as in `SparseCorner.products`. */
function eliminateOneSparse({ pattern, blocks, border, corner }: Arrow, places: Int32Array): boolean {
  const { J, start } = pattern;
  let at = 0;
  for (let j = 0; j < J; j++) {
    const pivot = blocks[j]!;
    if (!isPivot(pivot)) return false;
    const l = Math.sqrt(pivot);
    const inverse = 1 / l;
    blocks[j] = l;
    const first = start[j]!;
    for (let s = first, end = start[j + 1]!; s < end; s++) {
      const g = border[s]! * inverse;
      border[s] = g;
      for (let t = first; t <= s; t++, at++) {
        const to = places[at]!;
        corner[to] = corner[to]! - g * border[t]!;
      }
    }
  }
  return true;
}

/**
 * One coordinate a block and every block touching every border column: four blocks at a time, in the order of one after
 * the other.
 */
function eliminateDense(
  J: number,
  r: number,
  blocks: Float64Array,
  border: Float64Array,
  corner: Float64Array,
): boolean {
  for (let j = 0; j < J; j++) {
    const pivot = blocks[j]!;
    if (!isPivot(pivot)) return false;
    const l = Math.sqrt(pivot);
    const inverse = 1 / l;
    blocks[j] = l;
    for (let s = j * r; s < (j + 1) * r; s++) border[s] = border[s]! * inverse;
  }
  let j = 0;
  for (; j + 3 < J; j += 4) {
    const first = j * r;
    const second = first + r;
    const third = second + r;
    const fourth = third + r;
    for (let s = 0; s < r; s++) {
      const row = s * r;
      const g0 = border[first + s]!;
      const g1 = border[second + s]!;
      const g2 = border[third + s]!;
      const g3 = border[fourth + s]!;
      for (let t = 0; t <= s; t++) {
        corner[row + t] =
          corner[row + t]! -
          g0 * border[first + t]! -
          g1 * border[second + t]! -
          g2 * border[third + t]! -
          g3 * border[fourth + t]!;
      }
    }
  }
  for (; j < J; j++) {
    const at = j * r;
    for (let s = 0; s < r; s++) {
      const g = border[at + s]!;
      for (let t = 0; t <= s; t++) corner[s * r + t]! -= g * border[at + t]!;
    }
  }
  return true;
}

function eliminateTwo({ pattern, blocks, border, corner }: Arrow): boolean {
  const { J, r, start, columns } = pattern;
  const dense = columns.length === J * r;
  for (let j = 0; j < J; j++) {
    const block = 4 * j;
    const pivot = blocks[block]!;
    if (!isPivot(pivot)) return false;
    const l00 = Math.sqrt(pivot);
    const l10 = blocks[block + 2]! / l00;
    const rest = blocks[block + 3]! - l10 * l10;
    if (!isPivot(rest)) return false;
    const l11 = Math.sqrt(rest);
    blocks[block] = l00;
    blocks[block + 2] = l10;
    blocks[block + 3] = l11;
    const inverse0 = 1 / l00;
    const inverse1 = 1 / l11;
    const first = start[j]!;
    const width = start[j + 1]! - first;
    const upper = 2 * first;
    const lower = upper + width;
    for (let s = 0; s < width; s++) {
      const g0 = border[upper + s]! * inverse0;
      border[upper + s] = g0;
      border[lower + s] = (border[lower + s]! - l10 * g0) * inverse1;
    }
    if (dense) continue;
    for (let s = 0; s < width; s++) {
      const g0 = border[upper + s]!;
      const g1 = border[lower + s]!;
      const row = columns[first + s]! * r;
      for (let t = 0; t <= s; t++) {
        corner[row + columns[first + t]!]! -= g0 * border[upper + t]! + g1 * border[lower + t]!;
      }
    }
  }
  if (dense) subtractPairs(J, r, border, corner);
  return true;
}

/**
 * corner - sum_j G_j' G_j for two coordinates a block and every block touching every border column: two blocks at a
 * time, in order.
 */
function subtractPairs(J: number, r: number, border: Float64Array, corner: Float64Array): void {
  let j = 0;
  for (; j + 1 < J; j += 2) {
    const a = 2 * j * r;
    const b = a + r;
    const c = b + r;
    const d = c + r;
    for (let s = 0; s < r; s++) {
      const row = s * r;
      const g0 = border[a + s]!;
      const g1 = border[b + s]!;
      const g2 = border[c + s]!;
      const g3 = border[d + s]!;
      for (let t = 0; t <= s; t++) {
        corner[row + t] =
          corner[row + t]! - (g0 * border[a + t]! + g1 * border[b + t]!) - (g2 * border[c + t]! + g3 * border[d + t]!);
      }
    }
  }
  for (; j < J; j++) {
    const a = 2 * j * r;
    const b = a + r;
    for (let s = 0; s < r; s++) {
      const g0 = border[a + s]!;
      const g1 = border[b + s]!;
      for (let t = 0; t <= s; t++) corner[s * r + t]! -= g0 * border[a + t]! + g1 * border[b + t]!;
    }
  }
}

/** `places` says where the products of border columns go in a sparse corner. */
function eliminateAny({ pattern, blocks, border, corner }: Arrow, places?: Int32Array): boolean {
  const { J, q, r, start, columns } = pattern;
  let at = 0;
  for (let j = 0; j < J; j++) {
    const block = j * q * q;
    if (!cholesky(blocks, q, block)) return false;
    const first = start[j]!;
    const width = start[j + 1]! - first;
    const g = q * first;
    for (let a = 0; a < q; a++) {
      const row = g + a * width;
      for (let b = 0; b < a; b++) {
        const above = g + b * width;
        const l = blocks[block + a * q + b]!;
        for (let s = 0; s < width; s++) border[row + s]! -= l * border[above + s]!;
      }
      const inverse = 1 / blocks[block + a * q + a]!;
      for (let s = 0; s < width; s++) border[row + s]! *= inverse;
    }
    for (let s = 0; s < width; s++) {
      const row = columns[first + s]! * r;
      for (let t = 0; t <= s; t++) {
        let sum = 0;
        for (let a = g, end = g + q * width; a < end; a += width) sum += border[a + s]! * border[a + t]!;
        const to = places ? places[at++]! : row + columns[first + t]!;
        corner[to]! -= sum;
      }
    }
  }
  return true;
}

function isPivot(value: number): boolean {
  return value > 0 && value < Number.POSITIVE_INFINITY;
}
