import { type CheckOptions, type CheckResult, check as checkDraws } from '../../../diagnostics/check.ts';
import { ModelError } from '../../errors.ts';
import type { AcceptedValue } from '../../input/acceptedValue.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions } from '../../input/checkOptions.ts';
import { fitDesign } from '../../likelihood/maximumLikelihood.ts';
import type { MaximumLikelihoodFit } from '../../likelihood/maximumLikelihoodFit.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { drawVariables } from '../drawVariables.ts';
import { excludedEstimates } from './excludedEstimates.ts';
import { missedModes } from './missedModes.ts';
import { priorOnly } from './priorOnly.ts';

const threshold: AcceptedValue = {
  words: 'a number of 0 or more',
  accepts: (value) => typeof value === 'number' && value >= 0,
};

/**
 * The verdict on a fit: `check` of the diagnostics over everything the fit holds, group-level sds and the residual sd known as scales. `ok`
 * is false where the draws are not to be trusted; each finding says what to do next.
 * A mode of the posterior that no chain visited is a problem (`missedModes`). Quantities of which the data say nothing or little are notes (`priorOnly`).
 */
export function check(fit: Fit, options: CheckOptions = {}): CheckResult {
  checkFit('check', fit, 'mcmc');
  checkOptions('check', options, { rhat: threshold, essPerChain: threshold });
  const verdict = checkDraws(drawVariables(fit), options);
  const reml = remlOf(fit);
  const missed = missedModes(fit, reml);
  const excluded = reml ? excludedEstimates(fit, reml) : [];
  return {
    ...verdict,
    ok: verdict.ok && missed.length === 0,
    findings: [...verdict.findings, ...missed, ...excluded, ...priorOnly(fit)],
  };
}

/** Rows times coefficients beyond which no likelihood fit is made for a check. */
const LARGEST = 1e6;

/** The REML estimate of a Gaussian model with group terms that the posterior is held against; null where there is none or it is not to be relied on. */
function remlOf({ design }: Fit): MaximumLikelihoodFit | null {
  const { response, groupTerms, n, p } = design;
  if (response.family !== 'gaussian' || groupTerms.length === 0) return null;
  const coefficients = groupTerms.reduce((sum, { J, q }) => sum + (groupTerms.length > 1 ? J * q : q), p);
  if (n * coefficients > LARGEST) return null;
  try {
    const fit = fitDesign(design, 'REML');
    return fit.convergence.converged && fit.identified ? fit : null;
  } catch (error) {
    if (error instanceof ModelError) return null;
    throw error;
  }
}
