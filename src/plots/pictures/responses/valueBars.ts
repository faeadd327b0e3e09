import { quantileOfSorted } from '../../../../diagnostics/quantile.ts';
import { domainOf } from '../../drawing/domainOf.ts';
import type { Panel, Role } from '../../drawing/picture.ts';
import { levelTicks } from './histogram.ts';

/** A value, how many rows have it, and how many of the replicates do. */
export interface ValueCount {
  readonly value: number;
  readonly observed: number;
  readonly q5: number;
  readonly q50: number;
  readonly q95: number;
}

/** Values of a count that have a bar each. */
const MOST = 30;

/**
 * How many rows have each whole value from the least to the greatest that is seen, beside replicates, which densities
 * would smooth over; null of more values than have room.
 */
export function valueCounts(y: Float64Array, replicates: readonly Float64Array[]): ValueCount[] | null {
  const [low, high] = domainOf(y, 0);
  if (high - low >= MOST) return null;
  const counts = (values: Float64Array): Float64Array => {
    const out = new Float64Array(high - low + 1);
    for (const value of values) if (value >= low && value <= high) out[value - low]! += 1;
    return out;
  };
  const drawn = replicates.map(counts);
  return Array.from(counts(y), (observed, k) => {
    const sorted = Float64Array.from(drawn, (of) => of[k]!).sort();
    const [q5, q50, q95] = [0.05, 0.5, 0.95].map((p) => quantileOfSorted(sorted, p)) as [number, number, number];
    return { value: low + k, observed, q5, q50, q95 };
  });
}

/** The panel of these counts: bars of the data, medians and 90% intervals of the replicates in their role. */
export function valueBars(
  counts: readonly ValueCount[],
  role: Role,
  levels: readonly string[] | null,
): Pick<Panel, 'x' | 'y' | 'marks'> {
  const values = counts.map(({ value }) => value);
  return {
    x: {
      scale: 'linear',
      domain: [Math.min(...values) - 0.6, Math.max(...values) + 0.6],
      grid: false,
      ...levelTicks(levels),
    },
    y: { scale: 'linear', domain: [0, domainOf(counts.flatMap(({ observed, q95 }) => [observed, q95]))[1]], count: 4 },
    marks: [
      {
        kind: 'segments',
        role: 'data',
        width: Math.max(5, Math.min(20, 120 / counts.length)),
        opacity: 0.4,
        segments: counts.map(({ value, observed }) => ({ x1: value, x2: value, y1: 0, y2: observed })),
      },
      {
        kind: 'segments',
        role,
        width: 2,
        segments: counts.map(({ value, q5, q95 }) => ({ x1: value, x2: value, y1: q5, y2: q95 })),
      },
      {
        kind: 'dots',
        role,
        shape: 'dot',
        radius: 3.5,
        points: counts.map(({ value, q50 }) => ({ x: value, y: q50 })),
      },
    ],
  };
}
