import type { Rng } from '../random/rng.ts';
import type { Link } from './link.ts';
import type { OrderedLink } from './orderedLink.ts';
import type { ResponseKind } from './responseKind.ts';

/**
 * The families a response may have: normal; Student-t about eta; binomial (or 0/1) with the logit link; 0/1 with the
 * probit link; beta-binomial with the logit link; Poisson and negative binomial counts with the log link; ordered
 * answers, cumulative logit or probit.
 */
export type FamilyName =
  | 'gaussian'
  | 'studentT'
  | 'binomialLogit'
  | 'bernoulliProbit'
  | 'betaBinomial'
  | 'poisson'
  | 'negativeBinomial'
  | 'ordinal'
  | 'ordinalProbit';

/** The families that have a shorter name beside that of the graph, by it: that of the command line. */
export interface SpelledFamilies {
  readonly student: 'studentT';
  readonly binomial: 'binomialLogit';
  readonly probit: 'bernoulliProbit';
  readonly betabinomial: 'betaBinomial';
  readonly negbinomial: 'negativeBinomial';
  readonly 'ordinal-probit': 'ordinalProbit';
}

/** The family of a model that names none. */
export type DefaultFamily = 'gaussian';

/** The families with the logit link, whose coefficients are log odds. */
export type LogitFamily = 'binomialLogit' | 'betaBinomial' | 'ordinal';

/** How a family may be written: by its name in the graph, or by its spelling on the command line. */
export type FamilySpelling = FamilyName | keyof SpelledFamilies;

/** The family that a spelling stands for, as the compiler sees it; any, where the spelling is not known to it. */
export type FamilySpelled<S extends FamilySpelling> = S extends keyof SpelledFamilies
  ? SpelledFamilies[S]
  : Extract<S, FamilyName>;

/**
 * The parameters that families have of their own, beside eta and sigma: degrees of freedom; the shape of counts; the
 * precision of chances.
 */
export type FamilyParameter = 'nu' | 'shape' | 'precision';

/** All of them. */
export const FAMILY_PARAMETERS: readonly FamilyParameter[] = ['nu', 'shape', 'precision'];

/** The parts of a response node that families may have or not. */
export type ResponsePartName =
  | 'sigma'
  | FamilyParameter
  | 'threshold'
  | 'levels'
  | 'se'
  | 'trials'
  | 'exposure'
  | 'weights'
  | 'residual'
  | 'sigmaTerms'
  | 'sigmaBy';

/**
 * The family's own parameter in a coordinate v in which the likelihood is smooth and even, 0 where the parameter is at
 * the end of its range at which the family becomes a simpler one.
 */
export interface ParameterSearch {
  fromCoordinate(v: number): number;
  toCoordinate(own: number): number;
  /** The derivatives by v of l, of l' and of -l'' (by eta) to out[0..2]. */
  derivatives(y: number, size: number, eta: number, v: number, out: Float64Array): void;
  /**
   * Whether the information of beta and the parameter is block-diagonal, so that standard errors of coefficients given
   * the parameter are those beside it.
   */
  readonly orthogonal: boolean;
  /**
   * The derivative of Var(y) given eta by v^2 at v = 0: what the simpler family lacks, and 0 where a row tells nothing.
   */
  varianceSlope(size: number, eta: number): number;
  /**
   * Why the rows say nothing of the parameter where `varianceSlope` is 0 in all of them, as the end of a sentence;
   * absent where it is above 0 in every row.
   */
  readonly unidentified?: string;
  /** What is said where the estimate is at v = 0, behind the name of the parameter and "grows without end". */
  readonly simpler: string;
}

/** The words of a family in sentences, formulas and reports. */
export interface FamilyWords {
  /** How else it may be written, the command line's name first. */
  readonly spellings: readonly Exclude<FamilySpelling, FamilyName>[];
  /** What others call it, which is not accepted but understood. */
  readonly synonyms: readonly string[];
  /** Before `, logit link` in reports. */
  readonly title: string;
  /** Why a row has no known standard error; null where it may have one. */
  readonly noStandardError: string | null;
  /**
   * The distribution of a row in the words of a textbook; `scale` is what stands for its sd, such as `sigma` or `se_i`.
   */
  distribution(
    response: { readonly trials?: string; readonly exposure?: string } & {
      readonly [name in FamilyParameter]?: string | number;
    },
    eta: string,
    scale: string,
  ): string;
}

/**
 * The distribution of one row given its linear predictor eta. A row has a size, which is by its kind the number of
 * trials (successes), the exposure (counts: the mean is size times that of a row of size 1), or the precision weight
 * (numbers: gaussian has variance sigma^2 / size, studentT scale sigma / sqrt(size)); each family calls the argument
 * what it is to it. `sigma` is the residual sd of a gaussian model and the scale of a studentT one; `own` is the
 * family's own parameter (`parameter`), the degrees of freedom of a studentT one. Families without do not read them.
 * Functions of single rows and of all rows allocate nothing; all are right for |eta| up to 700.
 */
export interface Family {
  readonly name: FamilyName;
  readonly kind: ResponseKind;
  readonly link: Link;
  readonly words: FamilyWords;
  /** What its response node may have beside family, column and eta. */
  readonly parts: readonly ResponsePartName[];
  /** What is wrong with the parts that are given, as the end of a sentence; null for nothing. */
  missingPart(has: (part: ResponsePartName) => boolean): string | null;
  /**
   * What sigma is: the residual sd, the scale of residuals that have another sd or none, or null where there is no
   * sigma.
   */
  readonly sigma: 'sd' | 'scale' | null;
  /** The parameter of the family itself, which is sampled beside the covariances or known; null for none. */
  readonly parameter: FamilyParameter | null;
  /**
   * What makes a row normal in eta, so that coefficients and covariances have conjugate forms: nothing more ('normal'),
   * its own precision ('scaleMixture'), a Pólya-Gamma variable, a latent normal for each trial; null for none, which
   * leaves Laplace's approximation and the whitened kernel.
   */
  readonly conjugate: 'normal' | 'scaleMixture' | 'polyaGamma' | 'latentNormal' | null;
  /**
   * How rows of one eta are one row: 'sums' where their y and their sizes add up to a row of the same family, with the
   * same likelihood up to a constant; 'equal' where only rows with equal y and size are, counted by copies; null where
   * rows stay apart, which families without a sigma do not: their likelihood is taken over cells.
   */
  readonly merge: 'sums' | 'equal' | null;
  /**
   * The information that Laplace's approximation of the likelihood is taken with: the observed one, -l'', as glmmTMB
   * has it, which with a canonical link is the expected one; or the expected one, as lme4 has it.
   */
  readonly laplace: 'observed' | 'expected';
  /** What a search of the likelihood over the family's own parameter takes; null for a family without one. */
  readonly search: ParameterSearch | null;
  /**
   * The variance of a row about eta on the latent scale on which a normal or logistic error makes it; null where there
   * is none.
   */
  readonly latentVariance: number | null;
  /**
   * Of ordered answers: what their thresholds and eta make of a level. The functions of single rows below are then of
   * the rows that `thresholdRows` makes of an answer, whose y says which part of it a row is.
   */
  readonly ordered?: OrderedLink;
  /** eta of a mean of a row of size 1. */
  linkOf(mean: number): number;
  /** The mean of a row of size 1: eta, the probability of success, the rate. */
  mean(eta: number): number;
  /** Var(y) given eta: sigma^2 / size, for studentT times nu / (nu - 2); or size p (1 - p). */
  variance(size: number, eta: number, sigma: number, own?: number): number;
  /** log p(y | eta) with every constant, the binomial coefficient included. */
  logLik(y: number, size: number, eta: number, sigma: number, own?: number): number;
  /** The part of logLik that depends on neither eta nor sigma nor own. */
  logConstant(y: number, size: number): number;
  /**
   * The derivatives of l(eta) = logLik: writes l - logConstant, the score l', the weight -l'' (> 0, save for an outlier
   * of studentT and a row of betaBinomial far from its mean) and l''' to out[0..3].
   */
  derivatives(y: number, size: number, eta: number, sigma: number, out: Float64Array, own?: number): void;
  /** The expected information E(-l'') of a row in eta and its derivative by eta, to out[0] and out[1]. */
  information(size: number, eta: number, sigma: number, out: Float64Array, own?: number): void;
  /**
   * Of a family whose l is not concave in eta and whose `information` is a sum over outcomes: an information above 0
   * that steps towards a mode may take in its place, that of the best score that is linear in y, (d mean / d eta)^2 /
   * Var(y) (McCullagh & Nelder 1989, section 9.2). Absent where `information` is as quick.
   */
  stepInformation?(size: number, eta: number, own?: number): number;
  /**
   * Separation: 1 where the likelihood of the row never falls as eta grows, -1 where it never falls as eta goes to
   * -infinity, 0 where it falls both ways, as it does for every row of numbers.
   */
  certainAt(y: number, size: number): -1 | 0 | 1;
  /** A draw of y given eta. */
  simulate(size: number, eta: number, sigma: number, rng: Rng, own?: number): number;
}
