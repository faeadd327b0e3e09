import { quantileOfSorted } from '../../../diagnostics/quantile.ts';

/** Points of the grid the density is looked at. */
const GRID = 256;

/**
 * The mode of the marginal density of draws: the highest point of a normal kernel estimate with the bandwidth 0.9
 * min(sd, iqr / 1.34) S^(-1/5) (Silverman 1986, equation
 * 3.31), the draws reflected at `low` and `high`, the ends of the range of the quantity.
 */
export function posteriorMode(
  draws: Float64Array,
  low = Number.NEGATIVE_INFINITY,
  high = Number.POSITIVE_INFINITY,
): number {
  const S = draws.length;
  const sorted = Float64Array.from(draws).sort();
  const mean = draws.reduce((sum, value) => sum + value, 0) / S;
  const sd = Math.sqrt(draws.reduce((sum, value) => sum + (value - mean) ** 2, 0) / S);
  const iqr = quantileOfSorted(sorted, 0.75) - quantileOfSorted(sorted, 0.25);
  const width = 0.9 * Math.min(sd, iqr > 0 ? iqr / 1.34 : sd) * S ** -0.2;
  if (!(width > 0)) return mean;
  // The mode is where draws are dense, so that the outer ones need no grid.
  const from = Math.max(low, quantileOfSorted(sorted, 0.01) - width);
  const to = Math.min(high, quantileOfSorted(sorted, 0.99) + width);
  const step = (to - from) / (GRID - 1);
  const density = new Float64Array(GRID);
  const add = (centre: number): void => {
    const first = Math.max(0, Math.ceil((centre - 4 * width - from) / step));
    const last = Math.min(GRID - 1, Math.floor((centre + 4 * width - from) / step));
    for (let k = first; k <= last; k++) density[k]! += Math.exp(-0.5 * ((from + k * step - centre) / width) ** 2);
  };
  for (const value of draws) {
    add(value);
    if (value - low < 4 * width) add(2 * low - value);
    if (high - value < 4 * width) add(2 * high - value);
  }
  return from + step * density.indexOf(density.reduce((most, value) => Math.max(most, value), 0));
}
