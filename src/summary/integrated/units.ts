import type { Design, GroupTerm } from '../../design/design.ts';
import { factorPosition } from '../modelFit.ts';

/** What is left out as a whole: rows that belong together. */
export interface Units {
  /** What they are called, length J. */
  readonly levels: readonly string[];
  /** The unit of each row, length n; -1 for a row that takes no part. */
  readonly index: Int32Array;
}

/** What is asked of a fit: units of rows, and the levels whose deviations are integrated out. */
export interface UnitQuestion {
  /** The rows, their terms and levels those of the fit; other rows than the fit's where it was fitted without some. */
  readonly design: Design;
  readonly units: Units;
  /** By factor, in the order of the design: 1 for the levels whose deviations are integrated out (length J). */
  readonly integrated: readonly Uint8Array[];
}

/**
 * Of a factor, which levels have rows in one unit alone, so that without it nothing is known of them (1), and which
 * have rows elsewhere (0): length J of the factor.
 */
export function levelsWithin(term: Pick<GroupTerm, 'J' | 'index'>, units: Units): Uint8Array {
  const unit = new Int32Array(term.J).fill(-2);
  const within = new Uint8Array(term.J).fill(1);
  term.index.forEach((j, i) => {
    if (unit[j] === -2) unit[j] = units.index[i]!;
    else if (unit[j] !== units.index[i]) within[j] = 0;
  });
  return within;
}

/**
 * The groups of a grouping factor of the model, of the factor within which residuals depend on each other, or of that
 * by which the residual sd varies. Throws
 * `unknown-factor`.
 */
export function unitsOf(design: Design, factor: string): Units {
  const { groups = null, sigmaGroups = null } = design.residual ?? {};
  const own = [groups, sigmaGroups].find((each) => each?.factor === factor);
  const varies = design.groupTerms.some((term) => term.factor === factor);
  const { levels, index } = own && !varies ? own : design.groupTerms[factorPosition(design, factor)]!;
  return { levels, index };
}
