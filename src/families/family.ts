import type { FamilyName } from '../graph/node.ts';
import type { Rng } from '../random/rng.ts';

/**
 * The distribution of one row given its linear predictor eta. A row has a `size`: the number of trials (binomial, probit), or the precision
 * weight (gaussian: variance sigma^2 / size; studentT: scale sigma / sqrt(size)). `sigma` is the residual sd of a gaussian model and the scale of a
 * studentT one, `nu` the degrees of freedom of a studentT one; the other families do not read them.
 * Functions of single rows and of all rows allocate nothing; all are right for |eta| up to 700.
 */
export interface Family {
  readonly name: FamilyName;
  readonly link: 'identity' | 'logit' | 'probit';
  /** Whether the family has a residual sd, or scale. */
  readonly hasSigma: boolean;
  /** eta of a mean (for counts, of a probability). */
  linkOf(mean: number): number;
  /** The mean of a row of size 1: eta, or the probability of success. */
  mean(eta: number): number;
  /** Var(y) given eta: sigma^2 / size, for studentT times nu / (nu - 2); or size p (1 - p). */
  variance(size: number, eta: number, sigma: number, nu?: number): number;
  /** log p(y | eta) with every constant, the binomial coefficient included. */
  logLik(y: number, size: number, eta: number, sigma: number, nu?: number): number;
  /** The part of logLik that depends on neither eta nor sigma nor nu. */
  logConstant(y: number, size: number): number;
  /**
   * The derivatives of l(eta) = logLik: writes l - logConstant, the score l', the weight -l'' (> 0, save for an outlier of studentT) and l''' to out[0..3].
   */
  derivatives(y: number, size: number, eta: number, sigma: number, out: Float64Array, nu?: number): void;
  /** A draw of y given eta. */
  simulate(size: number, eta: number, sigma: number, rng: Rng, nu?: number): number;
}
