import { blockedInverse } from './blockedCholesky.ts';
import type { HeadTailMatrix } from './headTailFactor.ts';

/**
 * The entries of P^-1 in the places that its factor has (its last `without` coordinates of the tail left out of P), the
 * corner with both triangles: the corner's by its own inverse, those of the head column by column from the last, each
 * from entries that come before it in that order (Takahashi, Fagan & Chin 1973):
 * Z_Sj = -Z_SS L_Sj / L_jj, Z_jj = (1 / L_jj - L_Sj' Z_Sj) / L_jj, S the places that column j meets.
 */
export function inverseHeadTail(
  factor: HeadTailMatrix,
  without: number,
  out: HeadTailMatrix,
  work: Float64Array,
): void {
  const { diagonal: zd, values: z, corner: C } = out;
  const { pattern, diagonal, values, corner } = factor;
  const { size, head, tail, start, rows, split } = pattern;
  blockedInverse(corner, tail, tail - without, work, C);
  const column = new Float64Array(size);
  const sums = new Float64Array(size);
  for (let j = head - 1; j >= 0; j--) {
    const from = start[j]!;
    const cut = split[j]!;
    const end = start[j + 1]!;
    for (let s = from; s < end; s++) {
      column[rows[s]!] = values[s]!;
      sums[rows[s]!] = 0;
    }
    for (let s = from; s < cut; s++) {
      const k = rows[s]!;
      const own = values[s]!;
      let sum = zd[k]! * own;
      // Column k meets all that column j meets after it; of the others `column` is 0, and their sums are not read.
      for (let e = start[k]!, last = start[k + 1]!; e < last; e++) {
        const i = rows[e]!;
        sum += z[e]! * column[i]!;
        sums[i] = sums[i]! + z[e]! * own;
      }
      sums[k] = sums[k]! + sum;
    }
    for (let s = cut; s < end; s++) {
      const row = (rows[s]! - head) * tail - head;
      const own = values[s]!;
      let sum = C[row + rows[s]!]! * own;
      for (let e = cut; e < s; e++) {
        const i = rows[e]!;
        const value = C[row + i]!;
        sum += value * values[e]!;
        sums[i] = sums[i]! + value * own;
      }
      sums[rows[s]!] = sums[rows[s]!]! + sum;
    }
    const inverse = 1 / diagonal[j]!;
    let own = inverse;
    for (let s = from; s < end; s++) {
      const value = -sums[rows[s]!]! * inverse;
      z[s] = value;
      own -= values[s]! * value;
      column[rows[s]!] = 0;
    }
    zd[j] = own * inverse;
  }
}
