import type { Fit } from '../../mcmc/fit.ts';
import { type ComparedRows, type EqualRows, equalRows } from '../../products/equalRows.ts';
import { betaDraws } from '../groupDraws.ts';

/** The rows whose linear predictor is wanted. */
export interface PredictorRows {
  /** n x p, row-major. */
  readonly X: Float64Array;
  readonly offset: Float64Array | null;
  /** The group terms that take part; `u(group, k)` gives the S draws of the deviation a row takes, null for none. */
  readonly terms: readonly PredictorTerm[];
}

export interface PredictorTerm {
  /** Rows of equal numbers take the same deviations; length n. */
  readonly group: Int32Array;
  readonly q: number;
  /** n x q, row-major. */
  readonly Z: Float64Array;
  /** The draws of the deviation of row i in column k, or null where the row takes none. */
  u(i: number, k: number): Float64Array | null;
}

/**
 * The classes of rows that have the same linear predictor, whatever the draw; rows that differ in `apart` stay apart.
 */
export function equalPredictors(
  { X, offset, terms }: PredictorRows,
  n: number,
  apart: readonly ComparedRows[],
): EqualRows {
  const matrices: ComparedRows[] = [{ values: X, width: n === 0 ? 0 : X.length / n }, ...apart];
  if (offset) matrices.push({ values: offset, width: 1 });
  for (const { group, Z, q } of terms) matrices.push({ values: group, width: 1 }, { values: Z, width: q });
  return equalRows(n, matrices);
}

/** Returns a function that writes the S draws of eta_i = offset_i + x_i' beta + sum over terms of z_i' u to `out`. */
export function linearPredictor(fit: Fit, rows: PredictorRows): (i: number, out: Float64Array) => void {
  const { p } = fit.design;
  const beta = Array.from({ length: p }, (_, c) => betaDraws(fit, c));
  const add = (value: number, draws: Float64Array, out: Float64Array): void => {
    if (value === 0) return;
    for (let s = 0; s < out.length; s++) out[s]! += value * draws[s]!;
  };
  return (i, out) => {
    out.fill(rows.offset ? rows.offset[i]! : 0);
    for (let c = 0; c < p; c++) add(rows.X[i * p + c]!, beta[c]!, out);
    for (const term of rows.terms) {
      for (let k = 0; k < term.q; k++) {
        const u = term.u(i, k);
        if (u !== null) add(term.Z[i * term.q + k]!, u, out);
      }
    }
  };
}
