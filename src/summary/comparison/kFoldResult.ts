import type { Estimate } from '../../../diagnostics/logLikelihood.ts';

/** Cross-validation by fits without each part of the data; `looCompare` sets those of several models side by side. */
export interface KFold {
  readonly kind: 'kfold';
  readonly folds: number;
  /** The factor whose groups were left out; null for rows. */
  readonly by: string | null;
  /** Expected log predictive density, summed over rows or groups, and -2 elpd. */
  readonly elpd: Estimate;
  readonly ic: Estimate;
  /** By row in use, or by group that has rows: elpd, its Monte Carlo standard error, ic, and the fold (from 0). */
  readonly pointwise: Readonly<Record<'elpd' | 'mcse' | 'ic', Float64Array>> & { readonly fold: Int32Array };
  /** Of rows: the number of each among the rows given, counted from 1. Empty of groups. */
  readonly rowNumbers: readonly number[];
  /** Of groups: the level of each. Empty of rows. */
  readonly levels: readonly string[];
}
