import { log, log1p } from '../elementary.ts';
import type { FamilyParameter } from '../families/family.ts';
import type { ScaleDistribution } from '../graph/priors.ts';
import type { MixturePrior } from './mixturePrior.ts';
import type { ParameterPrior } from './parameterPrior.ts';
import type { ResidualPriors } from './residualPriors.ts';

/** The prior of one standard deviation as the kernels see it: every `default` resolved on the data. */
export type ScalePrior = ScaleDistribution | { readonly distribution: 'flat' };

/**
 * Independent normal priors of the p population-level coefficients, on the user's scale: (B beta)_k ~ N(mean_k,
 * sd_k^2), B = `combinations` or the identity. A row of B that is not the identity's is of a coefficient with its
 * default prior, taken about the means of the columns: for the intercept the linear predictor at the centre of the
 * columns.
 */
export interface CoefficientPriors {
  /** Length p. */
  readonly mean: Float64Array;
  /** Length p; Infinity is a flat prior. */
  readonly sd: Float64Array;
  /** Length p: the prior node each column got its prior from. */
  readonly source: readonly string[];
  /**
   * Length p: the prior of a coefficient that is a scale mixture of normals, null of the others; absent where none is.
   * Such a coefficient's `mean` and `sd` are of the normal prior that stands in for it (`standInSd`), its row of
   * `combinations` is the identity's.
   */
  readonly mixtures?: readonly (MixturePrior | null)[];
  /**
   * The coefficients (p) and the variances (p) of their normal priors on each side of a posterior that mixtures part,
   * as `mixtureSides` finds them; absent where it finds one alone.
   */
  readonly sides?: readonly { readonly mean: Float64Array; readonly variance: Float64Array }[];
  /**
   * p x p, row-major, of determinant 1 (see `solveCombinations`); null or absent where every coefficient has its prior
   * on the columns as written.
   */
  readonly combinations?: Float64Array | null;
}

/**
 * The prior of the thresholds of an ordered answer: those of a sorted sample of N(mean, sd^2), a density proportional
 * to the product of the normal ones where the thresholds ascend and 0 elsewhere. With `about` (length p) it is that of
 * threshold_k - about'beta, the thresholds at the means of the columns.
 */
export interface OrderedPrior {
  readonly mean: number;
  readonly sd: number;
  readonly about: Float64Array | null;
  /** The prior node it came from. */
  readonly source: string;
}

/** The prior of one covariance block (size x size), on the columns as written unless it says otherwise. */
export type BlockPrior =
  /**
   * Sds apart from correlations: tau_k by `tau[k]`, correlations LKJ(eta). A single sd is the case of size 1. With
   * `about` (size x size, row-major, unit diagonal: C of `BlockStandardisation`) they are those of deviations about the
   * means of the columns, C^-1 Sigma C^-T, in the units of the columns: the sd of an intercept is the one at the means.
   */
  | {
      readonly kind: 'separation';
      readonly tau: readonly ScalePrior[];
      readonly eta: number;
      readonly about?: Float64Array;
    }
  /** Huang & Wand (2013) with sds half-t(df, scale_k). */
  | { readonly kind: 'halfTCov'; readonly df: number; readonly scale: Float64Array }
  /** IW(df, scale), scale size x size row-major. */
  | { readonly kind: 'inverseWishart'; readonly df: number; readonly scale: Float64Array };

/**
 * A prior of Sigma = T Sigma' T' as one of Sigma', the covariance in the coordinates that chains move in; T size x
 * size, row-major.
 */
export interface MappedPrior {
  readonly kind: 'mapped';
  readonly of: BlockPrior;
  readonly size: number;
  readonly T: Float64Array;
  /** T^-1. */
  readonly inverse: Float64Array;
}

/** The prior of one covariance block in the coordinates that chains move in (see `standardisedDesign`). */
export type MovingPrior = BlockPrior | MappedPrior;

/**
 * Every prior in force, resolved on the data; that of the family's own parameter by its name, absent where it is known
 * and in families without.
 */
export interface Priors extends Readonly<Partial<Record<FamilyParameter, ParameterPrior>>> {
  readonly beta: CoefficientPriors;
  /** Null where the standard errors are known. */
  readonly sigma: ScalePrior | null;
  /** Per group term, per covariance block. */
  readonly groups: readonly (readonly BlockPrior[])[];
  /** Of the thresholds of an ordered answer; absent in other families. */
  readonly threshold?: OrderedPrior;
  /** Present where the residuals are not independent with one sigma. */
  readonly residual?: ResidualPriors;
}

/** Priors as kernels take them: those of the covariances in the coordinates that chains move in. */
export interface MovingPriors extends Omit<Priors, 'groups'> {
  readonly groups: readonly (readonly MovingPrior[])[];
}

/**
 * Log prior density of one standard deviation at sd > 0, up to a constant (densities with respect to d sd).
 * half-t(df, s): (1 + (sd/s)^2/df)^(-(df+1)/2); inverse gamma(a, b) on the variance: sd^(-2a-1) exp(-b/sd^2).
 */
export function logScaleDensity(prior: ScalePrior, sd: number): number {
  switch (prior.distribution) {
    case 'flat':
      return 0;
    case 'halfT': {
      const z = sd / prior.scale;
      return -0.5 * (prior.df + 1) * log1p((z * z) / prior.df);
    }
    case 'halfCauchy': {
      const z = sd / prior.scale;
      return -log1p(z * z);
    }
    case 'halfNormal': {
      const z = sd / prior.scale;
      return -0.5 * z * z;
    }
    case 'exponential':
      return -prior.rate * sd;
    case 'uniform':
      return sd >= prior.low && sd <= prior.high ? 0 : -Infinity;
    case 'inverseGamma':
      return -(2 * prior.shape + 1) * log(sd) - prior.scale / (sd * sd);
  }
}
