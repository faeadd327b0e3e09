import type { Design } from '../design/design.ts';
import type { FixedEffects } from './maximumLikelihoodFit.ts';

/** Coefficients of the population part with their covariance (p x p) and its standard errors. */
export function fixedEffects(design: Design, estimates: Float64Array, vcov: Float64Array): FixedEffects {
  const { p } = design;
  const standardErrors = Float64Array.from({ length: p }, (_, k) => Math.sqrt(vcov[k * p + k]!));
  return { labels: design.columns.map((column) => column.label), estimates, standardErrors, vcov };
}
