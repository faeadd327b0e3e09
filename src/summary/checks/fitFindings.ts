import type { Finding } from '../../../diagnostics/finding.ts';
import { ModelError } from '../../errors.ts';
import { fitDesign } from '../../likelihood/maximumLikelihood.ts';
import type { MaximumLikelihoodFit } from '../../likelihood/maximumLikelihoodFit.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { excludedEstimates } from './excludedEstimates.ts';
import { missedModes } from './missedModes.ts';
import { priorOnly } from './priorOnly.ts';

/** Rows times coefficients beyond which no likelihood fit is made for a check. */
const LARGEST = 1e6;

/**
 * What a fit tells beyond its draws, its model, priors and data being known: modes of the posterior that no chain visited (`missedModes`, problems), sds whose
 * likelihood estimate the posterior excludes (`excludedEstimates`), quantities of which the data say nothing or little (`priorOnly`), notes both.
 */
export function fitFindings(fit: Fit): Finding[] {
  const reml = remlOf(fit);
  return [...missedModes(fit, reml), ...(reml ? excludedEstimates(fit, reml) : []), ...priorOnly(fit)];
}

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
