import type { CovarianceSystem } from './covarianceSystem.ts';
import type { DividedCorner } from './dividedCorner.ts';
import type { ImageSum } from './imageSum.ts';

/**
 * The first term of `covarianceDerivative` for a factor f beside the leading one, before Lambda^-1 is put on either
 * side, if it is: the lower triangle of `out`.
 */
export function otherDerivative(
  system: CovarianceSystem,
  corner: DividedCorner,
  f: number,
  inverted: Float64Array | null,
  out: Float64Array,
  image: ImageSum | null,
): void {
  const { factor, crossProducts } = system;
  const { r } = factor.pattern;
  const offset = crossProducts.borderOffsets[f]! - factor.pattern.J * factor.pattern.q;
  const L = system.lambda[f]!;
  const q = Math.round(Math.sqrt(L.length));
  const levels = crossProducts.groups[f]!.J;
  const { S, others, p } = corner;
  const product2 = new Float64Array(others);
  const ofRows = new Float64Array(levels * q * p);
  const every = { columns: Int32Array.from({ length: r }, (_, k) => k), first: 0, width: r };
  // I less the inverse's entry of two columns.
  const left = (i: number, k: number): number =>
    (i === k ? 1 : 0) -
    S[(offset + i) * r + offset + k]! -
    corner.inner(corner.units, offset + i, corner.units, offset + k);
  const { rows, schur } = inverted ? { rows: null, schur: null } : unscaledRows(system, f, offset, levels * q);
  for (let l = 0; l < levels; l++) {
    for (let a = 0; a < q; a++) {
      const i = l * q + a;
      if (rows && schur) {
        for (let t = 0; t < others; t++) {
          let sum = 0;
          for (let s = 0; s < others; s++) sum += rows[i * r + s]! * S[s * r + t]!;
          product2[t] = sum;
        }
        corner.rows(rows, i * r, 1, every, ofRows.subarray(i * p, (i + 1) * p));
        if (image) {
          for (let b = 0; b < q; b++) {
            const column = offset + l * q + b;
            const beta = corner.inner(ofRows, i, corner.units, column);
            image.subtract(a, b, beta - product2[column]!, -left(i, l * q + b));
          }
        }
        for (let b = 0; b <= a; b++) {
          let sum = schur[(l * q + a) * q + b]! - corner.inner(ofRows, i, ofRows, l * q + b);
          for (let t = 0; t < others; t++) sum -= product2[t]! * rows[(l * q + b) * r + t]!;
          out[a * q + b]! += sum;
        }
      } else {
        for (let b = 0; b <= a; b++) out[a * q + b]! += left(i, l * q + b);
      }
    }
  }
}

/**
 * For the border columns i of one factor, before Lambda: the rows of Z_i'W[Z Lambda, X] after the blocks are eliminated
 * (count x r), and the diagonal blocks of Z_i'WZ_i after the same (levels x q x q).
 */
function unscaledRows(
  system: CovarianceSystem,
  f: number,
  offset: number,
  count: number,
): { rows: Float64Array; schur: Float64Array } {
  const { factor, border, corner, crossProducts } = system;
  const { J, q, r, start, columns } = factor.pattern;
  const width2 = Math.round(Math.sqrt(system.lambda[f]!.length));
  const L = system.lambda[crossProducts.leading] ?? new Float64Array(0);
  const rows = new Float64Array(count * r);
  const schur = new Float64Array(count * width2);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < r; k++) rows[i * r + k] = corner[(offset + i) * r + k]!;
    system.scaling.row(system.lambda, rows, i * r);
    const level = i - (i % width2);
    for (let b = 0; b < width2; b++) schur[i * width2 + b] = corner[(offset + i) * r + offset + level + b]!;
  }
  const reduced = new Float64Array(q * r);
  for (let j = 0; j < J; j++) {
    const first = start[j]!;
    const width = start[j + 1]! - first;
    const g = q * first;
    for (let s = 0; s < width; s++) {
      const i = columns[first + s]! - offset;
      if (i < 0 || i >= count) continue;
      // L^-1 Lambda' A_ji, a vector of length q.
      for (let a = 0; a < q; a++) {
        let sum = 0;
        for (let k = 0; k < q; k++) sum += L[k * q + a]! * border[g + k * width + s]!;
        for (let k = 0; k < a; k++) sum -= factor.blocks[(j * q + a) * q + k]! * reduced[k * width + s]!;
        reduced[a * width + s] = sum / factor.blocks[(j * q + a) * q + a]!;
      }
      for (let t = 0; t < width; t++) {
        let sum = 0;
        for (let a = 0; a < q; a++) sum += reduced[a * width + s]! * factor.border[g + a * width + t]!;
        rows[i * r + columns[first + t]!]! -= sum;
      }
    }
    for (let s = 0; s < width; s++) {
      const i = columns[first + s]! - offset;
      if (i < 0 || i >= count) continue;
      for (let b = 0; b < width2; b++) {
        const t = s - (i % width2) + b;
        let sum = 0;
        for (let a = 0; a < q; a++) sum += reduced[a * width + s]! * reduced[a * width + t]!;
        schur[i * width2 + b]! -= sum;
      }
    }
  }
  return { rows, schur };
}
