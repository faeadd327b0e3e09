import { log } from '../../elementary.ts';
import { createRng } from '../../random/rng.ts';
import { logSumExp } from '../../special/logSumExp.ts';
import type { CellTable } from '../cells/cellTable.ts';
import { blockRule } from './blockRule.ts';
import type { WhitenedFactor, WhitenedMap } from './whitenedMap.ts';

/** Evaluations of cells that one height may cost; below two pairs of points for the border none is taken. */
const BUDGET = 2e6;
const MOST_PAIRS = 16;

/**
 * The log marginal likelihood of the covariances a factor stands at, beyond a given approximation `plain` of it: given
 * the border's xi every block is integrated by a Gauss-Hermite product rule in its own xi, and the border by importance
 * sampling over antithetic normal points of a fixed stream, the same for every factor. 0 where q exceeds 3 or the cells
 * are so many that it would cost more than it gains.
 */
export function marginalHeight(
  table: CellTable,
  map: WhitenedMap,
): { height(factor: WhitenedFactor, plain: number): number } {
  const { J, n, layout } = table;
  const { size, pattern } = layout;
  const tail = size - pattern.r;
  const rule = blockRule(table, map);
  const { count, values } = rule;
  const pairs = Math.min(MOST_PAIRS, Math.floor(BUDGET / (2 * (n + J) * Math.max(1, count))));
  const place = map.allocatePlace();
  const xi = new Float64Array(size);
  const points = new Float64Array(Math.max(0, pairs) * pattern.r);
  const stream = createRng([3]);
  for (let k = 0; k < points.length; k += 1) points[k] = stream.normal();
  const each = new Float64Array(count);
  return {
    height(factor, plain) {
      if (pairs < 2 || count === 0) return 0;
      const logs: number[] = [];
      for (let pair = 0; pair < pairs; pair += 1) {
        for (const sign of [1, -1]) {
          let value = factor.logBase;
          for (let k = 0; k < pattern.r; k += 1) {
            const point = sign * points[pair * pattern.r + k]!;
            xi[tail + k] = point;
            value += 0.5 * point * point;
          }
          map.placeBorder(factor, place, xi);
          value += place.border;
          rule.evaluate(factor, place);
          for (let j = 0; j < J; j += 1) {
            for (let k = 0; k < count; k += 1) each[k] = values[k * J + j]!;
            value += logSumExp(each);
          }
          logs.push(value);
        }
      }
      const height = logSumExp(logs) - log(logs.length) - plain;
      return Number.isFinite(height) ? height : 0;
    },
  };
}
