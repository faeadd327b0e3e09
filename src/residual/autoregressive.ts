import type { StructuredGroups } from '../design/design.ts';
import { rowsInOrder } from '../design/rowsInOrder.ts';
import { atanh, exp, log, tanh } from '../elementary.ts';
import { type Correlation, pairs } from './correlation.ts';

/** A correlation this near to 1 leaves 1 - rho^2 no digits. */
const NEAREST = 1e-12;

/**
 * Correlation phi^d of two residuals of a group that are d apart. Given the row before it, a row depends on no earlier
 * one, so that with rho = phi^gap and v = 1 - rho^2 each gap has three bases,
 *   m_t m_t' / v,   -(m_t m_s' + m_s m_t') rho / v,   m_s m_s' rho^2 / v,
 * the first row of a group is as it is, and log|R| = sum of log v. ar1: d counts steps, phi = tanh(x) in (-1, 1). car1:
 * d is time itself, phi = exp(-exp(-x)) in (0, 1), x the log of the time over which the correlation falls to 1 / e,
 * measured from `typical`, the mean gap.
 */
export function autoregressive(groups: StructuredGroups): Correlation {
  const { index, occasion, positions, J, structure } = groups;
  const continuous = structure === 'car1';
  const own = pairs();
  const gaps = new Map<number, number>();
  const counts: number[] = [];
  let total = 0;
  let several = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const rows of rowsInOrder(index, occasion, J)) {
    if (rows.length > 0) own.add(rows[0]!, rows[0]!, 0);
    for (let k = 1; k < rows.length; k++) {
      const distance = positions[occasion[rows[k]!]!]! - positions[occasion[rows[k - 1]!]!]!;
      const gap = continuous ? distance : Math.round(distance);
      let g = gaps.get(gap);
      if (g === undefined) {
        g = gaps.size;
        gaps.set(gap, g);
        counts.push(0);
      }
      counts[g]! += 1;
      least = Math.min(least, gap);
      total += gap;
      several += 1;
      own.add(rows[k]!, rows[k]!, 1 + 3 * g);
      own.add(rows[k]!, rows[k - 1]!, 2 + 3 * g);
      own.add(rows[k - 1]!, rows[k - 1]!, 3 + 3 * g);
    }
  }
  const distances = [...gaps.keys()];
  const values = new Float64Array(1 + 3 * distances.length);
  values[0] = 1;
  const typical = continuous ? total / several : 1;
  let phi = 0;
  // log phi for one unit of time (car1); d phi / dx (ar1).
  let rate = 0;
  let slope = 0;
  const correlations = new Float64Array(distances.length);

  const self: Correlation = {
    ...own.arrays(),
    size: 1,
    sums: [],
    values,
    logDet: 0,
    room: Infinity,
    // The last of car1: a correlation of 1 / 20 between the nearest rows, which a search from far steps over.
    starts: (continuous ? [0, 2, -log(3 * (typical / least))] : [0.1, 1]).map((x) => Float64Array.of(x)),
    at(x) {
      if (continuous) {
        rate = -exp(-x[0]!) / typical;
        phi = exp(rate);
      } else {
        phi = tanh(x[0]!);
        slope = 1 - phi * phi;
      }
      let logDet = 0;
      let least = 1;
      for (let g = 0; g < distances.length; g++) {
        const rho = continuous ? exp(rate * distances[g]!) : wholePower(phi, distances[g]!);
        const v = (1 - rho) * (1 + rho);
        if (!(v > NEAREST)) return false;
        least = Math.min(least, v);
        correlations[g] = rho;
        values[1 + 3 * g] = 1 / v;
        values[2 + 3 * g] = -rho / v;
        values[3 + 3 * g] = (rho * rho) / v;
        logDet += counts[g]! * log(v);
      }
      self.logDet = logDet;
      self.room = least / NEAREST;
      return true;
    },
    gradient(byValue, out) {
      let sum = 0;
      for (let g = 0; g < distances.length; g++) {
        const rho = correlations[g]!;
        const v = (1 - rho) * (1 + rho);
        const byRho =
          (byValue[1 + 3 * g]! * 2 * rho - byValue[2 + 3 * g]! * (1 + rho * rho) + byValue[3 + 3 * g]! * 2 * rho) /
            (v * v) -
          (counts[g]! * 2 * rho) / v;
        const d = distances[g]!;
        // d rho / dx: of exp(rate d), rate' = -rate; of phi^d.
        sum += byRho * (continuous ? -rho * d * rate : d * wholePower(phi, d - 1) * slope);
      }
      out[0]! += sum;
    },
    parameters: () => [{ name: 'phi', estimate: phi }],
    between: (a, b) => (continuous ? exp(rate * Math.abs(a - b)) : wholePower(phi, Math.round(Math.abs(a - b)))),
    variance: () => 1,
    coordinates: (correlation) => Float64Array.of(self.single!.coordinate(correlation(0))),
    single: {
      value: () => phi,
      logSlope: () => (continuous ? rate + log(-rate) : log(slope)),
      coordinate: (value) => (continuous ? -log(-log(value) * typical) : atanh(value)),
    },
  };
  return self;
}

/** x^k, k a whole number, also of a negative x, by squaring. */
function wholePower(x: number, k: number): number {
  let out = 1;
  let square = x;
  for (let left = k; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) out *= square;
    square *= square;
  }
  return out;
}
