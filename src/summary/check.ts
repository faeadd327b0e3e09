import { type CheckOptions, type CheckResult, check as checkDraws } from '../../diagnostics/check.ts';
import type { AcceptedValue } from '../graph/acceptedValue.ts';
import { checkFit } from '../graph/checkFit.ts';
import { checkOptions } from '../graph/checkOptions.ts';
import type { Fit } from '../mcmc/fit.ts';
import { drawVariables } from './drawVariables.ts';
import { priorOnly } from './priorOnly.ts';

const threshold: AcceptedValue = {
  words: 'a number of 0 or more',
  accepts: (value) => typeof value === 'number' && value >= 0,
};

/**
 * The verdict on a fit: `check` of the diagnostics over everything the fit holds, group-level sds and the residual sd known as scales. `ok`
 * is false where the draws are not to be trusted; each finding says what to do next. Quantities of which the data say nothing or little are notes (`priorOnly`).
 */
export function check(fit: Fit, options: CheckOptions = {}): CheckResult {
  checkFit('check', fit, 'mcmc');
  checkOptions('check', options, { rhat: threshold, essPerChain: threshold });
  const verdict = checkDraws(drawVariables(fit), options);
  return { ...verdict, findings: [...verdict.findings, ...priorOnly(fit)] };
}
