import { exp } from '../../elementary.ts';
import type { CellTable } from '../cells/cellTable.ts';
import { blockRule } from './blockRule.ts';
import { matchMoments } from './skewedNormal.ts';
import type { WhitenedFactor, WhitenedMap, WhitenedPlace } from './whitenedMap.ts';

/** Evaluations of cells beyond which the transforms stay as they are. */
const BUDGET = 2e7;
const ROUNDS = 3;

/**
 * The transforms of the blocks' whitened coordinates, w_a = T_a(xi_a), by their first three moments: given the border
 * at its mean, the exact density of w = L_j'e_j - mean_j is integrated by the Gauss-Hermite product rule in xi, and
 * T_a(xi) = shift + scale (c xi + s sqrt(1 + xi^2) - m) gets the mean, the sd and the skewness found. The
 * pseudo-observations match the likelihood on average over a Gaussian, so that where a block tells little (few rows,
 * all alike) mean and sd are off by a good part of the sd. Refits `factor.skew` (J x q x 3: c, s, m with shift and
 * scale in them) in place. Set-up only.
 */
export function blockTransforms(table: CellTable, map: WhitenedMap): (factor: WhitenedFactor) => void {
  const { J, q, n, start, layout } = table;
  const { count, points, values, evaluate } = blockRule(table, map);
  const place: WhitenedPlace = map.allocatePlace();
  const xi = new Float64Array(layout.size);
  const shares = new Float64Array(count);
  return (factor) => {
    if (count === 0 || n * count * ROUNDS > BUDGET) return;
    const { skew } = factor;
    map.placeBorder(factor, place, xi);
    for (let round = 0; round < ROUNDS; round += 1) {
      evaluate(factor, place);
      for (let j = 0; j < J; j += 1) {
        if (start[j] === start[j + 1]) continue;
        let top = -Infinity;
        for (let k = 0; k < count; k += 1) top = Math.max(top, values[k * J + j]!);
        let total = 0;
        for (let k = 0; k < count; k += 1) {
          shares[k] = exp(values[k * J + j]! - top);
          total += shares[k]!;
        }
        if (!(total > 0)) continue;
        for (let a = 0; a < q; a += 1) {
          matchMoments((k) => points[k * q + a]!, shares, total, skew, 3 * (j * q + a));
        }
      }
    }
  };
}
