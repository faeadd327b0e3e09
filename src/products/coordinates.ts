import type { Design } from '../design/design.ts';
import { logDeterminant } from '../linalg/cholesky.ts';
import { orthogonalise } from '../linalg/orthogonalise.ts';
import { identity } from '../linalg/smallMatrix.ts';

/** A change of coordinates of k coefficients: user = T working, T upper triangular with a positive diagonal. */
export interface CoordinateMap {
  readonly k: number;
  /** k x k, row-major, upper triangular: columns of the design in working coordinates are (columns) T. */
  readonly T: Float64Array;
  /** T^-1, upper triangular. */
  readonly inverse: Float64Array;
  /** log |det T|. */
  readonly logDeterminant: number;
}

/** Working coordinates of a design: X~ = X T_X and Z~_f = Z_f T_f; beta = T_X beta~, u_f = T_f u~_f. */
export interface Coordinates {
  readonly beta: CoordinateMap;
  /** One per group term, in the order of the design. */
  readonly groups: readonly CoordinateMap[];
}

/**
 * The working coordinates of a design. Within each matrix (X, and each Z_f) the columns are made orthogonal over the
 * rows, each to those before it, and scaled to mean square 1: for a constant and one other column that is centring and
 * scaling to sd 1, so that a year (2000 +- 5) or an income (50 000 +- 20 000) costs no digits; means are taken with the
 * given precision of each row (length n). A column that depends on those before it is only scaled.
 */
export function coordinates(design: Design, weights: Float64Array): Coordinates {
  return {
    beta: coordinateMap(orthogonalise(design.X, design.p, weights), design.p),
    groups: design.groupTerms.map((term) => coordinateMap(orthogonalise(term.Z, term.q, weights), term.q)),
  };
}

/** The user's own coordinates: every map the identity. */
export function userCoordinates({ p, groupTerms }: Design): Coordinates {
  const plain = (k: number) => coordinateMap(identity(k), k);
  return { beta: plain(p), groups: groupTerms.map(({ q }) => plain(q)) };
}

/** A map from its matrix T (k x k, row-major, upper triangular, positive diagonal). */
function coordinateMap(T: Float64Array, k: number): CoordinateMap {
  const inverse = new Float64Array(k * k);
  for (let j = 0; j < k; j++) {
    inverse[j * k + j] = 1 / T[j * k + j]!;
    for (let i = j - 1; i >= 0; i--) {
      let sum = 0;
      for (let l = i + 1; l <= j; l++) sum += T[i * k + l]! * inverse[l * k + j]!;
      inverse[i * k + j] = -sum / T[i * k + i]!;
    }
  }
  return { k, T, inverse, logDeterminant: logDeterminant(T, k) / 2 };
}

/** x := M x for M upper triangular, in place, for `count` vectors of length k that follow each other. */
function multiplyUpper(M: Float64Array, k: number, x: Float64Array, offset: number, count: number): void {
  for (let j = 0; j < count; j++) {
    const at = offset + j * k;
    for (let a = 0; a < k; a++) {
      let sum = 0;
      for (let b = a; b < k; b++) sum += M[a * k + b]! * x[at + b]!;
      x[at + a] = sum;
    }
  }
}

/**
 * Turns working into user coordinates in place: x := T x for `count` vectors of length k (the whole J x q of u at
 * once).
 */
export function toUser(map: CoordinateMap, x: Float64Array, offset = 0, count = 1): void {
  multiplyUpper(map.T, map.k, x, offset, count);
}

/** Turns user into working coordinates in place: x := T^-1 x for `count` vectors of length k. */
export function toWorking(map: CoordinateMap, x: Float64Array, offset = 0, count = 1): void {
  multiplyUpper(map.inverse, map.k, x, offset, count);
}

/** A covariance matrix (k x k, both triangles) from working to user coordinates: out = T S T'; `out` may be `S`. */
export function covarianceToUser({ T, k }: CoordinateMap, S: Float64Array, out: Float64Array): void {
  if (out !== S) out.set(S);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      let sum = 0;
      for (let l = j; l < k; l++) sum += out[i * k + l]! * T[j * k + l]!;
      out[i * k + j] = sum;
    }
  }
  for (let j = 0; j < k; j++) {
    for (let i = 0; i < k; i++) {
      let sum = 0;
      for (let l = i; l < k; l++) sum += T[i * k + l]! * out[l * k + j]!;
      out[i * k + j] = sum;
    }
  }
}
