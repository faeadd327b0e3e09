/**
 * Canonical partial correlations: unconstrained coordinates of a correlation matrix (Lewandowski, Kurowicka & Joe
 * 2009).
 *
 * For a size x size block, `z` holds atanh of the partial correlations p_ij (i > j; row by row: p_10, p_20, p_21, ...),
 * where p_ij is the correlation of i and j given 0 .. j-1. Writes the lower Cholesky factor L of R = L L' (row-major)
 * to `L`. Returns log |dR/dz|, the determinant of the map from z to the correlations below the diagonal:
 * |dR/dp| = prod_{i>j} (1 - p_ij^2)^((size - j - 2)/2) (their eq. 11, j counted from 0) and dp/dz = 1 - p^2.
 */
export function choleskyFromPartials(z: Float64Array, zOffset: number, size: number, L: Float64Array): number {
  let logJacobian = 0;
  let at = zOffset;
  for (let i = 0; i < size; i += 1) {
    let rest = 1;
    for (let j = 0; j < i; j += 1) {
      const t = z[at++]!;
      const p = tanh(t);
      // log(1 - tanh(t)^2) without the loss of digits at large |t|
      const log1mp2 = -2 * (Math.abs(t) + log1p(exp(-2 * Math.abs(t))) - Math.LN2);
      logJacobian += (0.5 * (size - j - 2) + 1) * log1mp2;
      L[i * size + j] = p * rest;
      rest *= exp(0.5 * log1mp2);
    }
    L[i * size + i] = rest;
    for (let j = i + 1; j < size; j += 1) L[i * size + j] = 0;
  }
  return logJacobian;
}

/** The inverse map: `z` (row by row below the diagonal) from the lower Cholesky factor of a correlation matrix. */
export function partialsFromCholesky(L: Float64Array, size: number, z: Float64Array, zOffset: number): void {
  let at = zOffset;
  for (let i = 0; i < size; i += 1) {
    let rest2 = 1;
    for (let j = 0; j < i; j += 1) {
      const l = L[i * size + j]!;
      const p = rest2 > 0 ? l / Math.sqrt(rest2) : 0;
      z[at++] = atanh(Math.max(-1 + 1e-15, Math.min(1 - 1e-15, p)));
      rest2 -= l * l;
    }
  }
}

import { atanh, exp, log1p, tanh } from '../../elementary.ts';
