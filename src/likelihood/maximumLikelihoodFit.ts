import type { Design } from '../design/design.ts';
import type { FamilyName } from '../families/family.ts';
import type { ModelGraph } from '../graph/node.ts';

/**
 * The criterion that was maximised: REML or ML for gaussian responses; Laplace's approximation or adaptive
 * Gauss-Hermite quadrature of the likelihood for binomial and probit ones.
 */
export type LikelihoodMethod = 'REML' | 'ML' | 'laplace' | 'agq';

/** Population-level coefficients with their sampling covariance. */
export interface FixedEffects {
  /** Labels of the columns of X, length p. */
  readonly labels: readonly string[];
  /** Length p. */
  readonly estimates: Float64Array;
  /** Square roots of the diagonal of `vcov`, length p. */
  readonly standardErrors: Float64Array;
  /**
   * p x p, row-major. Gaussian: sigma^2 (X'V^-1 X)^-1 at the estimated covariances. Binomial and probit: from the
   * Hessian of the deviance over (theta, beta); without group terms the inverse of the expected information.
   */
  readonly vcov: Float64Array;
}

/** What a search takes of a fit of nearly the same rows, to begin there. */
export interface NearbyFit {
  readonly theta: ArrayLike<number>;
  readonly fixef: Pick<FixedEffects, 'labels' | 'estimates'>;
}

/** What was estimated of residuals that are not independent with one sigma. */
export interface FittedResiduals {
  /** `ar1(age | Subject)`; null where they are independent, and only their sd depends on terms. */
  readonly structure: string | null;
  /** `phi`, `rho`, `rho[2]`, `rho[8,10]`, then `delta[x]`, log sds a unit of x. */
  readonly parameters: readonly { readonly name: string; readonly estimate: number }[];
  /** `sigma[8]`: the sd of each occasion of `unstructured`; else empty. */
  readonly sds: readonly { readonly name: string; readonly estimate: number }[];
  /** The residual sd at the means of the columns of sigma (and at the first occasion): what theta is relative to. */
  readonly unit: number;
  /** The same in the unbounded coordinates of the search. */
  readonly coordinates: Float64Array;
}

/** What was estimated for one grouping factor. */
export interface GroupEstimates {
  readonly factor: string;
  readonly levels: readonly string[];
  readonly J: number;
  readonly q: number;
  /** Labels of the varying columns, length q. */
  readonly labels: readonly string[];
  /** Covariance of the deviations on the user's scale, q x q, row-major; zero between blocks. */
  readonly Sigma: Float64Array;
  /**
   * Standard deviations, length q; NaN for one that the criterion does not depend on, which `Sigma` and theta have at
   * 0.
   */
  readonly tau: Float64Array;
  /** Pairs (k, l), k < l, of varying columns that share a covariance block. */
  readonly pairs: readonly (readonly [number, number])[];
  /** Correlation of each pair; NaN where one of the two sds is 0. */
  readonly corr: Float64Array;
  /**
   * Conditional modes of the deviations u (BLUPs), J x q, row-major; 0 for a level without rows unless it is tied to
   * others.
   */
  readonly modes: Float64Array;
  /** Covariance of u_j given the data, beta and the covariances, J x q x q, row-major (lme4's `condVar`). */
  readonly conditionalCov: Float64Array;
}

/** A direction in which the criterion is flat: only a combination of these parameters is known. */
export interface Unidentified {
  /**
   * `tau_county[floor]`, `corr_county[Intercept,floor]`, `sigma`; one name where the criterion does not depend on it at
   * all.
   */
  readonly parameters: readonly string[];
  /** The same in a sentence. */
  readonly message: string;
}

/**
 * Monte Carlo standard errors of a fit whose log-determinants are means over probes, which stand for levels: by how
 * much other probes would have it differ.
 */
export interface ProbeErrors {
  readonly kind: 'probes';
  readonly probes: number;
  /** Of the deviance. */
  readonly deviance: number;
  /** Of the sds of each factor, length q. */
  readonly tau: readonly Float64Array[];
  /** Of the residual sd; null where it is known. */
  readonly sigma: number | null;
}

/** How the optimum was checked, on the scale of the deviance. */
export interface Convergence {
  readonly converged: boolean;
  /**
   * One sentence where the optimum was not reached, else empty. A boundary estimate is no failure and not named here.
   */
  readonly message: string;
  /** How many times the deviance was evaluated, with or without its gradient. */
  readonly evaluations: number;
  /** Gradient of the deviance in the optimiser's coordinates. */
  readonly gradient: Float64Array;
  /** Hessian of the deviance in the same coordinates, row-major. */
  readonly hessian: Float64Array;
  /** How much lower a Newton step predicts the deviance to be: g'H^-1 g / 2. */
  readonly expectedDecrease: number;
  /**
   * Smallest eigenvalue of the Hessian divided by the largest; negative at a saddle, 1 without variance parameters.
   * Directions that the data cannot tell anything of are left out.
   */
  readonly curvature: number;
}

/**
 * A multilevel model fitted by maximum likelihood or REML. `deviance` is -2 logLik of the criterion used, as in lme4;
 * criteria of REML fits with different X are not comparable. F is the family of the response, where the compiler knows
 * it.
 */
export interface MaximumLikelihoodFit<F extends FamilyName = FamilyName> {
  readonly kind: 'maximumLikelihood';
  readonly method: LikelihoodMethod;
  /** Quadrature points of each group; 'agq' alone has them. */
  readonly points?: number;
  readonly graph: ModelGraph<string, F>;
  readonly design: Design<F>;
  readonly fixef: FixedEffects;
  /** The thresholds of an ordered answer, labelled `1|2`; absent in every other family. */
  readonly thresholds?: FixedEffects;
  /** One entry per grouping factor in the order of the design; empty for complete pooling. */
  readonly groups: readonly GroupEstimates[];
  /**
   * Residual sd; null where the standard errors of the rows are known, and for binomial and probit responses. Where it
   * depends on terms, the one where their columns are 0; where each occasion has its own, that of the first.
   */
  readonly sigma: number | null;
  /** Present where the residuals are not independent with one sigma. */
  readonly residual?: FittedResiduals;
  /**
   * The family's own parameter (shape, precision), estimated or known, Infinity where the estimate is; null for a
   * family without one, and where the rows say nothing of it.
   */
  readonly own: number | null;
  /**
   * Relative covariance factors: the lower triangles of chol(Sigma) / sigma, by factor, block and column (lme4's order
   * within a factor), diagonals >= 0; where there is no sigma it counts as 1, and `residual.unit` stands for it where
   * that is present.
   */
  readonly theta: Float64Array;
  /** `county[Intercept]` for a diagonal entry, `county[Intercept,floor]` for one below it. */
  readonly thetaLabels: readonly string[];
  readonly logLik: number;
  readonly deviance: number;
  /**
   * Present where factors are crossed and so large that nothing is factored; the conditional covariances of the modes
   * are then means over probes too, good to 10% where levels have five rows, to 1% where they have fifty.
   */
  readonly approximation?: ProbeErrors;
  readonly aic: number;
  /** -2 logLik + log(n) df, n the number of rows for either criterion, as in lme4. */
  readonly bic: number;
  /** Parameters that the data tell apart: p, the entries of theta, and sigma, less the directions of `unidentified`. */
  readonly df: number;
  /** How many minima of the deviance the searches from several starts ended in; the lowest of them is the fit. */
  readonly optima: number;
  /**
   * One sentence for each covariance on the boundary (an sd of 0, a correlation of 1 or -1); empty when all are
   * interior.
   */
  readonly boundary: readonly string[];
  readonly convergence: Convergence;
  /** Whether the data tell every covariance and sigma apart; where not, `unidentified` says which they do not. */
  readonly identified: boolean;
  readonly unidentified: readonly Unidentified[];
  /**
   * One sentence for everything a reader has to know of the estimates: what is not identified, other optima, an
   * approximation that is poor.
   */
  readonly messages: readonly string[];
  /**
   * X beta + Z u + offset, length n; the probability of success there for binomial and probit responses, the mean
   * number of the level, 1 the lowest, for ordered answers.
   */
  readonly fitted: Float64Array;
  /** y - fitted, length n; y the observed proportion of successes for binomial and probit responses. */
  readonly residuals: Float64Array;
}
