import { normalQuantile } from '../../src/special/distributions.ts';

/** `count` points of N(mean, sd^2), ascending, each with the same probability: its quantiles at (i + 1/2) / count. */
export function normalQuantileGrid(mean: number, sd: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => mean + sd * normalQuantile((i + 0.5) / count));
}
