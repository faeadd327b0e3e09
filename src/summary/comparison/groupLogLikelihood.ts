import type { LogLikelihood } from '../../../diagnostics/logLikelihood.ts';
import { checkFit } from '../../input/checkFit.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { unitLogLikelihood } from '../integrated/unitLogLikelihood.ts';
import { levelsWithin, unitsOf } from '../integrated/units.ts';

/**
 * Log-likelihood of every group at every draw with the group's deviations integrated out, log p(y_j | beta, sigma,
 * Sigma) = log of the integral of prod_i p(y_i | eta_i) over u_j ~ N(0, Sigma): S x J, row-major, for
 * leave-one-group-out, the question for new groups (Merkle, Furr & Rabe-Hesketh 2019, equation 8). In closed form for a
 * gaussian response, by adaptive quadrature for every other. Of other factors, levels that have rows in this group
 * alone (classes of a school) are integrated out with it, and the others are taken as drawn, for the rows of other
 * groups tell of them. 0 for a group without rows.
 *
 * Where residuals depend on each other the factor may be that of their structure, and has to hold its groups whole.
 *
 * Throws `unknown-factor`; `not-supported` where it does not hold them, and where a response that is not gaussian has
 * such levels within the group, or more than three coefficients that vary by the factor.
 */
export function groupLogLikelihood(fit: Fit, factor: string): LogLikelihood {
  checkFit('groupLogLikelihood', fit, 'mcmc');
  const { design } = fit;
  const units = unitsOf(design, factor);
  return unitLogLikelihood(fit, {
    design,
    units,
    integrated: design.groupTerms.map((term) => levelsWithin(term, units)),
  });
}
