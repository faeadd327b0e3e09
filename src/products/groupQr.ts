import type { Design, GroupTerm } from '../design/design.ts';
import { needsIndependent } from '../design/needsIndependent.ts';
import { reflectColumns } from '../linalg/reflectColumns.ts';
import type { CrossProducts } from './crossProducts.ts';
import { rowWeights } from './rowWeights.ts';

/**
 * The rows of a one-factor design reduced to q rotated rows per group: with W_j^(1/2) Z_j = Q_j R_j, the likelihood
 * depends on the data only through R_j, Q_j' [X_j y_j] and the cross-products of what Q_j leaves of [X y].
 * X is in working coordinates; y is the response less offset and less the population part of the reference fit.
 */
export interface GroupQr {
  readonly J: number;
  readonly q: number;
  readonly p: number;
  /** J x q x q, row-major upper triangles, user's scale of Z. Rows beyond the rank of Z_j are zero. */
  readonly R: Float64Array;
  /** J x q x (p + 1), row-major: Q_j' [X_j y_j]. */
  readonly S: Float64Array;
  /** (p + 1) x (p + 1): sum_j of what is left, [X_j y_j]' (I - Q_j Q_j') [X_j y_j]. */
  readonly within: Float64Array;
  /** That of the cross-products. */
  readonly populationFits: boolean;
}

/** Householder's QR of each group's rows (Golub & Van Loan 2013, algorithm 5.2.1): one pass over the rows. */
export function groupQr(design: Design, term: GroupTerm, products: CrossProducts): GroupQr {
  needsIndependent(design, 'this');
  const { n, p, X, response } = design;
  const { J, q, Z, index, counts } = term;
  const P = p + 1;
  const width = q + P;
  const weights = rowWeights(design);
  const T = products.coordinates.beta.T;
  const betaAt = products.borderOffsets[products.groups.length]!;
  const start = new Int32Array(J + 1);
  for (let j = 0; j < J; j += 1) start[j + 1] = start[j]! + counts[j]!;
  const next = start.slice();
  const table = new Float64Array(n * width);
  for (let i = 0; i < n; i += 1) {
    const at = next[index[i]!]! * width;
    next[index[i]!] = next[index[i]!]! + 1;
    const root = Math.sqrt(weights[i]!);
    for (let k = 0; k < q; k += 1) table[at + k] = root * Z[i * q + k]!;
    let fitted = response.offset ? response.offset[i]! : 0;
    for (let k = 0; k < p; k += 1) {
      let x = 0;
      for (let l = 0; l <= k; l += 1) x += X[i * p + l]! * T[l * p + k]!;
      table[at + q + k] = root * x;
      fitted += x * products.reference[betaAt + k]!;
    }
    table[at + q + p] = root * (response.y[i]! - fitted);
  }
  const R = new Float64Array(J * q * q);
  const S = new Float64Array(J * q * P);
  const within = new Float64Array(P * P);
  for (let j = 0; j < J; j += 1) {
    const rows = counts[j]!;
    const base = start[j]! * width;
    const rank = reflectColumns(table, base, rows, width, q);
    for (let i = 0; i < Math.min(q, rows); i += 1) {
      for (let k = i; k < q; k += 1) R[(j * q + i) * q + k] = table[base + i * width + k]!;
      for (let k = 0; k < P; k += 1) S[(j * q + i) * P + k] = table[base + i * width + q + k]!;
    }
    for (let i = rank; i < rows; i += 1) {
      const at = base + i * width + q;
      for (let a = 0; a < P; a += 1)
        for (let b = 0; b <= a; b += 1) within[a * P + b] = within[a * P + b]! + table[at + a]! * table[at + b]!;
    }
  }
  for (let a = 0; a < P; a += 1) for (let b = 0; b < a; b += 1) within[b * P + a] = within[a * P + b]!;
  return { J, q, p, R, S, within, populationFits: products.populationFits };
}
