import type { Family } from '../../families/family.ts';
import { logNormalCdf, logNormalCdfDerivatives } from '../../special/normalTail.ts';
import { cubicTable, softplus, softplusTable, tabled } from '../cells/softplusTable.ts';
import type { CrossedRows } from './crossedRows.ts';

/**
 * What the pseudo-likelihood of each row is about: l_i(eta) ~ constant + side_i d - precision_i d^2 / 2, d = eta - base.
 */
export interface PseudoLikelihood {
  readonly precision: Float64Array;
  readonly side: Float64Array;
}

/**
 * out_i := l_i(eta_i) - side_i d_i + precision_i d_i^2 / 2, length n: what the pseudo-likelihood leaves out, up to a
 * constant.
 */
export type Discrepancies = (eta: Float64Array, pseudo: PseudoLikelihood, out: Float64Array) => void;

/**
 * The discrepancies of the rows of a family without sigma, whose own parameter, if it has one, is known: successes with
 * the logit and the probit link read a table, others take the family's derivatives row by row.
 */
export function discrepancies(family: Family, rows: CrossedRows, own?: number): Discrepancies {
  const { n, y, size, copies, base } = rows;
  switch (family.conjugate) {
    case 'polyaGamma': {
      const successes = y.map((value, i) => copies[i]! * value);
      const trials = size.map((value, i) => copies[i]! * value);
      const table = softplusTable();
      return (eta, pseudo, out) => logit(n, successes, trials, base, table, eta, pseudo.precision, pseudo.side, out);
    }
    case 'latentNormal': {
      const successes = y.map((value, i) => copies[i]! * value);
      const failures = y.map((value, i) => copies[i]! * (size[i]! - value));
      const slope = new Float64Array(4);
      const table = cubicTable(logNormalCdf, (eta) => {
        logNormalCdfDerivatives(eta, slope);
        return slope[1]!;
      });
      return (eta, pseudo, out) => probit(n, successes, failures, base, table, eta, pseudo.precision, pseudo.side, out);
    }
    default: {
      const derivatives = new Float64Array(4);
      return (eta, { precision, side }, out) => {
        for (let i = 0; i < n; i += 1) {
          const d = eta[i]! - base[i]!;
          family.derivatives(y[i]!, size[i]!, eta[i]!, 1, derivatives, own);
          out[i] = copies[i]! * derivatives[0]! - (side[i]! - 0.5 * precision[i]! * d) * d;
        }
      };
    }
  }
}

// Arrays as arguments: read from a closure they cost twice as much.

function logit(
  n: number,
  successes: Float64Array,
  trials: Float64Array,
  base: Float64Array,
  table: Float64Array,
  eta: Float64Array,
  precision: Float64Array,
  side: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < n; i += 1) {
    const at = eta[i]!;
    const d = at - base[i]!;
    out[i] =
      successes[i]! * at - trials[i]! * tabled(table, at, softplus) - (side[i]! - 0.5 * precision[i]! * d) * d;
  }
}

function probit(
  n: number,
  successes: Float64Array,
  failures: Float64Array,
  base: Float64Array,
  table: Float64Array,
  eta: Float64Array,
  precision: Float64Array,
  side: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < n; i += 1) {
    const at = eta[i]!;
    const d = at - base[i]!;
    let sum = -(side[i]! - 0.5 * precision[i]! * d) * d;
    if (successes[i]! > 0) sum += successes[i]! * tabled(table, at, logNormalCdf);
    if (failures[i]! > 0) sum += failures[i]! * tabled(table, -at, logNormalCdf);
    out[i] = sum;
  }
}
