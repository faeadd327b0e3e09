import type { Design } from '../../design/design.ts';
import type { Arrow } from '../../linalg/arrow.ts';
import { inverse, product } from '../../linalg/smallMatrix.ts';
import { symmetricEigen } from '../../linalg/symmetricEigen.ts';
import type { CrossProducts } from '../../products/crossProducts.ts';
import { rowWeights } from '../../products/rowWeights.ts';
import { spannedColumns } from './spannedColumns.ts';

/**
 * Hierarchical centring of the leading factor where its sds dwarf the residual sd. There X'V^-1 X is a small difference
 * of large numbers: of an intercept all but a share 1 / (n_j Lambda^2) is carried by the groups (lme4 stops with
 * "Downdated VtV is not positive definite"). A column of X that lies in the span of Z, X_j = Z_j C_j in every group, is
 * therefore moved over to the modes: e_j = f_j - F_j beta, F_j = Lambda^+ C_j over the directions in which Lambda is
 * large, so that X becomes Z E_j, E_j = C_j - Lambda F_j, exactly 0 where all directions are large. The change of
 * coordinates has determinant 1.
 */
export interface Centring {
  /** Border columns of X that lie in the span of Z, m of them. */
  readonly columns: Int32Array;
  /** C_j, J x q x m. */
  readonly C: Float64Array;
  /** F_j and E_j of the last evaluation, J x q x m. */
  readonly F: Float64Array;
  readonly E: Float64Array;
  /** What counts as large in Lambda. */
  readonly large: number;
  active: boolean;
  /** Turns (f, beta) into (e, beta) in place. */
  toModes(solution: Float64Array): void;
  /** Adds to D'v what the recentred columns of X get: out_a = sum_j E_ja' v_j. */
  project(v: Float64Array, out: Float64Array): void;
  /** Adds F_j'e_j, the penalty's pull on beta. */
  penalise(modes: Float64Array, out: Float64Array): void;
  /** Subtracts F_j from the border. */
  border(out: Float64Array): void;
  /** Adds sum_j F_j'F_j to the corner. */
  corner(out: Float64Array): void;
}

/**
 * Directions of Lambda longer than this are centred, in sds of a row's residual beside sigma: with known standard
 * errors or weights that is no number near 1. The answer does not depend on it but for rounding.
 */
const LARGE = 30;

export function allocateCentring(crossProducts: CrossProducts, design: Design): Centring {
  const { J, q, r, start } = crossProducts.pattern;
  const { columns, C } = spannedColumns(crossProducts, design);
  const m = columns.length;
  const tail = J * q;
  const F = new Float64Array(J * q * m);
  const E = new Float64Array(J * q * m);
  const place = places(crossProducts, columns);
  const self: Centring = {
    columns,
    C,
    F,
    E,
    large: LARGE * Math.sqrt(design.n / rowWeights(design).reduce((sum, w) => sum + w, 0)),
    active: false,
    toModes(solution) {
      if (!self.active) return;
      for (let i = 0; i < J * q; i++) {
        for (let a = 0; a < m; a++) solution[i]! -= F[i * m + a]! * solution[tail + columns[a]!]!;
      }
    },
    project(v, out) {
      if (!self.active) return;
      for (let a = 0; a < m; a++) {
        let sum = 0;
        for (let i = 0; i < J * q; i++) sum += E[i * m + a]! * v[i]!;
        out[tail + columns[a]!] = sum;
      }
    },
    penalise(modes, out) {
      if (!self.active) return;
      for (let a = 0; a < m; a++) {
        let sum = 0;
        for (let i = 0; i < J * q; i++) sum += F[i * m + a]! * modes[i]!;
        out[tail + columns[a]!]! += sum;
      }
    },
    border(out) {
      if (!self.active) return;
      for (let j = 0; j < J; j++) {
        const width = start[j + 1]! - start[j]!;
        for (let a = 0; a < m; a++) {
          const s = place[j * m + a]!;
          if (s < 0) continue;
          for (let k = 0; k < q; k++) out[q * start[j]! + k * width + s]! -= F[(j * q + k) * m + a]!;
        }
      }
    },
    corner(out) {
      if (!self.active) return;
      for (let a = 0; a < m; a++) {
        for (let b = 0; b < m; b++) {
          let sum = 0;
          for (let i = 0; i < J * q; i++) sum += F[i * m + a]! * F[i * m + b]!;
          out[columns[a]! * r + columns[b]!]! += sum;
        }
      }
    },
  };
  return self;
}

/**
 * Decides from Lambda whether to centre, and if so fills F, E and the recentred border (columns Z'WZ E of A beside the
 * blocks) and corner (both triangles), without the penalty. Returns whether the centring is active.
 */
export function centre(
  self: Centring,
  L: Float64Array,
  blocks: Float64Array,
  A: Arrow,
  corner: Float64Array,
  out: { border: Float64Array; corner: Float64Array },
): boolean {
  const { J, q, r, start, columns: touched } = A.pattern;
  const m = self.columns.length;
  const { large } = self;
  self.active = m > 0 && L.some((value) => Math.abs(value) > large);
  if (!self.active) return false;
  // Lambda = U S V': F = V S^-1 U' C and E = C - U U' C over the large directions.
  const pull = new Float64Array(q * q);
  const rest = new Float64Array(q * q);
  for (let k = 0; k < q; k++) rest[k * q + k] = 1;
  const transposed = new Float64Array(q * q);
  for (let a = 0; a < q; a++) for (let b = 0; b < q; b++) transposed[a * q + b] = L[b * q + a]!;
  const { values, vectors } = symmetricEigen(product(L, transposed, q), q);
  const allLarge = values.every((value) => value > large * large);
  const full = allLarge ? inverse(L, q) : null;
  if (full) {
    pull.set(full);
    rest.fill(0);
  } else {
    for (let k = 0; k < q; k++) {
      if (!(values[k]! > large * large)) continue;
      for (let a = 0; a < q; a++) {
        let share = 0;
        for (let c = 0; c < q; c++) share += L[c * q + a]! * vectors[c * q + k]!;
        for (let b = 0; b < q; b++) {
          pull[a * q + b]! += (share * vectors[b * q + k]!) / values[k]!;
          rest[a * q + b]! -= vectors[a * q + k]! * vectors[b * q + k]!;
        }
      }
    }
  }
  out.border.set(A.border);
  out.corner.set(corner);
  const place = places({ pattern: A.pattern }, self.columns);
  for (let j = 0; j < J; j++) {
    const width = start[j + 1]! - start[j]!;
    for (let a = 0; a < m; a++) {
      for (let k = 0; k < q; k++) {
        let f = 0;
        let e = 0;
        for (let l = 0; l < q; l++) {
          const c = self.C[(j * q + l) * m + a]!;
          f += pull[k * q + l]! * c;
          e += rest[k * q + l]! * c;
        }
        self.F[(j * q + k) * m + a] = f;
        self.E[(j * q + k) * m + a] = e;
      }
      const s = place[j * m + a]!;
      if (s < 0) continue;
      for (let k = 0; k < q; k++) {
        let sum = 0;
        for (let l = 0; l < q; l++) sum += blocks[(j * q + k) * q + l]! * self.E[(j * q + l) * m + a]!;
        out.border[q * start[j]! + k * width + s] = sum;
      }
    }
  }
  for (const column of self.columns) {
    for (let k = 0; k < r; k++) {
      out.corner[column * r + k] = 0;
      out.corner[k * r + column] = 0;
    }
  }
  const isSpanned = new Uint8Array(r);
  for (const column of self.columns) isSpanned[column] = 1;
  for (let j = 0; j < J; j++) {
    const width = start[j + 1]! - start[j]!;
    for (let a = 0; a < m; a++) {
      const row = self.columns[a]!;
      for (let s = 0; s < width; s++) {
        const column = touched[start[j]! + s]!;
        let sum = 0;
        for (let k = 0; k < q; k++) sum += self.E[(j * q + k) * m + a]! * out.border[q * start[j]! + k * width + s]!;
        out.corner[row * r + column]! += sum;
        if (!isSpanned[column]) out.corner[column * r + row]! += sum;
      }
    }
  }
  return true;
}

/** The place of each spanned column among the columns that block j touches, J x m; -1 where it is not touched. */
function places(crossProducts: Pick<CrossProducts, 'pattern'>, columns: Int32Array): Int32Array {
  const { J, start, columns: touched } = crossProducts.pattern;
  const out = new Int32Array(J * columns.length).fill(-1);
  for (let j = 0; j < J; j++) {
    for (let s = start[j]!; s < start[j + 1]!; s++) {
      const a = columns.indexOf(touched[s]!);
      if (a >= 0) out[j * columns.length + a] = s - start[j]!;
    }
  }
  return out;
}
