/**
 * The log-likelihood of the cells, up to a constant, as the sum of a part by block and a part that is linear in the
 * border's coefficients.
 */
export interface BlockLogLik {
  /** Length of an array of predictors: those of the border rows first, then what `prepare` makes of them. */
  readonly length: number;
  /** To be called when the border rows' predictors are set; allocates nothing. */
  prepare(predictor: Float64Array): void;
  /**
   * Adds to values[j] + log(factors[j]) the part of every block j = from .. to - 1 at its coefficients u[j q .. j q + q
   * - 1] (working coordinates) and the border rows' `predictor`; what is a product stays one, and costs no logarithm. A
   *   factor between 1e-100 and 1e100 stays above 1e-201. One pass over their cells; allocates nothing.
   * `own` is the family's own parameter.
   */
  add(
    predictor: Float64Array,
    u: Float64Array,
    factors: Float64Array,
    values: Float64Array,
    from: number,
    to: number,
    own?: number,
  ): void;
  /** What the log-likelihood of all cells has that depends on the family's own parameter alone; absent for nothing. */
  readonly constant?: (own: number) => number;
  /** Length r: what the linear part is taken with, in the order of the border. */
  readonly border: Float64Array;
}
