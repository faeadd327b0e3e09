import type { Design } from '../../design/design.ts';
import { probitLink } from '../../families/probitLink.ts';
import type { FamilyRows } from '../../products/familyRows.ts';

/** Steps of the search among directions, in coefficients of columns of length 1 a row beside a sd of 1. */
const FIRST = 0.5;
const LAST = 1e-4;

/**
 * -2 log of the likelihood in the limit in which the sd of one varying coefficient and beta grow together, beta = d sd,
 * at the best d that is found: the rows of level j are then certain, and all right, where xi_j lies in the interval
 * I_j(d) of x_i'd + z_i xi > 0 (< 0 for a row that is certain as eta falls), xi_j ~ N(0, 1):
 *   -2 sum_j log P(xi_j in I_j(d)),
 * convex in d; searched from `start` along the columns of X (n x p). Infinity where `start` leaves a level no such
 * interval, or where a row is certain at neither end.
 */
export function farLikelihood(
  { n, groupTerms }: Design,
  rows: FamilyRows,
  X: Float64Array,
  start: Float64Array,
): number {
  const { J, Z, index } = groupTerms[0]!;
  const p = start.length;
  const certain = Int8Array.from({ length: n }, (_, i) => rows.family.certainAt(rows.y[i]!, rows.size[i]!));
  if (certain.includes(0)) return Number.POSITIVE_INFINITY;
  const below = new Float64Array(J);
  const above = new Float64Array(J);
  const at = (d: Float64Array): number => {
    below.fill(Number.NEGATIVE_INFINITY);
    above.fill(Number.POSITIVE_INFINITY);
    for (let i = 0; i < n; i++) {
      let fixed = 0;
      for (let k = 0; k < p; k++) fixed += X[i * p + k]! * d[k]!;
      const z = Z[i]!;
      const j = index[i]!;
      if (z === 0) {
        if (!(certain[i]! * fixed > 0)) return Number.POSITIVE_INFINITY;
      } else if (certain[i]! * z > 0) below[j] = Math.max(below[j]!, -fixed / z);
      else above[j] = Math.min(above[j]!, -fixed / z);
    }
    let sum = 0;
    for (let j = 0; j < J; j++) sum -= 2 * probitLink.logInterval(above[j]!, below[j]!);
    return sum;
  };
  const d = Float64Array.from(start);
  let best = at(d);
  if (best === Number.POSITIVE_INFINITY) return best;
  for (let step = FIRST; step > LAST; step /= 2) {
    for (let better = true; better; ) {
      better = false;
      for (let k = 0; k < p; k++) {
        for (const by of [step, -step]) {
          const before = d[k]!;
          d[k] = before + by;
          const value = at(d);
          if (value < best - 1e-9) {
            best = value;
            better = true;
            break;
          }
          d[k] = before;
        }
      }
    }
  }
  return best;
}
