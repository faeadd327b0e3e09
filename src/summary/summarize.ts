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
import { drawVariables } from './drawVariables.ts';

/** What a summary of a fit holds. */
export interface SummarizeOptions extends SummarizeDrawsOptions {
  /** Variables (`beta`, `u_county`, `b_county`) or single quantities (`beta[floor]`); everything the fit holds unless given. */
  readonly variables?: readonly string[];
}

const SUMMARIZE_OPTIONS: OptionTable<SummarizeOptions> = {
  variables: textList,
  probs: { words: 'a list of probabilities', accepts: Array.isArray },
  measures: textList,
};

/**
 * One row per quantity: mean, sd, quantiles, Monte Carlo standard error of the mean, R-hat, bulk and tail ESS (definitions: `diagnostics`). A
 * measure that is not defined is NaN. Throws `unknown-variable`, and `DiagnosticsError` for a probability outside [0, 1].
 */
export function summarize(fit: Fit, options?: { readonly variables?: readonly string[] }): SummaryRow[];
export function summarize(fit: Fit, options: SummarizeOptions): ChosenSummaryRow[];
export function summarize(fit: Fit, options: SummarizeOptions = {}): SummaryRow[] | ChosenSummaryRow[] {
  checkFit('summarize', fit, 'mcmc');
  checkOptions('summarize', options, SUMMARIZE_OPTIONS);
  const { variables: selection, ...measures } = options;
  const variables = drawVariables(fit, selection);
  return Object.values(measures).every((value) => value === undefined)
    ? summarizeDraws(variables)
    : summarizeDraws(variables, measures);
}
