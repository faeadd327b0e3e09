import type { MaximumLikelihoodFit } from '../likelihood/maximumLikelihoodFit.ts';
import type { Fit } from '../mcmc/fit.ts';
import { drawSummary } from './drawSummary.ts';
import type { ExternalFit } from './externalFit.ts';
import { groupDraws } from './groupDraws.ts';
import { groupPrecision, rowPrecision } from './groupPrecision.ts';
import { likelihoodEstimates } from './likelihoodEstimates.ts';
import { factorPosition } from './modelFit.ts';
import { shrinkageWeights } from './shrinkage.ts';
import { shrinkageWeight } from './shrinkageWeight.ts';

/** One deviation u_jk under both engines. */
export interface GroupComparisonRow {
  readonly level: string;
  readonly term: string;
  readonly n: number;
  /** Conditional mode (BLUP) of the likelihood fit; null where it has none. */
  readonly blup: number | null;
  readonly posteriorMean: number;
  readonly posteriorSd: number;
  /** (posteriorMean - blup) / posteriorSd. */
  readonly difference: number | null;
  /** Weight on the population line at the estimates, and its posterior mean. */
  readonly shrinkageWeightMl: number | null;
  readonly shrinkageWeight: number;
}

/**
 * Group by group: the BLUP of an ML or REML fit, ours or from outside, beside the posterior mean of the same deviation, and the shrinkage
 * weights of both. Throws `unknown-factor`.
 */
export function compareGroups(
  fit: Fit,
  other: MaximumLikelihoodFit | ExternalFit,
  factor: string,
): { readonly factor: string; readonly method: string; readonly rows: readonly GroupComparisonRow[] } {
  const { design } = fit;
  const f = factorPosition(design, factor);
  const term = design.groupTerms[f]!;
  const { method, groups, sigma } = likelihoodEstimates(design, other);
  const { tau, corr, modes } = groups[f]!;
  const complete = tau.every((value) => value !== null) && (sigma !== null || design.response.standardErrors !== null);
  const theirs = complete
    ? shrinkageWeight(term, groupPrecision(term, rowPrecision(design)), {
        tau: tau.map((value) => [value ?? 0]),
        corr: corr.map((value) => [value ?? Number.NaN]),
        sigma: design.response.standardErrors || sigma === null ? null : [sigma],
      })
    : null;
  const ours = shrinkageWeights(fit, f);
  const draws = groupDraws(fit, f);
  const rows = term.levels.flatMap((level, j) =>
    term.labels.map((label, k): GroupComparisonRow => {
      const at = j * term.q + k;
      const { mean, sd } = drawSummary(draws.u(j, k), []);
      const blup = modes[at]!;
      return {
        level,
        term: label,
        n: term.counts[j]!,
        blup,
        posteriorMean: mean,
        posteriorSd: sd,
        difference: blup === null ? null : (mean - blup) / sd,
        shrinkageWeightMl: theirs ? theirs[at]! : null,
        shrinkageWeight: ours[at]!,
      };
    }),
  );
  return { factor, method, rows };
}
