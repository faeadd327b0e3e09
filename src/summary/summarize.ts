import {
  type ChosenSummaryRow,
  type SummarizeDrawsOptions,
  type SummaryRow,
  summarizeDraws,
} from '../../diagnostics/summarizeDraws.ts';
import { textList } from '../input/acceptedValue.ts';
import { checkFit } from '../input/checkFit.ts';
import { checkOptions, type OptionTable } from '../input/checkOptions.ts';
import type { Fit } from '../mcmc/fit.ts';
import { layout } from '../mcmc/layout.ts';
import { drawVariables } from './drawVariables.ts';
import { keptSummaryRows } from './keptSummaryRows.ts';

/** What a summary of a fit holds. */
export interface SummarizeOptions extends SummarizeDrawsOptions {
  /**
   * Variables (`beta`, `u_county`, `b_county`) or single quantities (`beta[floor]`); everything the fit holds unless
   * given.
   */
  readonly variables?: readonly string[];
}

const SUMMARIZE_OPTIONS: OptionTable<SummarizeOptions> = {
  variables: textList,
  probs: { words: 'a list of probabilities', accepts: Array.isArray },
  measures: textList,
};

/**
 * One row per quantity: mean, sd, quantiles, Monte Carlo standard error of the mean, R-hat, bulk and tail ESS
 * (definitions: `diagnostics`). A measure that is not defined is NaN. Of deviations kept as running summaries there are
 * mean, sd, quantiles and R-hat (see `keptSummaryRows`). Throws `unknown-variable`, and `DiagnosticsError` for a
 * probability outside [0, 1].
 */
export function summarize(fit: Fit, options?: { readonly variables?: readonly string[] }): SummaryRow[];
export function summarize(fit: Fit, options: SummarizeOptions): ChosenSummaryRow[];
export function summarize(fit: Fit, options: SummarizeOptions = {}): SummaryRow[] | ChosenSummaryRow[] {
  checkFit('summarize', fit, 'mcmc');
  checkOptions('summarize', options, SUMMARIZE_OPTIONS);
  const { variables: selection, ...measures } = options;
  const chosen = Object.values(measures).some((value) => value !== undefined);
  const ofDraws = (names?: readonly string[]): ChosenSummaryRow[] =>
    summarizeDraws(drawVariables(fit, names), chosen ? measures : {});
  if (fit.quantiles === undefined) return ofDraws(selection);
  const names = selection ?? heldNames(fit);
  return names.flatMap((name): ChosenSummaryRow[] => {
    return keptSummaryRows(fit, name, chosen ? measures : {}) ?? ofDraws([name]);
  });
}

/** The variables of which a fit has draws or summaries. */
function heldNames({ design, sampling: { keep = {} } }: Fit): string[] {
  return layout(design).flatMap(({ name }) => (keep[name] === false ? [] : [name]));
}
