import { type ChosenSummaryRow, quantileKey, type SummarizeDrawsOptions } from '../../diagnostics/summarizeDraws.ts';
import type { Fit } from '../mcmc/fit.ts';
import { type DeviationSummary, deviationSummary } from './deviationSummary.ts';

const MEASURES: NonNullable<SummarizeDrawsOptions['measures']> = [
  'mean',
  'sd',
  'quantiles',
  'mcseMean',
  'rhat',
  'essBulk',
  'essTail',
];

/**
 * The rows of a variable, or of one of its quantities, of which a fit keeps a running summary; null where `name` is
 * none. What takes draws (Monte Carlo errors, effective sample sizes) is NaN, and R-hat is that of means and variances;
 * of `b_<factor>` it is NaN too.
 */
export function keptSummaryRows(
  fit: Fit,
  name: string,
  { probs = [0.05, 0.5, 0.95], measures = MEASURES }: SummarizeDrawsOptions = {},
): ChosenSummaryRow[] | null {
  for (const [f, { factor, levels, labels }] of fit.design.groupTerms.entries()) {
    const variable = [`u_${factor}`, `b_${factor}`].find((own) => name === own || name.startsWith(`${own}[`));
    const summary = variable === undefined ? null : deviationSummary(fit, f);
    if (variable === undefined || summary === null) continue;
    const rows = levels.flatMap((level, j) =>
      labels.flatMap((label, k) => {
        const quantity = `${variable}[${level},${label}]`;
        return name === variable || name === quantity ? [{ quantity, j, k }] : [];
      }),
    );
    if (rows.length === 0) continue;
    return rows.map(({ quantity, j, k }) => {
      const row: Record<string, number> = {};
      for (const measure of measures) {
        if (measure === 'quantiles') {
          const found = values(summary, variable, j, k, probs).quantiles;
          for (const [i, p] of probs.entries()) row[quantileKey(p)] = found[i]!;
        } else if (measure === 'mean' || measure === 'sd') {
          row[measure] = values(summary, variable, j, k, [])[measure];
        } else if (measure === 'median') {
          row[measure] = values(summary, variable, j, k, [0.5]).quantiles[0]!;
        } else {
          row[measure] = measure === 'rhat' && variable.startsWith('u_') ? summary.rhat(j, k) : Number.NaN;
        }
      }
      return { variable: quantity, ...row };
    });
  }
  return null;
}

function values(
  summary: DeviationSummary,
  variable: string,
  j: number,
  k: number,
  probs: readonly number[],
): ReturnType<DeviationSummary['deviation']> {
  return variable.startsWith('u_') ? summary.deviation(j, k, probs) : summary.coefficient(j, k, probs);
}
