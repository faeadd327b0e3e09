import { ROW_PART } from '../../families/cumulativeFamily.ts';
import type { Family } from '../../families/family.ts';
import { IntervalPlace as At, INTERVAL_LENGTH, type OrderedLink } from '../../families/orderedLink.ts';
import { normalRules } from '../../special/normalRules.ts';
import type { CellTable } from './cellTable.ts';
import type { PseudoObservations } from './pseudoObservations.ts';

const { nodes: NODES, weights: WEIGHTS } = normalRules[8];
/** In one round a gap between thresholds shrinks to no less than this share of what it was. */
const SHRINK = 0.4;
/** Least precision of a part, in copies of its cell. */
const LEAST = 1e-10;
/**
 * The space of a level that nobody gave has the likelihood 1 for gaps above 0. Its Gaussian one is that of gap^SPACE,
 * which keeps the gap away from 0 and leaves its width to the other levels.
 */
const SPACE = 0.7;

/** Fills the pseudo-observations of the parts of ordered answers (`thresholdRows`). */
export interface IntervalAverages {
  /**
   * Of the answer whose rows begin at row i, under means and variances of their linear predictors; `share` is that of
   * the new ones. Returns the constant.
   */
  fill(i: number, mean: Float64Array, variance: Float64Array, pseudo: PseudoObservations, share: number): number;
  /** Of the space of a level that no row has. */
  fillSpace(i: number, mean: Float64Array, pseudo: PseudoObservations): void;
}

/**
 * l and its derivatives averaged over the linear predictor of an answer between two thresholds, these being held at
 * their means: the Hessian as three squares (`OrderedLink`) gives the three rows a precision each. A gap that the last
 * approximation has at 0 or below is taken to have shrunk.
 */
export function intervalAverages(link: OrderedLink, table: CellTable): IntervalAverages {
  const { n, y, base, row, copies } = table;
  const gaps = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    if (y[i] === ROW_PART.above) gaps[i] = base[row[i]!]! - base[row[i + 1]!]!;
    if (y[i] === ROW_PART.space) gaps[i] = base[row[i]!]!;
  }
  const out = new Float64Array(INTERVAL_LENGTH);
  const sums = new Float64Array(INTERVAL_LENGTH);
  /** One row's pseudo-observation about `point`; returns its part of the constant but l. */
  const put = (
    i: number,
    point: number,
    score: number,
    weight: number,
    variance: number,
    pseudo: PseudoObservations,
    share: number,
  ): number => {
    const { precision, side } = pseudo;
    const w = Math.max(weight, LEAST * copies[i]!);
    const distance = point - base[row[i]!]!;
    precision[i] = precision[i]! + share * (w - precision[i]!);
    side[i] = side[i]! + share * (w * distance + score - side[i]!);
    return 0.5 * w * variance - (score + 0.5 * w * distance) * distance;
  };
  return {
    fill(i, mean, variance, pseudo, share) {
      const centre = 0.5 * (mean[i]! + mean[i + 1]!);
      const sd = Math.sqrt(0.5 * (variance[i]! + variance[i + 1]!));
      const gap = Math.max(mean[i]! - mean[i + 1]!, SHRINK * gaps[i]!);
      gaps[i] = gap;
      sums.fill(0);
      for (let k = 0; k < NODES.length; k += 1) {
        for (let sign = -1; sign <= 1; sign += 2) {
          const middle = centre + sign * NODES[k]! * sd;
          link.interval(middle + 0.5 * gap, middle - 0.5 * gap, out);
          for (let m = 0; m < INTERVAL_LENGTH; m += 1) sums[m] = sums[m]! + WEIGHTS[k]! * out[m]!;
        }
      }
      const m = copies[i]!;
      pseudo.third[i] = m * sums[At.thirdB]!;
      pseudo.third[i + 1] = m * sums[At.thirdA]!;
      pseudo.third[i + 2] = 0;
      return (
        m * sums[At.l]! +
        put(i, centre + 0.5 * gap, m * sums[At.scoreB]!, m * sums[At.weightB]!, variance[i]!, pseudo, share) +
        put(i + 1, centre - 0.5 * gap, m * sums[At.scoreA]!, m * sums[At.weightA]!, variance[i + 1]!, pseudo, share) +
        put(i + 2, gap, m * sums[At.scoreGap]!, m * sums[At.weightGap]!, variance[i + 2]!, pseudo, share)
      );
    },
    fillSpace(i, mean, pseudo) {
      const gap = Math.max(mean[i]!, SHRINK * gaps[i]!);
      gaps[i] = gap;
      put(i, gap, SPACE / gap, SPACE / (gap * gap), 0, pseudo, 1);
    },
  };
}

/** Pseudo-observations to start from: slope and curvature at the starting thresholds and coefficients 0. */
export function startingIntervals(family: Family, table: CellTable): PseudoObservations {
  const { n, y, size, base, row, copies } = table;
  const pseudo: PseudoObservations = {
    precision: new Float64Array(n),
    side: new Float64Array(n),
    third: new Float64Array(n),
    constant: 0,
  };
  const averages = intervalAverages(family.ordered!, table);
  const mean = Float64Array.from(row, (d) => base[d]!);
  const none = new Float64Array(n);
  const one = new Float64Array(4);
  for (let i = 0; i < n; i += 1) {
    if (y[i] === ROW_PART.above) {
      averages.fill(i, mean, none, pseudo, 1);
      i += 2;
    } else if (y[i] === ROW_PART.space) averages.fillSpace(i, mean, pseudo);
    else {
      family.derivatives(y[i]!, size[i]!, mean[i]!, 1, one);
      pseudo.precision[i] = copies[i]! * one[2]!;
      pseudo.side[i] = copies[i]! * one[1]!;
    }
  }
  return pseudo;
}
