import { type Finding, numberBeside } from '../../../diagnostics/finding.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { deviationSummary } from '../deviationSummary.ts';

/**
 * Deviations of which a fit keeps running summaries and whose chains disagree by their R-hat of means and variances
 * (`DeviationSummary.rhat`): problems.
 */
export function summaryFindings(fit: Fit, largest = 1.01): Finding[] {
  return fit.design.groupTerms.flatMap(({ factor, levels, labels }, f) => {
    const summary = deviationSummary(fit, f);
    if (summary === null) return [];
    return levels.flatMap((level, j) =>
      labels.flatMap((label, k): Finding[] => {
        const value = summary.rhat(j, k);
        if (!(value > largest)) return [];
        const variable = `u_${factor}[${level},${label}]`;
        const message = `R-hat of ${variable}, of the means and variances of its chains, is ${numberBeside(value, largest)}, above ${largest}: the chains do not agree yet; draw more, and keep the draws of u_${factor} to see more of them`;
        return [{ variable, code: 'rhat', severity: 'problem', message, value, threshold: largest }];
      }),
    );
  });
}
