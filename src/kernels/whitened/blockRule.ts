import { log } from '../../elementary.ts';
import { type ProductRule, productRule } from '../../special/productRule.ts';
import type { CellTable } from '../cells/cellTable.ts';
import type { WhitenedFactor, WhitenedMap, WhitenedPlace } from './whitenedMap.ts';

/** The densities of all blocks at the points of a product rule in their whitened coordinates. */
export interface BlockRule extends ProductRule {
  /** Number of points; 0 where q is 0 or exceeds 3. */
  readonly count: number;
  /**
   * count x J: log of weight times density over normal density, after `evaluate`: exp of it sums to the integral of the
   * block's density.
   */
  readonly values: Float64Array;
  /** Evaluates every block at every point, given the border of `place`. Allocates nothing. */
  evaluate(factor: WhitenedFactor, place: WhitenedPlace): void;
}

/** The rule of a table's blocks (`productRule`), with workspaces of its own; for set-up. */
export function blockRule({ J, q }: CellTable, map: WhitenedMap): BlockRule {
  const rule = productRule(q);
  const count = rule.weights.length;
  const values = new Float64Array(count * J);
  const xi = new Float64Array(J * q);
  const x = new Float64Array(J * q);
  const factors = new Float64Array(J);
  return {
    ...rule,
    count,
    values,
    evaluate(factor, place) {
      for (let k = 0; k < count; k += 1) {
        for (let j = 0; j < J; j += 1) for (let a = 0; a < q; a += 1) xi[j * q + a] = rule.points[k * q + a]!;
        const row = values.subarray(k * J, (k + 1) * J);
        map.blocks(factor, place, xi, x, row, factors);
        for (let j = 0; j < J; j += 1) row[j] = row[j]! + log(factors[j]!) + rule.weights[k]!;
      }
    },
  };
}
