/**
 * A residual structure as a fixed set of cross-products with coefficients of few parameters. The precision of all
 * residuals, each divided by its own sd, is
 *   R^-1 = sum_b g_b(x) B_b,   B_b = sum over the pairs of base b of (row one)(row two)' + its transpose,
 * once where both are the same, so that the rows are read once and an evaluation passes over none of them. A pair joins
 * rows or sums of rows (`items`).
 */
export interface Correlation {
  /** Number of unconstrained coordinates x. */
  readonly size: number;
  /** The pairs: their items and their base. */
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly base: Int32Array;
  /** Rows of each sum: item n + s is the sum of the rows of `sums[s]`, which have one sd. */
  readonly sums: readonly Int32Array[];
  /** g_b of the last point, length B. */
  readonly values: Float64Array;
  /**
   * log|R| of the last point, R the correlation (for `unstructured` the covariance over that of the first occasion).
   */
  logDet: number;
  /**
   * At the last point the least share of a residual's variance that others of its group leave, over the least that is
   * accepted: 1 where `at` begins to refuse for want of digits.
   */
  room: number;
  /** Where a search begins. */
  readonly starts: readonly Float64Array[];
  /** Evaluates `values` and `logDet`; false where R is not numerically positive definite. */
  at(x: ArrayLike<number>): boolean;
  /**
   * Adds to `out` the derivative by x of f(values) + logDet at the last point, given that of f by each value.
   */
  gradient(byValue: Float64Array, out: Float64Array): void;
  /** What the coordinates mean, at the last point. */
  readonly parameters: () => readonly ResidualParameter[];
  /** The correlation of two residuals of one group at positions a and b (of `unstructured` their covariance). */
  between(a: number, b: number): number;
  /** The variance of a residual at position a; 1 but for `unstructured`. */
  variance(a: number): number;
  /**
   * The coordinates of correlations by their places among `parameters`, and of sds of occasions over that of the first
   * (1 but for `unstructured`); NaN where there are none.
   */
  coordinates(correlation: (k: number) => number, sd: (t: number) => number): Float64Array;
  /** The one correlation of a structure that has one, `phi` or `rho`; absent elsewhere. */
  readonly single?: SingleCorrelation;
  /** Of `unstructured`: which occasions groups have rows at. */
  readonly patterns?: readonly OccasionPattern[];
  /** The sd of each occasion over that of the first, at the last point; absent where they are equal. */
  readonly sds?: () => Float64Array;
}

/** The occasions that groups of one pattern have rows at, in their order, how many groups, and its first base. */
export interface OccasionPattern {
  readonly occasions: Int32Array;
  readonly count: number;
  /** Bases of a pattern are its pairs (a, b), b <= a, by rows. */
  readonly from: number;
}

/**
 * The least share of a residual's variance, given the others of its group, that leaves a criterion digits: errors are
 * of the rounding over it.
 */
export const LEAST_LEFT = 5e-8;

/**
 * Writes the covariance of the residuals of one group at these positions, each divided by its own sd, to the lower
 * triangle of R (k x k, row-major), as of the last point.
 */
export function writeCovariance(
  positions: ArrayLike<number>,
  { between, variance }: Pick<Correlation, 'between' | 'variance'>,
  R: Float64Array,
): void {
  const k = positions.length;
  for (let a = 0; a < k; a++) {
    for (let b = 0; b < a; b++) R[a * k + b] = between(positions[a]!, positions[b]!);
    R[a * k + a] = variance(positions[a]!);
  }
}

/** One correlation and its coordinate on the whole line. */
export interface SingleCorrelation {
  /** At the last point. */
  value(): number;
  /** log of its derivative by the coordinate, at the last point. */
  logSlope(): number;
  /** The coordinate of a correlation. */
  coordinate(correlation: number): number;
}

/** A parameter of a structure, by its name as printed: `phi`, `rho`, `rho[2]`, `rho[8,10]`. */
export interface ResidualParameter {
  readonly name: string;
  readonly estimate: number;
}

/** Collects pairs. */
export interface Pairs {
  add(first: number, second: number, base: number): void;
  arrays(): Pick<Correlation, 'first' | 'second' | 'base'>;
}

export function pairs(): Pairs {
  const first: number[] = [];
  const second: number[] = [];
  const base: number[] = [];
  return {
    add(one, two, own) {
      first.push(one);
      second.push(two);
      base.push(own);
    },
    arrays: () => ({ first: Int32Array.from(first), second: Int32Array.from(second), base: Int32Array.from(base) }),
  };
}
