import { ticks } from 'd3-array';
import { domainOf } from '../../drawing/domainOf.ts';
import type { Axis, Panel } from '../../drawing/picture.ts';

/** Distinct values that have a bar each. */
const BARS = 12;
const BINS = 24;

/** The names of ordered levels, which are counted from 1, as ticks; else those of the scale. */
export function levelTicks(levels: readonly string[] | null): Pick<Axis, 'ticks'> {
  return levels ? { ticks: levels.map((text, k) => ({ value: k + 1, text })) } : {};
}

/**
 * A histogram: one bar for each of a few distinct values, as counts and shares often have, else bins between round
 * numbers.
 */
export function histogram(
  values: Float64Array,
  label: string,
  levels: readonly string[] | null = null,
): Pick<Panel, 'x' | 'y' | 'marks'> {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  if (counts.size <= BARS) {
    const bars = [...counts].sort(([a], [b]) => a - b);
    return {
      x: {
        scale: 'linear',
        domain: domainOf(counts.keys(), 0.15),
        label,
        count: 6,
        grid: false,
        ...levelTicks(levels),
      },
      y: { scale: 'linear', domain: [0, 1.06 * Math.max(...counts.values())], count: 4, whole: true },
      marks: [
        {
          kind: 'segments',
          role: 'data',
          width: 9,
          opacity: 0.6,
          segments: bars.map(([x, y]) => ({ x1: x, x2: x, y1: 0, y2: y })),
        },
      ],
    };
  }
  const [low, high] = domainOf(values, 0);
  const inner = ticks(low, high, BINS).filter((edge) => edge > low && edge < high);
  const step = inner.length > 1 ? inner[1]! - inner[0]! : high - low;
  const edges = [Math.min(low, (inner[0] ?? low) - step), ...inner, Math.max(high, (inner.at(-1) ?? high) + step)];
  const heights = new Float64Array(edges.length - 1);
  for (const value of values) {
    // The first edge above the value; the largest value belongs to the last bin.
    let bin = 0;
    while (bin < heights.length - 1 && value >= edges[bin + 1]!) bin += 1;
    heights[bin]! += 1;
  }
  const top = heights.reduce((most, height) => Math.max(most, height), 0);
  return {
    x: { scale: 'linear', domain: [edges[0]!, edges.at(-1)!], label, count: 5, grid: false },
    y: { scale: 'linear', domain: [0, 1.06 * top], count: 4, whole: true },
    marks: [{ kind: 'band', role: 'data', opacity: 0.6, points: steps(heights, edges) }],
  };
}

/** The outline of bins, as points of a band: a height between each two edges. */
export function steps(
  heights: Float64Array,
  edges: readonly number[],
): { readonly x: number; readonly low: number; readonly high: number }[] {
  return Array.from(heights).flatMap((high, bin) => [
    { x: edges[bin]!, low: 0, high },
    { x: edges[bin + 1]!, low: 0, high },
  ]);
}
