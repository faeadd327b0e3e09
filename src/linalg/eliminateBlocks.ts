import type { Arrow } from './arrowCholesky.ts';
import { cholesky } from './cholesky.ts';

/**
 * The blocks' part of the arrow's Cholesky factor, in place: L_j, G_j = L_j^-1 B_j, and corner - sum_j G_j' G_j. Returns false
 * when a block is not numerically positive definite. One and two coordinates a block, by far the most common models,
 * have loops of their own (about twice the speed of the general one).
 */
export function eliminateBlocks(arrow: Arrow): boolean {
  const { q } = arrow.pattern;
  return q === 1 ? eliminateOne(arrow) : q === 2 ? eliminateTwo(arrow) : eliminateAny(arrow);
}

function eliminateOne({ pattern, blocks, border, corner }: Arrow): boolean {
  const { J, r, start, columns } = pattern;
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

function eliminateTwo({ pattern, blocks, border, corner }: Arrow): boolean {
  const { J, r, start, columns } = pattern;
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
      const g1 = (border[lower + s]! - l10 * g0) * inverse1;
      border[upper + s] = g0;
      border[lower + s] = g1;
      const row = columns[first + s]! * r;
      for (let t = 0; t <= s; t++) {
        corner[row + columns[first + t]!]! -= g0 * border[upper + t]! + g1 * border[lower + t]!;
      }
    }
  }
  return true;
}

function eliminateAny({ pattern, blocks, border, corner }: Arrow): boolean {
  const { J, q, r, start, columns } = pattern;
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
        corner[row + columns[first + t]!]! -= sum;
      }
    }
  }
  return true;
}

function isPivot(value: number): boolean {
  return value > 0 && value < Number.POSITIVE_INFINITY;
}
