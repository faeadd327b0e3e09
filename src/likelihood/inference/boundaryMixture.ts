import { chiSquareUpper } from '../../special/distributionFunctions.ts';
import type { MaximumLikelihoodFit } from '../maximumLikelihoodFit.ts';

/**
 * The distribution of a likelihood ratio whose smaller model puts one sd at 0: half chi^2 with the first, half with the
 * second degrees of freedom.
 */
export interface BoundaryMixture {
  readonly df: readonly [number, number];
  /** (P(chi^2_first >= chiSquare) + P(chi^2_second >= chiSquare)) / 2; chi^2_0 is 0. */
  readonly pValue: number;
}

/** How the smaller model of a likelihood ratio lies in the larger one. */
export interface NullPosition {
  /**
   * Varying columns of the larger model that the smaller one has not: their sds are 0 there, the end of their range.
   */
  readonly added: number;
  /** Present where one sd is at its boundary and nothing else is. */
  readonly mixture: BoundaryMixture | null;
  /** What is to be said of the naive p-value; null where it is the right one. */
  readonly note: string | null;
}

/** Deviances closer than this are those of one fit, and a likelihood ratio of this size is 0. */
export const SAME_DEVIANCE = 1e-6;

/**
 * The distribution of the likelihood ratio under the smaller model, for many groups. Where only correlations (`|`
 * beside `||`) or population columns are added it is chi^2_df. Where one varying column is added to a covariance of k
 * columns, its sd ends at 0 and its k covariances are free, so that the parameters lie in a half-space, and it is half
 * chi^2_(df - 1), half chi^2_df (Self & Liang 1987, case 6; Stram & Lee 1994, cases 1 to 3; Verbeke & Molenberghs 2000,
 * section 6.3.4); free correlations and population columns that are added besides count in both. Where several are
 * added, or the smaller model is itself on its boundary, the mixture has weights that depend on the design.
 */
export function boundaryMixture(
  small: MaximumLikelihoodFit,
  large: MaximumLikelihoodFit,
  chiSquare: number,
  df: number,
): NullPosition {
  const columns = (fit: MaximumLikelihoodFit): number => fit.groups.reduce((sum, { q }) => sum + q, 0);
  const added = columns(large) - columns(small);
  const covariances = large.theta.length - small.theta.length;
  if (small.boundary.length > 0 && covariances > 0) {
    const note =
      'the smaller model is itself estimated on its boundary (an sd of 0, or a correlation of 1), where the distribution of this ratio is not known; simulations of the smaller model (options simulations and seed) give a p-value';
    return { added, mixture: null, note };
  }
  if (added === 0) return { added, mixture: null, note: null };
  if (added > 1) {
    const note = `the smaller model puts ${added} sds of the larger one at their boundary 0, so that this p-value is larger than the true one; simulations of the smaller model (options simulations and seed) give a p-value`;
    return { added, mixture: null, note };
  }
  const upper = (k: number): number => {
    if (chiSquare <= SAME_DEVIANCE) return 1;
    return k === 0 ? 0 : chiSquareUpper(chiSquare, k);
  };
  const mixture: BoundaryMixture = { df: [df - 1, df], pValue: (upper(df - 1) + upper(df)) / 2 };
  const note = `the smaller model puts an sd of the larger one at its boundary 0, so that this p-value is larger than the true one; half chi-square with ${df - 1}, half with ${df} degrees of freedom gives the p-value of mixture`;
  return { added, mixture, note };
}
