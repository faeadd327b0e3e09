import type { CheckResult } from '../../diagnostics/check.ts';
import type { SummaryRow } from '../../diagnostics/summarizeDraws.ts';
import type { Fit } from '../mcmc/fit.ts';
import { check } from '../summary/check.ts';
import { summarize } from '../summary/summarize.ts';

/** The document of `fit` and `summary`. */
export interface SummaryDocument {
  readonly summary: readonly object[];
  readonly check: CheckResult;
  readonly sampling: object;
}

/** Summary, verdict and sampling of a fit, as `fit --json` and `summary --json` print them. */
export function summaryDocument(fit: Fit, variables?: readonly string[]): SummaryDocument {
  const verdict = check(fit);
  const { chains, warmup, iterations, seed, warmupSeconds, samplingSeconds, kernels } = fit.sampling;
  return {
    summary: withReasons(summarize(fit, variables ? { variables } : {}), verdict),
    check: verdict,
    sampling: { chains, warmup, iterations, seed, warmupSeconds, samplingSeconds, kernels },
  };
}

/** Rows whose measures are not all defined say why: null in JSON needs its reason. */
export function withReasons(rows: readonly SummaryRow[], verdict: CheckResult): object[] {
  return rows.map((row) => {
    const undefinedMeasure = Object.values(row).some((value) => typeof value === 'number' && !Number.isFinite(value));
    if (!undefinedMeasure) return row;
    const finding = verdict.findings.find(({ variable }) => variable === row.variable);
    return { ...row, reason: finding?.message ?? 'the measure is not defined for draws that do not vary' };
  });
}

/** The variables a newcomer reads first: everything but the deviations of the groups. */
export function mainVariables(fit: Fit): string[] {
  const deviations = new Set(fit.design.groupTerms.map(({ factor }) => `u_${factor}`));
  return fit.draws.variables.map(({ name }) => name).filter((name) => !deviations.has(name));
}
