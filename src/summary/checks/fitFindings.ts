import type { Finding } from '../../../diagnostics/finding.ts';
import { ModelError } from '../../errors.ts';
import { familyOf } from '../../families/familyOf.ts';
import { gaussian } from '../../families/gaussian.ts';
import { fitDesign } from '../../likelihood/maximumLikelihood.ts';
import type { MaximumLikelihoodFit } from '../../likelihood/maximumLikelihoodFit.ts';
import { notApart } from '../../likelihood/structured/apart.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { cells } from '../../products/cells.ts';
import { excludedEstimates } from './excludedEstimates.ts';
import { heldCorrelations } from './heldCorrelations.ts';
import { missedModes } from './missedModes.ts';
import { missedPlaces } from './missedPlaces.ts';
import { missedSides } from './missedSides.ts';
import { priorOnly } from './priorOnly.ts';

/** Rows times coefficients beyond which no likelihood fit is made for a check. */
const LARGEST = 1e6;

/**
 * What a fit tells beyond its draws, its model, priors and data being known: modes of the posterior that no chain
 * visited (`missedModes`, `missedPlaces`, `missedSides`: problems), correlations of residuals that are held where
 * digits end (`heldCorrelations`, a problem), sds whose likelihood estimate the posterior excludes
 * (`excludedEstimates`), quantities of which the data say nothing or little (`priorOnly`), and a residual structure
 * that no likelihood tells from a varying coefficient (`notApart`), notes all three.
 */
export function fitFindings(fit: Fit): Finding[] {
  const estimate = estimateOf(fit);
  const { conjugate } = familyOf(fit.design);
  return [
    ...missedModes(fit, estimate),
    ...missedPlaces(fit, estimate),
    ...missedSides(fit),
    ...heldCorrelations(fit),
    // With outliers the Gaussian estimate of an sd may lie anywhere.
    ...(estimate && conjugate !== 'scaleMixture' ? excludedEstimates(fit, estimate) : []),
    ...priorOnly(fit),
    ...mixedUp(fit),
  ];
}

/** A note where no likelihood tells the residual structure from a varying coefficient, so that their priors do. */
function mixedUp({ design }: Fit): Finding[] {
  const found = notApart(design);
  if (found === null) return [];
  return [
    {
      variable: '*',
      code: 'notApart',
      severity: 'note',
      message: `${found.sentence}: how it is shared out among the two is by their priors alone, and draws may go back and forth slowly; leave one of the two out.`,
      value: 0,
      threshold: 0,
    },
  ];
}

/**
 * The estimate that the posterior is held against, of a model with group terms: REML's, Laplace's of a response without
 * sigma, and of a Student-t response that of the Gaussian model (a start for searches alone); null where there is none
 * or it is not to be relied on.
 */
function estimateOf({ design }: Fit): MaximumLikelihoodFit | null {
  const { response, groupTerms, n, p } = design;
  if (groupTerms.length === 0) return null;
  const { sigma, conjugate } = familyOf(design);
  const generalized = sigma === null;
  const coefficients = groupTerms.reduce((sum, { J, q }) => sum + (groupTerms.length > 1 ? J * q : q), p);
  if ((generalized ? cells(design).design.n : n) * coefficients > LARGEST) return null;
  const { nu: _, ...rest } = response;
  const fitted = conjugate === 'scaleMixture' ? { ...design, response: { ...rest, family: gaussian.name } } : design;
  try {
    const fit = fitDesign(fitted, generalized ? 'laplace' : 'REML');
    return fit.convergence.converged && fit.identified ? fit : null;
  } catch (error) {
    if (error instanceof ModelError) return null;
    throw error;
  }
}
