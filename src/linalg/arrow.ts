import type { HeadTailMatrix } from './sparse/headTailFactor.ts';
import { cornerMatrix, type SparseCorner } from './sparse/sparseCorner.ts';

/**
 * The shape of an arrow matrix [D B; B' C]: J diagonal blocks D_j (q x q), a border B and a corner C (r x r).
 * Block j of the border has only the columns it touches. J = 0 or q = 0 leaves the corner alone.
 */
export interface ArrowPattern {
  readonly J: number;
  readonly q: number;
  readonly r: number;
  /** Length J + 1: block j touches `columns[start[j]] .. columns[start[j + 1] - 1]`. */
  readonly start: Int32Array;
  /** Border columns (0 .. r - 1), ascending within a block. */
  readonly columns: Int32Array;
  /** Where the corner's entries stand if it is factored as a sparse matrix; absent for a dense one. */
  readonly sparse?: SparseCorner;
}

/**
 * A symmetric arrow matrix, or its Cholesky factor in the same places. Vectors that go with it have length J q + r:
 * first the J blocks of q coordinates, then the r coordinates of the border.
 */
export interface Arrow {
  readonly pattern: ArrowPattern;
  /** J x q x q; the lower triangle of each block counts. */
  readonly blocks: Float64Array;
  /** Block j is q x (start[j + 1] - start[j]), row-major, at q * start[j]. */
  readonly border: Float64Array;
  /** r x r, row-major; the lower triangle counts. Of a sparse corner its entries (`SparseCorner`). */
  readonly corner: Float64Array;
  /** Of a sparse corner: the same numbers by their parts, and r numbers to work with. */
  readonly sparse?: { readonly matrix: HeadTailMatrix; readonly work: Float64Array };
}

/** An arrow matrix of zeros. */
export function allocateArrow(pattern: ArrowPattern): Arrow {
  const { J, q, r, sparse } = pattern;
  const corner = new Float64Array(sparse ? sparse.length : r * r);
  return {
    pattern,
    blocks: new Float64Array(J * q * q),
    border: new Float64Array(q * pattern.columns.length),
    corner,
    ...(sparse ? { sparse: { matrix: cornerMatrix(sparse, corner), work: new Float64Array(r) } } : {}),
  };
}

/** Copies the entries of one arrow matrix to another of the same pattern. */
export function copyArrow(from: Arrow, to: Arrow): void {
  to.blocks.set(from.blocks);
  to.border.set(from.border);
  to.corner.set(from.corner);
}
