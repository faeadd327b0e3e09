import type { StructuredGroups } from '../design/design.ts';
import { exp, log, log1p } from '../elementary.ts';
import { type Correlation, pairs } from './correlation.ts';

/** A correlation this near to an end of its range leaves no digits. */
const NEAREST = 1e-12;

/**
 * One correlation rho between any two residuals of a group. With n rows
 *   R^-1 = I / (1 - rho) - 1 1' rho / ((1 - rho) (1 + (n - 1) rho)),
 *   log|R| = (n - 1) log(1 - rho) + log(1 + (n - 1) rho),
 * so that the rows and the sums of the rows of a group (one for each class of sds) are enough. rho lies between -1 /
 * (most - 1), `most` the rows of the largest group, and 1: rho = (1 - low) / (1 + exp(-x)) + low.
 */
export function compoundSymmetry({ index, J }: StructuredGroups, classes: Int32Array): Correlation {
  const n = index.length;
  const byGroup = Array.from({ length: J }, () => new Map<number, number[]>());
  const counts = new Int32Array(J);
  const own = pairs();
  for (let i = 0; i < n; i++) {
    own.add(i, i, 0);
    const lists = byGroup[index[i]!]!;
    const rows = lists.get(classes[i]!);
    if (rows === undefined) lists.set(classes[i]!, [i]);
    else rows.push(i);
    counts[index[i]!]! += 1;
  }
  const sizes = [...new Set(counts)].filter((count) => count > 0).sort((a, b) => a - b);
  const groupsOf = sizes.map((size) => counts.reduce((sum, count) => sum + (count === size ? 1 : 0), 0));
  const sums: Int32Array[] = [];
  byGroup.forEach((lists, j) => {
    if (counts[j] === 0) return;
    const base = 1 + sizes.indexOf(counts[j]!);
    const items = [...lists.values()].map((rows) => {
      sums.push(Int32Array.from(rows));
      return n + sums.length - 1;
    });
    for (let a = 0; a < items.length; a++) for (let b = 0; b <= a; b++) own.add(items[a]!, items[b]!, base);
  });
  const low = -1 / (sizes.at(-1)! - 1);
  const values = new Float64Array(1 + sizes.length);
  let rho = 0;
  let slope = 0;
  // 1 - rho, by the coordinate: exact where rho is next to 1.
  let rest = 1;

  const self: Correlation = {
    ...own.arrays(),
    size: 1,
    sums,
    values,
    logDet: 0,
    room: Infinity,
    starts: [0.2, 0.7].map((start) => Float64Array.of(log((start - low) / (1 - start)))),
    at(x) {
      const share = 1 / (1 + exp(-x[0]!));
      rest = (1 - low) / (1 + exp(x[0]!));
      rho = low + (1 - low) * share;
      slope = rest * share;
      if (!(rest > NEAREST)) return false;
      values[0] = 1 / rest;
      let logDet = 0;
      let left = rest;
      for (let s = 0; s < sizes.length; s++) {
        const whole = 1 + (sizes[s]! - 1) * rho;
        if (!(whole > NEAREST)) return false;
        left = Math.min(left, whole);
        values[1 + s] = -rho / (rest * whole);
        logDet += groupsOf[s]! * ((sizes[s]! - 1) * log(rest) + log1p((sizes[s]! - 1) * rho));
      }
      self.logDet = logDet;
      self.room = left / NEAREST;
      return true;
    },
    gradient(byValue, out) {
      let byRho = byValue[0]! / (rest * rest);
      for (let s = 0; s < sizes.length; s++) {
        const m = sizes[s]! - 1;
        const whole = 1 + m * rho;
        // -(rho / (rest whole))' = -(rest whole - rho (m rest - whole)) / (rest whole)^2
        byRho -= (byValue[1 + s]! * (rest * whole - rho * (m * rest - whole))) / (rest * whole) ** 2;
        byRho += groupsOf[s]! * (m / whole - m / rest);
      }
      out[0]! += byRho * slope;
    },
    parameters: () => [{ name: 'rho', estimate: rho }],
    between: () => rho,
    variance: () => 1,
    coordinates: (correlation) => Float64Array.of(self.single!.coordinate(correlation(0))),
    single: {
      value: () => rho,
      logSlope: () => log(slope),
      coordinate: (value) => log((value - low) / (1 - value)),
    },
  };
  return self;
}
