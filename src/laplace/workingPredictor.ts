import type { Design } from '../design/design.ts';
import { type Arrow, allocateArrow } from '../linalg/arrow.ts';
import { mirrorTriangle } from '../linalg/mirrorTriangle.ts';
import { arrowLayout } from '../products/arrowLayout.ts';
import { type Coordinates, coordinates as coordinatesOf } from '../products/coordinates.ts';
import type { CrossProducts } from '../products/crossProducts.ts';

/**
 * The linear predictor of a design as a linear map of the working coefficients x = (u~, beta~), in the arrow's order:
 * the leading factor's J x q, the other factors, beta last. Only cross-products depend on the weights of the rows, so
 * that iterations that reweight the rows share everything else.
 */
export interface WorkingPredictor
  extends Pick<CrossProducts, 'leading' | 'borderOffsets' | 'pattern' | 'size' | 'n' | 'p' | 'groups' | 'coordinates'> {
  /** [Z X]'W[Z X] of the last `weigh`; both triangles of blocks and corner. */
  readonly A: Arrow;
  /** The columns Z_f T_f of each group term, n x q_f. */
  readonly Z: readonly Float64Array[];
  /** The columns of X T_X, n x p (p = 0 where beta is left out). */
  readonly X: Float64Array;
  /** Place in x of the coefficients that row i meets, by factor, each of length n. */
  readonly at: readonly Int32Array[];
  /** For the other factors: the column of the border of the row's own block, length n; null for the leading one. */
  readonly local: readonly (Int32Array | null)[];
  /** out := base + [Z X] x, length n. */
  eta(x: Float64Array, base: Float64Array, out: Float64Array): void;
  /** out := [Z X]' v, in the order of x. */
  transpose(v: Float64Array, out: Float64Array): void;
  /** A := [Z X]' diag(W) [Z X]. */
  weigh(W: Float64Array): void;
}

/**
 * Lays out a design for reweighted least squares. `precision` (length n) weighs the rows where working coordinates are
 * chosen. With `beta` false the columns of X are left out, and X beta belongs to the `base` of eta.
 */
export function workingPredictor(design: Design, precision: Float64Array, beta: boolean): WorkingPredictor {
  const { n, groupTerms } = design;
  const p = beta ? design.p : 0;
  const coordinates = coordinatesOf(design, precision);
  const { leading, borderOffsets, size, pattern, localColumns } = arrowLayout({ ...design, p });
  const Z = groupTerms.map((term, f) => times(term.Z, coordinates.groups[f]!.T, n, term.q));
  const X = beta ? workingX(design, coordinates) : new Float64Array(0);
  const at = groupTerms.map((term, f) => term.index.map((level) => borderOffsets[f]! + level * term.q));
  const groups = groupTerms.map(({ J, q }) => ({ J, q }));
  const A = allocateArrow(pattern);
  const { J, q, r, start } = pattern;
  const others = groups.map((_, f) => f).filter((f) => f !== leading);
  const width = others.reduce((sum, f) => sum + groups[f]!.q, 0) + p;
  const values = new Float64Array(width);
  const columns = new Int32Array(width);
  const within = new Int32Array(width);
  const lead = Z[leading] ?? new Float64Array(0);
  const level = groupTerms[leading]?.index ?? new Int32Array(n);
  const head = J * q;
  const firstBeta = size - p;

  return {
    leading,
    borderOffsets,
    pattern,
    size,
    n,
    p,
    groups,
    coordinates,
    A,
    Z,
    X,
    at,
    local: localColumns,
    eta(x, base, out) {
      if (out !== base) out.set(base);
      for (let f = 0; f < groups.length; f++) {
        const w = groups[f]!.q;
        const z = Z[f]!;
        const from = at[f]!;
        if (w === 1) for (let i = 0; i < n; i++) out[i]! += z[i]! * x[from[i]!]!;
        else {
          for (let i = 0; i < n; i++) {
            let sum = 0;
            for (let a = 0; a < w; a++) sum += z[i * w + a]! * x[from[i]! + a]!;
            out[i]! += sum;
          }
        }
      }
      if (p > 0) {
        for (let i = 0; i < n; i++) {
          let sum = 0;
          for (let k = 0; k < p; k++) sum += X[i * p + k]! * x[firstBeta + k]!;
          out[i]! += sum;
        }
      }
    },
    transpose(v, out) {
      out.fill(0);
      for (let f = 0; f < groups.length; f++) {
        const w = groups[f]!.q;
        const z = Z[f]!;
        const from = at[f]!;
        if (w === 1) {
          for (let i = 0; i < n; i++) out[from[i]!]! += z[i]! * v[i]!;
          continue;
        }
        for (let i = 0; i < n; i++) {
          const value = v[i]!;
          for (let a = 0; a < w; a++) out[from[i]! + a]! += z[i * w + a]! * value;
        }
      }
      for (let i = 0; i < n && p > 0; i++) {
        const value = v[i]!;
        for (let k = 0; k < p; k++) out[firstBeta + k]! += X[i * p + k]! * value;
      }
    },
    weigh(W) {
      A.blocks.fill(0);
      A.border.fill(0);
      A.corner.fill(0);
      if (width === 0 && q === 1) {
        for (let i = 0; i < n; i++) A.blocks[level[i]!]! += W[i]! * lead[i]! * lead[i]!;
        return;
      }
      if (width === 1 && p === 0 && q === 1) {
        weighTwoScalars(W);
        return;
      }
      for (let i = 0; i < n; i++) {
        const w = W[i]!;
        const j = level[i]!;
        const block = j * q * q;
        for (let a = 0; a < q; a++) {
          const weighted = w * lead[i * q + a]!;
          for (let b = 0; b <= a; b++) A.blocks[block + a * q + b]! += weighted * lead[i * q + b]!;
        }
        if (width > 0) weighRow(i, j, w);
      }
      for (let j = 0; j < J; j++) mirrorTriangle(A.blocks, q, j * q * q);
      mirrorTriangle(A.corner, r, 0);
    },
  };

  /** Two factors with one coefficient each: of a corner of r levels only the diagonal is met. */
  function weighTwoScalars(W: Float64Array): void {
    const f = others[0]!;
    const other = Z[f]!;
    const place = at[f]!;
    const inside = localColumns[f]!;
    for (let i = 0; i < n; i++) {
      const j = level[i]!;
      const k = place[i]! - head;
      const left = W[i]! * lead[i]!;
      A.blocks[j]! += left * lead[i]!;
      A.border[start[j]! + inside[i]!]! += left * other[i]!;
      A.corner[k * r + k]! += W[i]! * other[i]! * other[i]!;
    }
  }

  function weighRow(i: number, j: number, w: number): void {
    let k = 0;
    const blockWidth = head > 0 ? start[j + 1]! - start[j]! : 0;
    for (const f of others) {
      const wide = groups[f]!.q;
      for (let a = 0; a < wide; a++, k++) {
        values[k] = Z[f]![i * wide + a]!;
        columns[k] = at[f]![i]! - head + a;
        within[k] = localColumns[f]![i]! + a;
      }
    }
    for (let a = 0; a < p; a++, k++) {
      values[k] = X[i * p + a]!;
      columns[k] = r - p + a;
      within[k] = blockWidth - p + a;
    }
    for (let a = 0; a < q; a++) {
      const weighted = w * lead[i * q + a]!;
      const edge = q * start[j]! + a * blockWidth;
      for (let s = 0; s < width; s++) A.border[edge + within[s]!]! += weighted * values[s]!;
    }
    for (let s = 0; s < width; s++) {
      const weighted = w * values[s]!;
      const row = columns[s]! * r;
      for (let t = 0; t <= s; t++) A.corner[row + columns[t]!]! += weighted * values[t]!;
    }
  }
}

/** X T_X, n x p, row-major. */
export function workingX(design: Design, coordinates: Coordinates): Float64Array {
  return times(design.X, coordinates.beta.T, design.n, design.p);
}

/** M T for M n x k and T upper triangular k x k. */
function times(M: Float64Array, T: Float64Array, n: number, k: number): Float64Array {
  const out = new Float64Array(n * k);
  for (let i = 0; i < n; i++) {
    for (let a = 0; a < k; a++) {
      let sum = 0;
      for (let b = 0; b <= a; b++) sum += M[i * k + b]! * T[b * k + a]!;
      out[i * k + a] = sum;
    }
  }
  return out;
}
