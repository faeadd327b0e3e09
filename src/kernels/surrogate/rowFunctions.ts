import type { Family } from '../../families/family.ts';
import { logNormalCdf, logNormalCdfDerivatives } from '../../special/normalTail.ts';
import { cubicTable, softplus, softplusTable, tabled } from '../cells/softplusTable.ts';
import type { CrossedRows } from './crossedRows.ts';

/**
 * What the pseudo-likelihood of each row is: l_i(eta) ~ constant + side_i d - precision_i d^2 / 2, d = eta - base.
 */
export interface PseudoLikelihood {
  readonly precision: Float64Array;
  readonly side: Float64Array;
}

/** The rows of a family as functions of all linear predictors at once; allocates nothing. */
export interface RowFunctions {
  /**
   * out_i := l_i(eta_i) - side_i d_i + precision_i d_i^2 / 2, length n: what the pseudo-likelihood leaves out, up to a
   * constant.
   */
  discrepancies(eta: Float64Array, pseudo: PseudoLikelihood, out: Float64Array): void;
  /** out_i := l_i'(eta_i), length n. */
  scores(eta: Float64Array, out: Float64Array): void;
}

/**
 * The functions of the rows of a family without sigma, whose own parameter, if it has one, is known: log-likelihoods of
 * successes with the logit and the probit link are read from a table, all else are the family's derivatives row by row.
 */
export function rowFunctions(family: Family, rows: CrossedRows, own?: number): RowFunctions {
  const { n, y, size, copies, base } = rows;
  const derivatives = new Float64Array(4);
  const scores = (eta: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < n; i += 1) {
      family.derivatives(y[i]!, size[i]!, eta[i]!, 1, derivatives, own);
      out[i] = copies[i]! * derivatives[1]!;
    }
  };
  switch (family.conjugate) {
    case 'polyaGamma': {
      const successes = y.map((value, i) => copies[i]! * value);
      const trials = size.map((value, i) => copies[i]! * value);
      const table = softplusTable();
      const mean = cubicTable(family.mean, (eta) => {
        const probability = family.mean(eta);
        return probability * (1 - probability);
      });
      return {
        scores: (eta, out) => logitScores(n, successes, trials, mean, family.mean, eta, out),
        discrepancies: (eta, { precision, side }, out) =>
          logit(n, successes, trials, base, table, eta, precision, side, out),
      };
    }
    case 'latentNormal': {
      const successes = y.map((value, i) => copies[i]! * value);
      const failures = y.map((value, i) => copies[i]! * (size[i]! - value));
      const table = cubicTable(logNormalCdf, (eta) => {
        logNormalCdfDerivatives(eta, derivatives);
        return derivatives[1]!;
      });
      return {
        scores,
        discrepancies: (eta, { precision, side }, out) =>
          probit(n, successes, failures, base, table, eta, precision, side, out),
      };
    }
    default:
      return {
        scores,
        discrepancies(eta, { precision, side }, out) {
          for (let i = 0; i < n; i += 1) {
            const d = eta[i]! - base[i]!;
            family.derivatives(y[i]!, size[i]!, eta[i]!, 1, derivatives, own);
            out[i] = copies[i]! * derivatives[0]! - (side[i]! - 0.5 * precision[i]! * d) * d;
          }
        },
      };
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
    out[i] = successes[i]! * at - trials[i]! * tabled(table, at, softplus) - (side[i]! - 0.5 * precision[i]! * d) * d;
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

function logitScores(
  n: number,
  successes: Float64Array,
  trials: Float64Array,
  table: Float64Array,
  mean: (eta: number) => number,
  eta: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < n; i += 1) out[i] = successes[i]! - trials[i]! * tabled(table, eta[i]!, mean);
}
