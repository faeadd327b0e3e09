/**
 * Gaussian pseudo-observations of the cells in the order of the table: each log-likelihood as
 * l_i(eta) ~ constant_i + side_i (eta - o_i) - precision_i (eta - o_i)^2 / 2, o the offset, and the third derivative it
 * leaves out.
 */
export interface PseudoObservations {
  readonly precision: Float64Array;
  readonly side: Float64Array;
  /** Average of l''' over the approximation. */
  readonly third: Float64Array;
  /** The sum of the constants. */
  constant: number;
}
