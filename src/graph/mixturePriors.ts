import { finite, positive } from './priorParameters.ts';
import type { PriorOf } from './priors.ts';

/**
 * Coefficients: independent Student-t with df > 0 degrees of freedom, scale > 0: p(x) proportional to (1 + ((x -
 * location) / scale)^2 / df)^(-(df + 1) / 2). Throws `invalid-prior`.
 */
export function studentTPrior(df: number, location: number, scale: number): PriorOf<'studentT'> {
  const place = 'studentT(df, location, scale)';
  return Object.freeze({
    kind: 'prior',
    distribution: 'studentT',
    df: positive(place, 'df', df),
    location: finite(place, 'location', location),
    scale: positive(place, 'scale', scale),
  });
}

/**
 * Coefficients: independent Cauchy, scale > 0 (half the distance between the quartiles): p(x) proportional to 1 / (1 +
 * ((x - location) / scale)^2). Throws `invalid-prior`.
 */
export function cauchy(location: number, scale: number): PriorOf<'cauchy'> {
  const place = 'cauchy(location, scale)';
  return Object.freeze({
    kind: 'prior',
    distribution: 'cauchy',
    location: finite(place, 'location', location),
    scale: positive(place, 'scale', scale),
  });
}

/**
 * Coefficients: independent Laplace (double exponential), scale > 0, sd scale sqrt(2): p(x) proportional to exp(-|x -
 * location| / scale). Throws `invalid-prior`.
 */
export function laplace(location: number, scale: number): PriorOf<'laplace'> {
  const place = 'laplace(location, scale)';
  return Object.freeze({
    kind: 'prior',
    distribution: 'laplace',
    location: finite(place, 'location', location),
    scale: positive(place, 'scale', scale),
  });
}

/**
 * Coefficients of which few are thought to be other than next to 0: the regularised horseshoe (Piironen & Vehtari 2017,
 * Electronic Journal of Statistics 11, equation 2.8). beta_j ~ normal(0, sd_j), 1 / sd_j^2 = 1 / (tau lambda_j)^2 + 1 /
 * c^2, lambda_j half-Cauchy(1), tau half-Cauchy(globalScale), c^2 ~ inverseGamma(slabDf / 2, slabDf slabScale^2 / 2):
 * those that stay are about t_slabDf(0, slabScale). All coefficients that one such prior is given to share tau and c;
 * an intercept among them keeps its default. The scales are in the units of the coefficients, so that the columns
 * should be on one scale. All three > 0. Throws `invalid-prior`.
 */
export function horseshoe(globalScale: number, slabDf: number, slabScale: number): PriorOf<'horseshoe'> {
  const place = 'horseshoe(globalScale, slabDf, slabScale)';
  return Object.freeze({
    kind: 'prior',
    distribution: 'horseshoe',
    globalScale: positive(place, 'globalScale', globalScale),
    slabDf: positive(place, 'slabDf', slabDf),
    slabScale: positive(place, 'slabScale', slabScale),
  });
}
