import { type CheckOptions, type CheckResult, check as checkDraws } from '../../diagnostics/check.ts';
import type { Fit } from '../mcmc/fit.ts';
import { drawVariables } from './drawVariables.ts';

/**
 * The verdict on a fit: `check` of the diagnostics over everything the fit holds, group-level sds and the residual sd known as scales. `ok`
 * is false where the draws are not to be trusted; each finding says what to do next.
 */
export function check(fit: Fit, options: CheckOptions = {}): CheckResult {
  return checkDraws(drawVariables(fit), options);
}
