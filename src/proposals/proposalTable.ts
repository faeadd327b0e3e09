/**
 * A mixture of multivariate t distributions folded at zero in its first `folded` coordinates: a proposal x is drawn as
 * |t| there, so that a posterior piled up at the boundary x = 0 loses no proposals.
 * Its density is the sum over the 2^folded sign patterns.
 */
export interface Mixture {
  readonly d: number;
  readonly folded: number;
  readonly components: number;
  /** Component probabilities, length K. */
  readonly weights: Float64Array;
  /** K x d. */
  readonly means: Float64Array;
  /** Lower Cholesky factors of the scale matrices, K x d x d. */
  readonly factors: Float64Array;
  /** Heavier-tailed components may stand beside the others: degrees of freedom, length K. */
  readonly df: Float64Array;
}

/** Where a component begins: its mean (d), and the lower Cholesky factor (d x d) of its scale matrix. */
export interface MixtureSeed {
  readonly mean: Float64Array;
  readonly factor: Float64Array;
}

/** A fitted proposal as plain data. */
export type ProposalTable =
  /** Of no coordinates. */
  | { readonly kind: 'none' }
  /** One coordinate: ascending knots and the density there, up to a factor. */
  | { readonly kind: 'grid'; readonly knots: Float64Array; readonly density: Float64Array }
  /**
   * Two or three coordinates: the knots of every axis and the density at each of the lattice, the last axis fastest.
   */
  | { readonly kind: 'lattice'; readonly axes: readonly Float64Array[]; readonly density: Float64Array }
  | { readonly kind: 'mixture'; readonly mixture: Mixture }
  /** A mixture, not folded, of the logarithms of the first `positive` coordinates and of the others as they are. */
  | { readonly kind: 'logMixture'; readonly mixture: Mixture; readonly positive: number };
