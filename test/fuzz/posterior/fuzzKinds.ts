/** What the models of one kind have in common. */
export interface FuzzKind {
  readonly name: string;
  /** What of it is hard. */
  readonly about: string;
  readonly family: 'gaussian' | 'student' | 'binomial' | 'probit' | 'poisson' | 'negativeBinomial';
  /** How the rows are spread: sigma^2, sigma^2 / weight, or known standard errors. */
  readonly rows: readonly ('plain' | 'weights' | 'se')[];
  /** Varying columns of g, of which one is picked. */
  readonly q: readonly number[];
  /** The share of models whose varying columns are uncorrelated (`||`). */
  readonly diagonal: number;
  /** Other factors beside g. */
  readonly others: readonly ('none' | 'crossed' | 'nested' | 'copy' | 'two copies' | 'sign')[];
  /** How far predictors are from zero, in their sds. */
  readonly shifts: readonly number[];
  readonly priors: readonly PriorShape[];
  readonly J: readonly [number, number];
}

/** The shapes that the prior of an sd is picked from. */
export type PriorShape =
  | 'default'
  | 'halfT'
  | 'halfCauchy'
  | 'halfNormal'
  | 'exponential'
  | 'uniform'
  | 'inverseGamma'
  | 'conflict';

const EVERY: readonly PriorShape[] = [
  'default',
  'halfT',
  'halfCauchy',
  'halfNormal',
  'exponential',
  'uniform',
  'inverseGamma',
  'conflict',
];
const NEAR = [0, 0, 0, 5, -20];

const gaussian: FuzzKind = {
  name: 'gaussian',
  about: 'one or two factors, slopes, weights, every prior',
  family: 'gaussian',
  rows: ['plain', 'plain', 'weights'],
  q: [1, 1, 2, 2, 3],
  diagonal: 0.3,
  others: ['none', 'none', 'crossed', 'nested'],
  shifts: NEAR,
  priors: EVERY,
  J: [2, 12],
};

/** Rows of which a linear predictor is known through a link alone: few groups of each, whose oracle is dear. */
const latent: FuzzKind = {
  ...gaussian,
  rows: ['plain'],
  q: [1, 1, 2],
  others: ['none', 'crossed'],
  J: [3, 9],
};

/** The kinds in the order they are taken in turn. */
export const fuzzKinds: readonly FuzzKind[] = [
  gaussian,
  {
    ...gaussian,
    name: 'oneway',
    about: 'the smallest model: one sd and sigma',
    q: [1],
    others: ['none'],
    rows: ['plain'],
  },
  {
    ...gaussian,
    name: 'far',
    about: 'predictors 5 to 1000 sds from zero',
    q: [2, 2, 3],
    others: ['none', 'crossed'],
    shifts: [5, 50, -20, 1000],
  },
  {
    ...gaussian,
    name: 'copies',
    about: 'copies of a factor, or x = -1 and 1: several modes',
    q: [1],
    others: ['copy', 'two copies', 'sign'],
    priors: ['halfCauchy', 'halfT', 'inverseGamma', 'inverseGamma', 'exponential', 'conflict'],
  },
  { ...gaussian, name: 'bounds', about: 'uniform priors that end inside the likelihood', priors: ['uniform'] },
  {
    ...gaussian,
    name: 'conflict',
    about: 'priors far from what the data say',
    priors: ['conflict', 'conflict', 'inverseGamma', 'halfT'],
  },
  { ...gaussian, name: 'se', about: 'known standard errors', rows: ['se'] },
  {
    ...gaussian,
    name: 'student',
    about: 'Student-t rows, nu known or not',
    family: 'student',
    rows: ['plain'],
    q: [1, 1, 2],
    others: ['none'],
    J: [3, 9],
  },
  {
    ...latent,
    name: 'logit',
    about: 'counts and single responses',
    family: 'binomial',
  },
  {
    ...latent,
    name: 'probit',
    about: 'single responses',
    family: 'probit',
  },
  {
    ...gaussian,
    name: 'default',
    about: 'nothing given, predictors up to 1000 sds from zero',
    shifts: [0, 5, 50, -20, 1000],
    priors: ['default'],
  },
  {
    ...latent,
    name: 'poisson',
    about: 'counts, many zeros and large ones',
    family: 'poisson',
  },
  {
    ...latent,
    name: 'counts',
    about: 'negative binomial counts of a known shape',
    family: 'negativeBinomial',
  },
];
