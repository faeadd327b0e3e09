import type { StructuredGroups } from '../design/design.ts';
import { rowsInOrder } from '../design/rowsInOrder.ts';
import { cholesky, invertFromCholesky, logDeterminant } from '../linalg/cholesky.ts';
import { type Correlation, type OccasionPattern, pairs } from './correlation.ts';

/** Groups with rows at the same occasions share one covariance matrix, that of their pattern. */
export interface Patterns extends Pick<Correlation, 'first' | 'second' | 'base' | 'values'> {
  readonly all: readonly OccasionPattern[];
  /**
   * Inverts the covariance of every pattern, whose entry for two occasions is `entry(s, t)`; returns the sum over the
   * groups of log|R|, or NaN where one is not numerically positive definite.
   */
  evaluate(entry: (s: number, t: number) => number): number;
  /**
   * Tells `add(s, t, d)` the derivative d of f(values) + sum of log|R| by each entry of each pattern's covariance, s >=
   * t, both triangles together: from that of f by the values, -R^-1 F R^-1 + count R^-1, F symmetric.
   */
  derivative(byValue: Float64Array, add: (s: number, t: number, d: number) => void): void;
}

interface Pattern extends OccasionPattern {
  count: number;
  readonly inverse: Float64Array;
}

/** `place(occasion)` is where an occasion stands: patterns that are alike but for a shift are one where `shifts`. */
export function patterns({ index, occasion, positions, J }: StructuredGroups, shifts: boolean): Patterns {
  const own = pairs();
  const found = new Map<string, Pattern>();
  let bases = 0;
  for (const rows of rowsInOrder(index, occasion, J)) {
    if (rows.length === 0) continue;
    const first = shifts ? positions[occasion[rows[0]!]!]! : 0;
    const places = Int32Array.from(rows, (row) => Math.round(positions[occasion[row]!]! - first));
    const key = places.join();
    let pattern = found.get(key);
    if (pattern === undefined) {
      pattern = { occasions: places, count: 0, from: bases, inverse: new Float64Array(rows.length ** 2) };
      bases += (rows.length * (rows.length + 1)) / 2;
      found.set(key, pattern);
    }
    pattern.count += 1;
    let at = pattern.from;
    for (let a = 0; a < rows.length; a++) for (let b = 0; b <= a; b++) own.add(rows[a]!, rows[b]!, at++);
  }
  const all = [...found.values()];
  const values = new Float64Array(bases);
  const longest = all.reduce((most, { occasions }) => Math.max(most, occasions.length), 0);
  const F = new Float64Array(longest * longest);
  const half = new Float64Array(longest * longest);
  return {
    ...own.arrays(),
    all,
    values,
    evaluate(entry) {
      let sum = 0;
      for (const { occasions, inverse, count, from } of all) {
        const k = occasions.length;
        for (let a = 0; a < k; a++) {
          for (let b = 0; b <= a; b++) inverse[a * k + b] = entry(occasions[a]!, occasions[b]!);
        }
        if (!cholesky(inverse, k)) return Number.NaN;
        sum += count * logDeterminant(inverse, k);
        invertFromCholesky(inverse, k, inverse);
        let at = from;
        for (let a = 0; a < k; a++) for (let b = 0; b <= a; b++) values[at++] = inverse[a * k + b]!;
      }
      return sum;
    },
    derivative(byValue, add) {
      for (const { occasions, inverse, count, from } of all) {
        const k = occasions.length;
        let at = from;
        for (let a = 0; a < k; a++) {
          for (let b = 0; b < a; b++) {
            F[a * k + b] = byValue[at]! / 2;
            F[b * k + a] = byValue[at++]! / 2;
          }
          F[a * k + a] = byValue[at++]!;
        }
        for (let a = 0; a < k; a++) {
          for (let b = 0; b < k; b++) {
            let sum = 0;
            for (let c = 0; c < k; c++) sum += inverse[a * k + c]! * F[c * k + b]!;
            half[a * k + b] = sum;
          }
        }
        for (let a = 0; a < k; a++) {
          for (let b = 0; b <= a; b++) {
            let sum = count * inverse[a * k + b]!;
            for (let c = 0; c < k; c++) sum -= half[a * k + c]! * inverse[c * k + b]!;
            add(occasions[a]!, occasions[b]!, a === b ? sum : 2 * sum);
          }
        }
      }
    },
  };
}
