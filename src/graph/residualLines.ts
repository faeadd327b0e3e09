import type { ResidualStructure, ResponseNode } from './node.ts';
import { termParts } from './termParts.ts';

/**
 * What the equations of a model say of its residuals beside sigma: their sds by row, and how they depend on each other.
 */
export function residualLines({ residual, sigmaTerms, sigmaBy }: ResponseNode): string[] {
  const terms = (sigmaTerms ?? []).map(
    (term) =>
      `delta[${term}] ${termParts(term)
        .map((part) => `${part}_i`)
        .join(' ')}`,
  );
  if (sigmaBy !== undefined) terms.unshift(`delta_${sigmaBy}[${sigmaBy} of i]`);
  return [
    ...(terms.length > 0 ? [`sigma_i = sigma exp(${terms.join(' + ')})`] : []),
    ...(sigmaBy === undefined ? [] : [`delta_${sigmaBy}[each ${sigmaBy}] ~ normal(0, omega_${sigmaBy})`]),
    ...(residual ? [correlationLine(residual)] : []),
  ];
}

function correlationLine({ structure, by, time }: ResidualStructure): string {
  const rows = `residuals of rows i and k of one ${by}`;
  switch (structure) {
    case 'ar1':
      return `${rows}: correlation phi^(steps of ${time} between them)`;
    case 'car1':
      return `${rows}: correlation phi^|${time}_i - ${time}_k|`;
    case 'cs':
      return `${rows}: correlation rho`;
    case 'toeplitz':
      return `${rows}: correlation rho[steps of ${time} between them]`;
    case 'unstructured':
      return `${rows}: correlation rho[${time}_i,${time}_k]; an sd sigma[${time}] for each ${time}`;
  }
}
