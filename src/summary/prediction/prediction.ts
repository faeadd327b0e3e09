import { anyValue, flag, probability, seedValue } from '../../input/acceptedValue.ts';
import type { OptionTable } from '../../input/checkOptions.ts';
import type { PredictionKind } from './predictionKind.ts';
import { NEW_GROUPS, type NewGroups } from './rowsToPredict.ts';

/** What is predicted, for which groups, and how it is summarised. */
export interface PredictOptions {
  /** Default 'mean'. */
  readonly kind?: PredictionKind;
  /** The grouping factors whose deviations count: 'all' (default), 'none' (the population line), or a list. */
  readonly groups?: 'all' | 'none' | readonly string[];
  /**
   * A group the fit has not: 'draw' (default) its deviation from N(0, Sigma) in each draw, 'population' for the line
   * alone, or 'error'.
   */
  readonly newGroups?: NewGroups;
  /** Probability of the central interval, default 0.9: keys q5 and q95; 0.95 gives q2.5 and q97.5. */
  readonly level?: number;
  /** Seed of the random parts (new groups, responses); default the fit's. */
  readonly seed?: number;
  /** Whether to return the draws, n x S row-major; default false. */
  readonly draws?: boolean;
}

/** What the options of predict accept. */
export const PREDICT_OPTIONS: OptionTable<PredictOptions> = {
  kind: anyValue,
  groups: anyValue,
  newGroups: NEW_GROUPS,
  level: probability,
  seed: seedValue,
  draws: flag,
};

/**
 * A row of an answer from draws: the columns of the input, then the posterior in the units of what is predicted. Where
 * a row is not estimable (see `notEstimable`), which takes columns of the model that were left out, the numbers are
 * null, and every row has a `reason`, null where it is estimable.
 */
export interface PosteriorRow {
  /** The posterior mean, in the units of what is predicted: of the response, a probability, a rate, odds, ... */
  readonly mean: number;
  /** The posterior sd, in the units of the mean. */
  readonly sd: number;
  // A `QuantileKey`, written out: what bundles the declarations loses a name that stands here alone.
  /** The median, q50, and the ends of the interval: q5 and q95 of level 0.9. */
  readonly [quantile: `q${number}`]: number;
  /** The columns of the input, and the reason where there is one. */
  readonly [column: string]: string | number | null;
}

/**
 * A row of an answer from a maximum likelihood fit: the columns of the input, then the estimate in the units of what is
 * predicted. Not estimable rows are as those of `PosteriorRow`.
 */
export interface EstimatedRow {
  /** In the units of what is predicted: of the response, a probability, a rate, odds, ... */
  readonly estimate: number;
  /** The standard error of the estimate, in its units. */
  readonly se: number;
  /** The lower end of the interval. */
  readonly lower: number;
  /** The upper end of the interval. */
  readonly upper: number;
  /** The columns of the input, and the reason where there is one. */
  readonly [column: string]: string | number | null;
}

/** A row of a prediction, by the kind of the fit. */
export type PredictionRow = PosteriorRow | EstimatedRow;

/**
 * Row by row: the columns of the input, then mean, sd, the median and the interval (of draws), or estimate, se, lower
 * and upper (of a maximum likelihood fit).
 */
export interface Prediction<R extends PredictionRow = PredictionRow> {
  readonly kind: PredictionKind;
  readonly level: number;
  readonly rows: readonly R[];
  /**
   * The number of each row, counted from 1: of the rows of newdata, or of the rows that were fitted, those left out for
   * missing values included.
   */
  readonly rowNumbers: readonly number[];
  /** What is to be said of the rows, a sentence each; empty where nothing is. */
  readonly notes: readonly string[];
  /** n x S, row-major; only when asked for. */
  readonly draws?: Float64Array;
}
