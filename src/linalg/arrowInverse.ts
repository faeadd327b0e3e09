import type { Arrow } from './arrow.ts';
import { backwardSolve, invertFromCholesky } from './cholesky.ts';

/** Writes the corner of P^-1 (r x r, row-major, both triangles), given the factor of P. */
export function inverseCorner(factor: Arrow, out: Float64Array): void {
  invertFromCholesky(factor.corner, factor.pattern.r, out);
}

/**
 * Writes the J diagonal blocks of P^-1 (J x q x q, both triangles), given the factor of P:
 * P^-1_jj = L_j^-T (I + G_j S G_j') L_j^-1 with S the corner of P^-1. A caller that has S already passes it.
 */
export function inverseBlocks(factor: Arrow, out: Float64Array, corner?: Float64Array): void {
  const { blocks, border } = factor;
  const { J, q, r, start, columns } = factor.pattern;
  let S = corner;
  if (S === undefined) {
    S = new Float64Array(r * r);
    inverseCorner(factor, S);
  }
  const product = new Float64Array(r);
  for (let j = 0; j < J; j++) {
    const block = j * q * q;
    const first = start[j]!;
    const width = start[j + 1]! - first;
    const g = q * first;
    // Row a of I + G_j S G_j'.
    for (let a = 0; a < q; a++) {
      for (let s = 0; s < width; s++) {
        let sum = 0;
        for (let t = 0; t < width; t++)
          sum += S[columns[first + s]! * r + columns[first + t]!]! * border[g + a * width + t]!;
        product[s] = sum;
      }
      for (let b = 0; b <= a; b++) {
        let sum = a === b ? 1 : 0;
        for (let s = 0; s < width; s++) sum += border[g + b * width + s]! * product[s]!;
        out[block + a * q + b] = sum;
        out[block + b * q + a] = sum;
      }
    }
    // M -> L^-T M on rows, transposed, twice: L^-T M L^-1 for a symmetric M.
    for (let pass = 0; pass < 2; pass++) {
      for (let a = 0; a < q; a++) backwardSolve(blocks, q, out, block, block + a * q);
      for (let a = 0; a < q; a++) {
        for (let b = 0; b < a; b++) {
          const value = out[block + a * q + b]!;
          out[block + a * q + b] = out[block + b * q + a]!;
          out[block + b * q + a] = value;
        }
      }
    }
    for (let a = 0; a < q; a++) for (let b = 0; b < a; b++) out[block + b * q + a] = out[block + a * q + b]!;
  }
}
