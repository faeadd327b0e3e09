import { normalQuantile } from '../src/special/distributions.ts';
import { logSumExp } from '../src/special/logSumExp.ts';
import { checkOptions } from './checkOptions.ts';
import { DiagnosticsError } from './diagnosticsError.ts';
import {
  checkLogLikelihood,
  type Estimate,
  type LogLikelihood,
  observationColumn,
  relativeEfficiency,
  sumWithError,
} from './logLikelihood.ts';
import { variance } from './moments.ts';
import { paretoKThreshold, psis } from './psis.ts';

/** Leave-one-out cross-validation of one model. */
export interface Loo {
  readonly kind: 'loo';
  /** Expected log pointwise predictive density, effective number of parameters, and -2 elpd. */
  readonly elpd: Estimate;
  readonly p: Estimate;
  readonly ic: Estimate;
  /** Monte Carlo standard error of elpd; NaN when a Pareto k is above the threshold. */
  readonly mcse: number;
  /**
   * One value per observation (N each): elpd, its Monte Carlo standard error, p, ic, Pareto k, effective sample size.
   */
  readonly pointwise: Readonly<Record<'elpd' | 'mcse' | 'p' | 'ic' | 'paretoK' | 'ess', Float64Array>>;
  /** min(1 - 1 / log10(S), 0.7). */
  readonly paretoKThreshold: number;
  /** Observations (counted from 0) whose Pareto k is above the threshold: their elpd is not to be trusted. */
  readonly above: readonly number[];
  /** Relative efficiency used, per observation. */
  readonly relativeEfficiency: Float64Array;
}

/** How `loo` is computed. */
export interface LooOptions {
  /**
   * ESS / S of the likelihood values, one number for all observations or one for each. Default: computed from the
   * chains.
   */
  readonly relativeEfficiency?: number | ArrayLike<number>;
}

// Normal scores of 1000 points: the predictive density is taken as normal around its estimate, as in `loo`.
let scores: Float64Array | undefined;
function normalGrid(): Float64Array {
  scores ??= Float64Array.from({ length: 1000 }, (_, r) => normalQuantile((r + 1 - 0.375) / 1000.25));
  return scores;
}

/** Variance of log(1 + cv z), z standard normal on the grid, over the points where it is defined. */
function logVariance(cv: number): number {
  return variance(
    normalGrid()
      .map((z) => 1 + cv * z)
      .filter((value) => value > 0)
      .map(Math.log),
  );
}

function efficiencies(logLik: LogLikelihood, given: LooOptions['relativeEfficiency']): Float64Array {
  if (given === undefined) return relativeEfficiency(logLik);
  if (typeof given === 'number') return new Float64Array(logLik.observations).fill(given);
  if (given.length !== logLik.observations) {
    throw new DiagnosticsError(
      'bad-argument',
      `relativeEfficiency has ${given.length} values for ${logLik.observations} observations; give one number or one for each`,
    );
  }
  return Float64Array.from(given);
}

/**
 * Leave-one-out cross-validation by Pareto-smoothed importance sampling: elpd_i = log sum_s w_is p(y_i | s) with the
 * smoothed weights of 1 / p(y_i | s), p_i = log mean_s p(y_i | s) - elpd_i, ic_i = -2 elpd_i, and their sums (Vehtari,
 * Gelman & Gabry 2017; R's `loo::loo`, version 2.5.1).
 *
 * Input: the log-likelihood matrix, S x N row-major, draws in chain order. A column may stand for a whole group, its
 * effect integrated out: then it is leave-one-group-out. Throws DiagnosticsError `bad-shape`, `not-finite`,
 * `bad-argument`.
 */
export function loo(logLik: LogLikelihood, options: LooOptions = {}): Loo {
  checkOptions('loo', options, { relativeEfficiency: 'any' });
  const { draws, observations } = checkLogLikelihood(logLik);
  const efficiency = efficiencies(logLik, options.relativeEfficiency);
  const threshold = paretoKThreshold(draws);
  const make = () => new Float64Array(observations);
  const pointwise = { elpd: make(), mcse: make(), p: make(), ic: make(), paretoK: make(), ess: make() };
  const column = new Float64Array(draws);
  const work = new Float64Array(draws);
  for (let i = 0; i < observations; i++) {
    observationColumn(logLik, i, column);
    for (let s = 0; s < draws; s++) work[s] = -column[s]!;
    const { logWeights, paretoK, ess } = psis(work, efficiency[i]!);
    for (let s = 0; s < draws; s++) work[s] = column[s]! + logWeights[s]!;
    const elpd = logSumExp(work);
    let squaredError = 0; // of the predictive density, relative to it
    for (let s = 0; s < draws; s++) {
      squaredError += Math.exp(2 * logWeights[s]!) * (Math.exp(column[s]! - elpd) - 1) ** 2;
    }
    pointwise.elpd[i] = elpd;
    pointwise.mcse[i] = Math.sqrt(logVariance(Math.sqrt(squaredError)) / efficiency[i]!);
    pointwise.p[i] = logSumExp(column) - Math.log(draws) - elpd;
    pointwise.ic[i] = -2 * elpd;
    pointwise.paretoK[i] = paretoK;
    pointwise.ess[i] = ess;
  }
  return {
    kind: 'loo',
    ...looTotals(pointwise, threshold),
    paretoKThreshold: threshold,
    relativeEfficiency: efficiency,
  };
}

/**
 * Sums over observations of what is known of each, and which Pareto k are above the threshold. The Monte Carlo errors
 * are taken as independent.
 */
export function looTotals(
  pointwise: Loo['pointwise'],
  threshold: number,
): Pick<Loo, 'elpd' | 'p' | 'ic' | 'mcse' | 'pointwise' | 'above'> {
  const above = [...pointwise.paretoK.keys()].filter((i) => pointwise.paretoK[i]! > threshold);
  return {
    elpd: sumWithError(pointwise.elpd),
    p: sumWithError(pointwise.p),
    ic: sumWithError(pointwise.ic),
    mcse: above.length > 0 ? Number.NaN : Math.sqrt(pointwise.mcse.reduce((sum, value) => sum + value * value, 0)),
    pointwise,
    above,
  };
}
