import type { LogLikelihood } from '../../../diagnostics/logLikelihood.ts';
import type { Design } from '../../design/design.ts';
import { needsIndependent } from '../../design/needsIndependent.ts';
import { needsRows } from '../../design/needsRows.ts';
import { ModelError } from '../../errors.ts';
import { familyOf, kindOf } from '../../families/familyOf.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { normalUnits } from './normalUnits.ts';
import { quadratureUnits } from './quadratureUnits.ts';
import type { UnitQuestion } from './units.ts';

/**
 * Throws `not-supported` for ordered answers, whose rows depend on thresholds that the integral over the deviations
 * does not know.
 */
export function checkIntegrable(design: Design): void {
  if (kindOf(design) !== 'ordered') return;
  const { label } = design.response;
  const message = `${label} has ordered answers, and log densities with deviations integrated out, as leaving out groups and cross-validation by refits take them, are of every other response; leaveOneOut without by leaves out rows`;
  throw new ModelError('not-supported', label, message);
}

/**
 * The log density of the rows of every unit together at every draw, log p(y_unit | beta, sigma, Sigma, u_others), the
 * deviations of the chosen levels integrated over N(0, Sigma_f) and those of all other levels as drawn: S x units,
 * row-major. 0 for a unit without rows. Normal rows in closed form (`normalUnits`), others by quadrature
 * (`quadratureUnits`).
 */
export function unitLogLikelihood(fit: Fit, question: UnitQuestion): LogLikelihood {
  needsRows(question.design, 'log-likelihoods of groups', 'moments');
  checkIntegrable(question.design);
  needsIndependent(question.design, 'the log-likelihood of a group');
  return familyOf(question.design).conjugate === 'normal' ? normalUnits(fit, question) : quadratureUnits(fit, question);
}
