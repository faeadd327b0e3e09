import type { ProfiledDeviance } from '../gaussian/profiledDeviance.ts';

/**
 * A deviance to be minimised. `factors` may have more coordinates than covariances (`size`), the others last in
 * `search` coordinates, and one more array after the relative factors to hold them.
 */
export interface ThetaCriterion extends Pick<ProfiledDeviance, 'factors' | 'at' | 'search' | 'derivative'> {
  /** A covariance for each block to search from, as lower factors in search coordinates; null for none. */
  readonly moments: readonly Float64Array[] | null;
  /** `vanishingDirections`: for each block, directions to search along; none where absent. */
  readonly vanishing?: readonly (readonly Float64Array[])[];
  /** A relative sd that counts as neither small nor large, in search coordinates: that of one row's residual. */
  readonly unit: number;
  /** Whether the columns fit every row, so that a sd can be as many times sigma as it likes. */
  readonly unbounded: boolean;
  /** Whether errors grow with sds in units of sigma, and not with their squares. */
  readonly keepsDigits: boolean;
  /**
   * Whether the covariances are all that is searched; where not, a point says little until the other coordinates have
   * followed them.
   */
  readonly covariancesAlone: boolean;
  /**
   * An approximate Hessian by the covariances' search coordinates at the point of the last `search`, where evaluations
   * are so dear that differences are not taken; else null.
   */
  readonly curvature: ((x: ArrayLike<number>) => Float64Array) | null;
  /** Where to begin in search coordinates; null for a grid. */
  readonly start: Float64Array | null;
  /** How many evaluations are little to spend on further starts: about a fiftieth of a second. */
  readonly affordable: number;
}
