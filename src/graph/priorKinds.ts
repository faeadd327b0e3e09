import type { Prior, PriorOf } from './priors.ts';

/** A prior of coefficients. */
export type CoefficientPrior = PriorOf<'default' | 'normal' | 'flat' | 'studentT' | 'cauchy' | 'laplace' | 'horseshoe'>;

/** A prior of the thresholds of an ordered answer, and of the change of log sigma with a column. */
export type ThresholdPrior = PriorOf<'default' | 'normal'>;

/** A prior of one standard deviation. */
export type SdPrior = PriorOf<
  'default' | 'flat' | 'halfT' | 'halfCauchy' | 'halfNormal' | 'exponential' | 'uniform' | 'inverseGamma'
>;

/**
 * A prior of the degrees of freedom of a Student-t response, of the shape of negative binomial counts, or of the
 * precision of beta-binomial ones.
 */
export type DegreesOfFreedomPrior = PriorOf<'default' | 'gamma' | 'exponential' | 'uniform'>;

/** A prior of a correlation matrix. */
export type CorrelationPrior = PriorOf<'default' | 'lkj'>;

/** A prior of a group-level covariance matrix; of one sd, where it is 1 x 1. */
export type CovariancePrior = SdPrior | PriorOf<'halfTCov' | 'inverseWishart' | 'separation'>;

/**
 * The priors that a name of the glossary takes; any, where the name is not of the glossary, which is found out when the
 * model is made.
 */
export type PriorNamed<K> = K extends 'beta' | `beta[${string}` | `gamma_${string}`
  ? CoefficientPrior
  : K extends 'threshold' | 'delta' | `delta[${string}`
    ? ThresholdPrior
    : K extends 'sigma' | `tau_${string}` | `omega_${string}`
      ? SdPrior
      : K extends 'nu' | 'shape' | 'precision'
        ? DegreesOfFreedomPrior
        : K extends 'phi' | 'rho'
          ? PriorOf<'default' | 'uniform' | (K extends 'rho' ? 'lkj' : never)>
          : K extends `corr_${string}`
            ? CorrelationPrior
            : K extends `Sigma_${string}`
              ? CovariancePrior
              : Prior;

/**
 * Priors by name, each held to the kind that its name takes, so that `{ sigma: normal(0, 1) }` does not compile. One of
 * which the compiler knows only that it is a prior is looked at when the model is made.
 */
export type NamedPriors<P> = {
  readonly [K in keyof P]: Prior extends P[K] ? Prior : PriorNamed<K>;
};

/** The priors coefficients may have: normal, flat, the scale mixtures of normals and the default. */
export function isCoefficientPrior(prior: Prior): boolean {
  switch (prior.distribution) {
    case 'default':
    case 'normal':
    case 'flat':
    case 'studentT':
    case 'cauchy':
    case 'laplace':
    case 'horseshoe':
      return true;
    default:
      return false;
  }
}

/** What may stand where the prior of coefficients is asked for, for error messages. */
export const coefficientPriorNames = 'normal, flat, studentT, cauchy, laplace or horseshoe';

/** The priors that thresholds of ordered answers, and changes of log sigma, may have: normal and the default. */
export function isNormalPrior({ distribution }: Prior): boolean {
  return distribution === 'default' || distribution === 'normal';
}
