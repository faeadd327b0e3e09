import { deepFreeze } from '../input/deepFreeze.ts';
import { finite, invalid, nonEmpty, notBelowZero, positive, positiveDefinite } from './priorParameters.ts';

/** A prior node: plain data. Scales are standard deviations; gamma and inverse gamma are named where they stand. */
export type Prior = { readonly kind: 'prior' } & Distribution;

/** The priors of given distributions. */
export type PriorOf<D extends Distribution['distribution']> = Extract<Prior, { readonly distribution: D }>;

export type Distribution =
  /** Not given by the user: resolved on the data by the plan and shown by `describe`. */
  | { readonly distribution: 'default' }
  /** Coefficients: normal(mean, sd). */
  | { readonly distribution: 'normal'; readonly mean: number; readonly sd: number }
  /** Coefficients: constant; one sd: constant on (0, infinity). */
  | { readonly distribution: 'flat' }
  | MixtureDistribution
  | ScaleDistribution
  | CovarianceDistribution
  /** Degrees of freedom. */
  | { readonly distribution: 'gamma'; readonly shape: number; readonly rate: number }
  /** A correlation matrix R: density proportional to |R|^(eta - 1). */
  | { readonly distribution: 'lkj'; readonly eta: number };

/** Priors of coefficients that are normal given a variance of their own (see `mixturePriors.ts`). */
export type MixtureDistribution =
  | { readonly distribution: 'studentT'; readonly df: number; readonly location: number; readonly scale: number }
  | { readonly distribution: 'cauchy'; readonly location: number; readonly scale: number }
  | { readonly distribution: 'laplace'; readonly location: number; readonly scale: number }
  | {
      readonly distribution: 'horseshoe';
      readonly globalScale: number;
      readonly slabDf: number;
      readonly slabScale: number;
    };

/** Priors of one standard deviation. `inverseGamma` is stated on the variance. */
export type ScaleDistribution =
  | { readonly distribution: 'halfT'; readonly df: number; readonly scale: number }
  | { readonly distribution: 'halfCauchy'; readonly scale: number }
  | { readonly distribution: 'halfNormal'; readonly scale: number }
  | { readonly distribution: 'exponential'; readonly rate: number }
  | { readonly distribution: 'uniform'; readonly low: number; readonly high: number }
  | { readonly distribution: 'inverseGamma'; readonly shape: number; readonly scale: number };

/** Priors of a group-level covariance matrix. */
export type CovarianceDistribution =
  /**
   * Sigma ~ IW(df, scale): density proportional to |Sigma|^(-(df + q + 1)/2) exp(-tr(scale Sigma^-1)/2); a number means
   * scale times I.
   */
  | {
      readonly distribution: 'inverseWishart';
      readonly df: number;
      readonly scale: number | readonly (readonly number[])[];
    }
  /** Huang & Wand (2013): each sd half-t(df, scale); df = 2 makes each correlation uniform on (-1, 1). */
  | { readonly distribution: 'halfTCov'; readonly df: number; readonly scale: number | readonly number[] }
  /**
   * Sds and correlations apart (Barnard, McCulloch & Meng 2000): one prior for every sd or one per column label, LKJ
   * for the correlations.
   */
  | {
      readonly distribution: 'separation';
      readonly tau: Prior | Readonly<Record<string, Prior>>;
      readonly corr: Prior;
    };

/** Every distribution of one sd, as the compiler sees to. */
const SCALES: Readonly<Record<ScaleDistribution['distribution'], true>> = {
  halfT: true,
  halfCauchy: true,
  halfNormal: true,
  exponential: true,
  uniform: true,
  inverseGamma: true,
};

export function isScaleDistribution(prior: Prior): prior is PriorOf<ScaleDistribution['distribution']> {
  return Object.hasOwn(SCALES, prior.distribution);
}

/** The priors an sd may have: those of one scale, a constant, and the default resolved on the data. */
export function isScalePrior(prior: Prior): boolean {
  return prior.distribution === 'default' || prior.distribution === 'flat' || isScaleDistribution(prior);
}

/**
 * The priors a covariance matrix may have: Huang & Wand's, inverse Wishart, sds and correlations apart, and the
 * default.
 */
export function isCovariancePrior(prior: Prior): boolean {
  switch (prior.distribution) {
    case 'default':
    case 'halfTCov':
    case 'inverseWishart':
    case 'separation':
      return true;
    default:
      return false;
  }
}

/** The prior that the plan resolves on the data and `describe` shows: what every prior not given becomes. */
export function defaultPrior(): PriorOf<'default'> {
  return Object.freeze({ kind: 'prior', distribution: 'default' });
}

/** Coefficients: independent normal(mean, sd), `sd` a standard deviation > 0. Throws `invalid-prior`. */
export function normal(mean: number, sd: number): PriorOf<'normal'> {
  const place = 'normal(mean, sd)';
  return Object.freeze({
    kind: 'prior',
    distribution: 'normal',
    mean: finite(place, 'mean', mean),
    sd: positive(place, 'sd', sd),
  });
}

/** Coefficients: constant on the real line; one standard deviation: constant on (0, infinity). Improper. */
export function flat(): PriorOf<'flat'> {
  return Object.freeze({ kind: 'prior', distribution: 'flat' });
}

/**
 * One standard deviation: half-t with df > 0 and scale > 0, p(s) proportional to (1 + (s/scale)^2/df)^(-(df + 1)/2).
 * Throws `invalid-prior`.
 */
export function halfT(df: number, scale: number): PriorOf<'halfT'> {
  const place = 'halfT(df, scale)';
  return Object.freeze({
    kind: 'prior',
    distribution: 'halfT',
    df: positive(place, 'df', df),
    scale: positive(place, 'scale', scale),
  });
}

/**
 * One standard deviation: half-Cauchy with scale > 0, p(s) proportional to 1 / (1 + (s/scale)^2). Throws
 * `invalid-prior`.
 */
export function halfCauchy(scale: number): PriorOf<'halfCauchy'> {
  return Object.freeze({
    kind: 'prior',
    distribution: 'halfCauchy',
    scale: positive('halfCauchy(scale)', 'scale', scale),
  });
}

/** One standard deviation: half-normal, the positive half of normal(0, scale), scale > 0. Throws `invalid-prior`. */
export function halfNormal(scale: number): PriorOf<'halfNormal'> {
  return Object.freeze({
    kind: 'prior',
    distribution: 'halfNormal',
    scale: positive('halfNormal(scale)', 'scale', scale),
  });
}

/**
 * Degrees of freedom nu of a Student-t response: gamma, p(nu) proportional to nu^(shape - 1) exp(-rate nu) on nu > 1,
 * shape > 0, rate > 0. Every prior of nu is cut off at 1, below which the response has no mean. Throws `invalid-prior`.
 */
export function gamma(shape: number, rate: number): PriorOf<'gamma'> {
  const place = 'gamma(shape, rate)';
  return Object.freeze({
    kind: 'prior',
    distribution: 'gamma',
    shape: positive(place, 'shape', shape),
    rate: positive(place, 'rate', rate),
  });
}

/** One standard deviation, or degrees of freedom: exponential with rate > 0 (mean 1 / rate). Throws `invalid-prior`. */
export function exponential(rate: number): PriorOf<'exponential'> {
  return Object.freeze({
    kind: 'prior',
    distribution: 'exponential',
    rate: positive('exponential(rate)', 'rate', rate),
  });
}

/**
 * One standard deviation, degrees of freedom, or a correlation of residuals: uniform on (low, high), low < high. What
 * low may be depends on what it is the prior of (>= 0 for an sd, >= -1 for phi of `ar1`), and a model is checked for
 * it. Throws `invalid-prior`.
 */
export function uniform(low: number, high: number): PriorOf<'uniform'> {
  const place = 'uniform(low, high)';
  finite(place, 'low', low);
  if (finite(place, 'high', high) <= low) throw invalid(place, 'high', `a number above low = ${low}`, high);
  return Object.freeze({ kind: 'prior', distribution: 'uniform', low, high });
}

/**
 * One standard deviation, stated on its square v: inverse gamma, p(v) proportional to v^(-shape - 1) exp(-scale / v),
 * shape > 0, scale > 0. Its improper limits are accepted with scale = 0: shape -1 (v flat), -0.5 (the sd flat) and 0
 * (p(sd) proportional to 1 / sd). Throws `invalid-prior`.
 */
export function inverseGamma(shape: number, scale: number): PriorOf<'inverseGamma'> {
  const place = 'inverseGamma(shape, scale)';
  const limit = scale === 0 && (shape === -1 || shape === -0.5 || shape === 0);
  if (!limit) {
    positive(place, 'shape', shape);
    positive(place, 'scale', scale);
  }
  return Object.freeze({ kind: 'prior', distribution: 'inverseGamma', shape, scale });
}

/**
 * A covariance matrix (q x q): inverse Wishart, p(Sigma) proportional to |Sigma|^(-(df + q + 1)/2) exp(-tr(scale
 * Sigma^-1)/2), df > 0. `scale`: a positive number s for s I, or a symmetric positive definite matrix as a list of
 * rows. Throws `invalid-prior`.
 */
export function inverseWishart(df: number, scale: number | readonly (readonly number[])[]): PriorOf<'inverseWishart'> {
  const place = 'inverseWishart(df, scale)';
  return deepFreeze({
    kind: 'prior',
    distribution: 'inverseWishart',
    df: positive(place, 'df', df),
    scale: Array.isArray(scale) ? positiveDefinite(place, scale) : positive(place, 'scale', scale),
  });
}

/**
 * A covariance matrix: Huang & Wand (2013), each sd half-t(df, scale), df > 0, and df = 2 makes each correlation
 * uniform on (-1, 1). `scale`: one positive number, or one for each varying column. Throws `invalid-prior`.
 */
export function halfTCov(df: number, scale: number | readonly number[]): PriorOf<'halfTCov'> {
  const place = 'halfTCov(df, scale)';
  return deepFreeze({
    kind: 'prior',
    distribution: 'halfTCov',
    df: positive(place, 'df', df),
    scale: Array.isArray(scale)
      ? nonEmpty(place, scale).map((value) => positive(place, 'each scale', value))
      : positive(place, 'scale', scale),
  });
}

/**
 * A correlation matrix R: Lewandowski, Kurowicka & Joe (2009), p(R) proportional to |R|^(eta - 1), eta > 0. Throws
 * `invalid-prior`.
 */
export function lkj(eta: number): PriorOf<'lkj'> {
  return Object.freeze({ kind: 'prior', distribution: 'lkj', eta: positive('lkj(eta)', 'eta', eta) });
}

/**
 * A covariance matrix diag(tau) R diag(tau), sds and correlations apart (Barnard, McCulloch & Meng 2000). `tau`: the
 * prior of every sd, or one for each column label (`{ Intercept: halfT(3, 1), floor: halfNormal(1) }`); `corr`:
 * `lkj(eta)`. Throws `invalid-prior`.
 */
export function separation(parts: {
  readonly tau: Prior | Readonly<Record<string, Prior>>;
  readonly corr: Prior;
}): PriorOf<'separation'> {
  const { tau, corr } = parts ?? {};
  const place = 'separation({ tau, corr })';
  if (corr?.distribution !== 'lkj' && corr?.distribution !== 'default') {
    throw invalid(place, 'corr', 'lkj(eta) or defaultPrior()', corr?.distribution ?? corr);
  }
  const each = isPrior(tau) ? [tau] : nonEmpty(place, Object.values(tau ?? {}));
  for (const prior of each) {
    if (!isPrior(prior) || !isScalePrior(prior)) {
      throw invalid(
        place,
        'tau',
        `the prior of one sd: ${scalePriorNames}`,
        isPrior(prior) ? prior.distribution : prior,
      );
    }
    notBelowZero(`${place}, tau`, 'a standard deviation', prior);
  }
  return deepFreeze({
    kind: 'prior',
    distribution: 'separation',
    tau: isPrior(tau) ? tau : Object.fromEntries(Object.entries(tau)),
    corr,
  });
}

/** What may stand where the prior of one standard deviation is asked for, for error messages. */
export const scalePriorNames =
  'halfT, halfCauchy, halfNormal, exponential, uniform, inverseGamma (on the variance) or flat';

/**
 * Whether a value is a prior node and not a record of priors: a label of a column may be called `kind`, but its value
 * is no text.
 */
export function isPrior(value: unknown): value is Prior {
  return typeof value === 'object' && value !== null && (value as { kind?: unknown }).kind === 'prior';
}
