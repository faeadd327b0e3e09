import type { LogLikelihood } from '../../../diagnostics/logLikelihood.ts';
import type { Design } from '../../design/design.ts';
import { needsRows } from '../../design/needsRows.ts';
import { ModelError } from '../../errors.ts';
import { familyOf } from '../../families/familyOf.ts';
import { quote } from '../../input/quote.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { normalUnits } from './normalUnits.ts';
import { quadratureUnits } from './quadratureUnits.ts';
import { structuredUnits } from './structuredUnits.ts';
import type { UnitQuestion, Units } from './units.ts';

/**
 * Throws `not-supported` where rows of two units, or of one and of none, belong to one group of a residual structure,
 * so that each tells of the other.
 */
export function checkIntegrable(design: Design, units: Units): void {
  const groups = design.residual?.groups;
  if (!groups) return;
  const { structure, factor, levels } = groups;
  const unit = new Int32Array(groups.J).fill(-2);
  groups.index.forEach((j, i) => {
    if (unit[j] === -2) unit[j] = units.index[i]!;
    if (unit[j] === units.index[i]) return;
    const message = `the residuals of ${factor} ${quote(levels[j]!)} depend on each other (${structure}), and not all of its rows are left out together; leave out groups that hold whole groups of ${factor}, as by: ${quote(factor)} does`;
    throw new ModelError('not-supported', factor, message);
  });
}

/**
 * The log density of the rows of every unit together at every draw, log p(y_unit | beta, sigma, Sigma, u_others), the
 * deviations of the chosen levels integrated over N(0, Sigma_f) and those of all other levels as drawn: S x units,
 * row-major. 0 for a unit without rows. Normal rows in closed form (`normalUnits`; `structuredUnits`, where residuals
 * depend on each other), others by quadrature (`quadratureUnits`).
 */
export function unitLogLikelihood(fit: Fit, question: UnitQuestion): LogLikelihood {
  needsRows(question.design, 'log-likelihoods of groups', 'moments');
  checkIntegrable(question.design, question.units);
  if (question.design.residual) return structuredUnits(fit, question, true);
  return familyOf(question.design).conjugate === 'normal' ? normalUnits(fit, question) : quadratureUnits(fit, question);
}
