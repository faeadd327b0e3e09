import { quote } from './chains.ts';
import { checkObject } from './checkObject.ts';
import { DiagnosticsError } from './diagnosticsError.ts';
import { essOfBlock } from './ess.ts';
import { mean, variance } from './moments.ts';
import { numbersOf } from './numbersOf.ts';

/** Pointwise log-likelihood of a fit: log p(y_i | draw s), one row per draw and one column per observation. */
export interface LogLikelihood {
  /** S x N, row-major: `values[s * N + i]`; the draws of chain 1 first, then those of chain 2, and so on. */
  readonly values: ArrayLike<number>;
  /** Draws S over all chains. */
  readonly draws: number;
  /** Observations N (rows of the data, or groups for leave-one-group-out). */
  readonly observations: number;
  /** Chains of equal length that the draws come from, for the relative efficiency. Default 1. */
  readonly chains?: number;
}

/**
 * A log-likelihood matrix from rows: `rows[s][i]` is draw s, observation i, draws of chain 1 first. Throws
 * DiagnosticsError `bad-shape` when there are no rows or they differ in length.
 */
export function logLikelihoodMatrix(rows: readonly ArrayLike<number>[], chains = 1): LogLikelihood {
  if (!Array.isArray(rows)) {
    throw new DiagnosticsError(
      'bad-shape',
      `rows is ${quote(rows)}; give an array with one array of log densities per draw`,
    );
  }
  const draws = rows.map((row, s) => numbersOf(row, `row ${s + 1} of the log-likelihood`));
  const observations = draws[0]?.length ?? 0;
  const values = new Float64Array(rows.length * observations);
  draws.forEach((row, s) => {
    if (row.length !== observations) {
      throw new DiagnosticsError(
        'bad-shape',
        `row ${s + 1} of the log-likelihood has ${row.length} columns and row 1 has ${observations}; give one column per observation`,
      );
    }
    values.set(row, s * observations);
  });
  return checkLogLikelihood({ values, draws: rows.length, observations, chains });
}

/**
 * Throws DiagnosticsError `bad-shape` unless the matrix has its S x N values, S and N are positive, and the chains
 * divide S.
 */
export function checkLogLikelihood(logLik: LogLikelihood): LogLikelihood {
  checkObject(logLik, 'the log-likelihood', 'logLikelihoodMatrix(rows, chains)', 'values', 'draws', 'observations');
  const { values, draws, observations, chains = 1 } = logLik;
  if (!(draws > 0 && observations > 0 && values.length === draws * observations)) {
    throw new DiagnosticsError(
      'bad-shape',
      `the log-likelihood has ${values.length} values for ${draws} draws x ${observations} observations; give draws * observations values`,
    );
  }
  if (!(Number.isInteger(chains) && chains > 0 && draws % chains === 0)) {
    throw new DiagnosticsError(
      'bad-shape',
      `the log-likelihood has ${draws} draws and chains is ${quote(chains)}; the draws must come from chains of equal length`,
    );
  }
  return logLik;
}

/**
 * Column i of the matrix into `out` (S). Throws DiagnosticsError `not-finite` for a NaN or an infinity, naming draw and
 * observation.
 */
export function observationColumn(logLik: LogLikelihood, i: number, out: Float64Array): Float64Array {
  const { values, draws, observations } = logLik;
  for (let s = 0; s < draws; s++) {
    const value = values[s * observations + i]!;
    if (!Number.isFinite(value)) {
      throw new DiagnosticsError(
        'not-finite',
        `the log-likelihood of observation ${i + 1} at draw ${s + 1} is ${value}; all must be finite numbers`,
      );
    }
    out[s] = value;
  }
  return out;
}

/**
 * Relative efficiency ESS / S of the likelihood values exp(log-likelihood) of each observation, N numbers, from unsplit
 * chains as R's `loo::relative_eff`. 1 where it is not defined (a likelihood that does not vary, chains of fewer than
 * three draws).
 */
export function relativeEfficiency(logLik: LogLikelihood): Float64Array {
  const { draws, observations, chains = 1 } = checkLogLikelihood(logLik);
  const values = new Float64Array(draws);
  const block = { values, chainCount: chains, drawCount: draws / chains };
  return Float64Array.from({ length: observations }, (_, i) => {
    observationColumn(logLik, i, values);
    let max = Number.NEGATIVE_INFINITY;
    for (let s = 0; s < draws; s++) if (values[s]! > max) max = values[s]!;
    for (let s = 0; s < draws; s++) values[s] = Math.exp(values[s]! - max); // the scale cancels, underflow does not
    const efficiency = essOfBlock(block) / draws;
    return Number.isNaN(efficiency) ? 1 : efficiency;
  });
}

/** A sum over observations and its standard error sqrt(N var(pointwise)). */
export interface Estimate {
  readonly estimate: number;
  readonly se: number;
}

/** Sum of the pointwise values with standard error sqrt(N var). NaN error for one observation. */
export function sumWithError(pointwise: Float64Array): Estimate {
  return {
    estimate: mean(pointwise) * pointwise.length,
    se: Math.sqrt(pointwise.length * variance(pointwise)),
  };
}
