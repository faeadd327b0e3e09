import { type CheckOptions, type CheckResult, check as checkDraws } from '../../../diagnostics/check.ts';
import type { AcceptedValue } from '../../input/acceptedValue.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions } from '../../input/checkOptions.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { drawVariables } from '../drawVariables.ts';
import { fitFindings } from './fitFindings.ts';
import { stepSentences } from './stepSentences.ts';
import { summaryFindings } from './summaryFindings.ts';

const threshold: AcceptedValue = {
  words: 'a number of 0 or more',
  accepts: (value) => typeof value === 'number' && value >= 0,
};

/** The verdict on a fit. */
export interface FitCheckResult extends CheckResult {
  /** What the kernels' steps came to, one line for each that refuses some (see `stepSentences`). */
  readonly kernels: readonly string[];
}

/**
 * The verdict on a fit: `check` of the diagnostics over everything the fit holds, group-level sds and the residual sd
 * known as scales, and what its model, priors and data tell beyond the draws (`fitFindings`). `ok` is false where the
 * draws are not to be trusted; each finding says what to do next.
 */
export function check(fit: Fit, options: CheckOptions = {}): FitCheckResult {
  checkFit('check', fit, 'mcmc');
  checkOptions('check', options, { rhat: threshold, essPerChain: threshold });
  return withFindings(checkDraws(drawVariables(fit), options), fit);
}

/** A verdict on the draws of a fit with what the fit tells beyond them. */
function withFindings(verdict: CheckResult, fit: Fit): FitCheckResult {
  const found = [...summaryFindings(fit, verdict.thresholds?.rhat), ...fitFindings(fit)];
  return {
    ...verdict,
    ok: verdict.ok && !found.some(({ severity }) => severity === 'problem'),
    findings: [...verdict.findings, ...found],
    kernels: stepSentences(fit),
  };
}
