import type { WorkingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import type { CellTable } from '../cells/cellTable.ts';
import type { MarginalProposal } from '../marginal/marginalProposal.ts';
import type { InterpolatedProducts, Knot } from './interpolatedProducts.ts';

import type { OwnAxis } from './ownAxis.ts';
import type { WhitenedFactor, WhitenedMap } from './whitenedMap.ts';

/** What a sweep is made of, by a pilot run. */
export interface SweepSteps {
  /** Pairs of steps A and B. */
  readonly pairs: number;
  /** Steps C after them. */
  readonly slices: number;
}

/**
 * A model of cells with Gaussian pseudo-observations in place of its likelihood, to which the whitened coordinates
 * belong.
 */
export interface WhitenedModel {
  /** Where the thresholds of ordered answers, the first of beta, are counted from; empty in other families. */
  readonly start: Float64Array;
  readonly table: CellTable;
  readonly proposal: MarginalProposal;
  readonly map: WhitenedMap;
  /** The cross-products, for the working coordinates. */
  readonly products: InterpolatedProducts['products'];
  /** What is fitted along the size of the group-level variance. */
  readonly knots: readonly Knot[];
  /** Which sds that size is of. */
  readonly moving: readonly boolean[];
  /** The coordinate of the family's own parameter, the last of phi; null where none is estimated. */
  readonly axis: OwnAxis | null;
  /** The prior of beta that every factor has. */
  readonly prior: WorkingCoefficientPrior;
  /** A factor with workspaces of its own. */
  allocateFactor(): WhitenedFactor;
  readonly steps: SweepSteps;
}
