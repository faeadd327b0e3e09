import { exp, log } from '../../elementary.ts';
import { productRule } from '../../special/productRule.ts';
import type { CellTable } from '../cells/cellTable.ts';
import { blockRule } from './blockRule.ts';
import { matchMoments } from './skewedNormal.ts';
import type { WhitenedFactor, WhitenedMap } from './whitenedMap.ts';

/** Evaluations of cells beyond which the transforms stay as they are. */
const BUDGET = 3e6;
const ROUNDS = 3;

/**
 * The transforms of the border's whitened coordinates, as `blockTransforms`: along each axis of xi, the others at 0 and
 * the blocks integrated out by their product rule, the density is summed over Gauss-Hermite nodes, and the transform
 * gets the mean, sd and skewness found. It matters where beta is skewed: rare events, few or one-sided groups. Refits
 * `factor.borderSkew` (r x 3) in place. Set-up only.
 */
export function borderTransforms(table: CellTable, map: WhitenedMap): (factor: WhitenedFactor) => void {
  const { J, q, n, layout } = table;
  const { r } = layout.pattern;
  const tail = layout.size - r;
  const { count, values, evaluate } = blockRule(table, map);
  const { points, weights } = productRule(1);
  const nodes = weights.length;
  const place = map.allocatePlace();
  const xi = new Float64Array(layout.size);
  const shares = new Float64Array(nodes);

  /** Log density of the border at xi, the blocks integrated out. */
  const density = (factor: WhitenedFactor): number => {
    map.placeBorder(factor, place, xi);
    let sum = place.border;
    if (q === 0) {
      map.placeBlocks(factor, place, xi);
      return sum + place.total;
    }
    evaluate(factor, place);
    for (let j = 0; j < J; j += 1) {
      let top = -Infinity;
      for (let k = 0; k < count; k += 1) top = Math.max(top, values[k * J + j]!);
      let total = 0;
      for (let k = 0; k < count; k += 1) total += exp(values[k * J + j]! - top);
      sum += top + log(total);
    }
    return sum;
  };

  return (factor) => {
    if ((q > 0 && count === 0) || ROUNDS * r * nodes * Math.max(1, count) * n > BUDGET) return;
    for (let round = 0; round < ROUNDS; round += 1) {
      for (let axis = 0; axis < r; axis += 1) {
        let top = -Infinity;
        for (let k = 0; k < nodes; k += 1) {
          xi[tail + axis] = points[k]!;
          const value = density(factor) + weights[k]!;
          shares[k] = value;
          if (value > top) top = value;
        }
        xi[tail + axis] = 0;
        let total = 0;
        for (let k = 0; k < nodes; k += 1) {
          shares[k] = exp(shares[k]! - top);
          total += shares[k]!;
        }
        if (total > 0) matchMoments((k) => points[k]!, shares, total, factor.borderSkew, 3 * axis);
      }
    }
  };
}
