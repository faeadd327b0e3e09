import { type Finding, number } from '../../../diagnostics/finding.ts';
import type { MaximumLikelihoodFit } from '../../likelihood/maximumLikelihoodFit.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { groupDraws } from '../groupDraws.ts';

/** Draws on the estimate's side of their median that may lie beyond it, as a share of all. */
const BEYOND = 0.001;
/** The least ratio of the estimate to the posterior median, or of that to the estimate. */
const RATIO = 3;

/**
 * Group-level sds whose posterior grossly excludes the likelihood estimate: no more than one draw in a thousand lies
 * beyond it, and it is three times the posterior median or a third of it. Under priors that say little the estimate
 * lies well within the draws, however few the groups, so that a prior at odds with the data is behind it, or chains
 * that missed a part of the posterior. Estimates of 0 are left out: a posterior never reaches them.
 */
export function excludedEstimates(fit: Fit, estimate: MaximumLikelihoodFit): Finding[] {
  return fit.design.groupTerms.flatMap(({ factor, labels }, f) => {
    const draws = groupDraws(fit, f);
    return labels.flatMap((label, k): Finding[] => {
      const value = estimate.groups[f]!.tau[k]!;
      if (!(value > 0)) return [];
      const sorted = draws.tau(k).slice().sort();
      const median = sorted[sorted.length >> 1]!;
      const beyond = sorted.filter((tau) => (value > median ? tau >= value : tau <= value)).length;
      if (beyond > BEYOND * sorted.length || Math.max(value / median, median / value) < RATIO) return [];
      const variable = `tau_${factor}[${label}]`;
      return [
        {
          variable,
          code: 'excludesEstimate',
          severity: 'note',
          message:
            `the ${estimate.method} estimate of ${variable} is ${number(value)}, and the posterior has it at ${number(median)} (median) with ` +
            `${beyond === 0 ? 'no draw' : `${beyond} of ${sorted.length} draws`} beyond: look at the priors of ${factor}, which argue with the data, or for a part of the posterior that the chains missed`,
          value,
          threshold: median,
        },
      ];
    });
  });
}
