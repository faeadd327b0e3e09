import type { Images } from './imageSum.ts';

/** What one probe by itself would have log|M| be, and half its derivative by Lambda, D Lambda, by factor. */
export interface ProbedDeterminant {
  readonly value: number;
  readonly images: readonly Float64Array[];
}

/** Standardised modes with beta, and Z~'W(y - eta) with X~'W(y - eta). */
export interface ModesAndScore {
  readonly solution: Float64Array;
  readonly score: Float64Array;
}

/**
 * The matrix of penalised least squares, M = [Lambda 0; 0 I]' A [Lambda 0; 0 I] + diag(I, 0), factored at relative
 * factors, and what a deviance asks of the factor. Vectors have the order of the cross-products. There are three:
 * the arrow of one large factor, head and tail where other factors are large too, and where that does not fit none, but
 * conjugate gradients and probes.
 */
export interface RelativeFactorisation {
  /** Whether errors of the determinants grow with sds in units of sigma, and not with their squares. */
  readonly keepsDigits: boolean;
  /** Factors M at working factors Lambda~_f; false when it is not numerically positive definite. */
  factor(lambda: readonly Float64Array[]): boolean;
  /** log |Lambda'Z'WZ Lambda + I| of the last factor. */
  logDetZ(): number;
  /** log |X~'V^-1 X~|, V = W^-1 + Z Lambda Lambda' Z'. */
  logDetX(): number;
  /** From the right side in the coordinates of the factor to (e, beta), in place. */
  solve(b: Float64Array): void;
  /** out := D'v, D the map from (e, beta) to working coefficients, in the coordinates of the factor. */
  project(v: Float64Array, out: Float64Array): void;
  /** out := out - (the penalty's gradient at the modes of `at`), in the coordinates of the factor. */
  penalise(out: Float64Array, at: Float64Array): void;
  /** The lower factor of X~'V^-1 X~, p x p row-major; what is above its diagonal means nothing. */
  coefficientFactor(): Float64Array;
  /** out := A x. */
  multiply(x: Float64Array, out: Float64Array): void;
  /** The diagonal of A. */
  readonly diagonal: Float64Array;
  /**
   * The derivative of log|M| (`reml`) or of log|Lambda'Z'WZ Lambda + I|, plus `weight` r2, by every working relative
   * covariance, and by Lambda in `images`: `covarianceDerivative` says more. Given a solution's modes and score.
   */
  derivative(at: ModesAndScore, reml: boolean, weight: number, images?: Images): Float64Array[];
  /** The diagonal blocks of (Lambda'Z'WZ Lambda + I)^-1, J x q x q by factor. */
  conditionalCovariance(): Float64Array[];
  /** Where log|M| is a mean over probes, what each of them says. */
  readonly probed?: () => readonly ProbedDeterminant[];
}
