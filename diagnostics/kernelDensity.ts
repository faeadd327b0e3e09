import { exp } from '../src/elementary.ts';
import { checkOptions } from './checkOptions.ts';
import { DiagnosticsError } from './diagnosticsError.ts';
import { mean, squaredDeviations } from './moments.ts';
import { numbersOf } from './numbersOf.ts';
import { quantileOfSorted } from './quantile.ts';

/** Where a density is asked for. */
export interface KernelDensityOptions {
  /** Bounds of the quantity: 0 below for a standard deviation, -1 and 1 for a correlation. Default none. */
  readonly low?: number;
  readonly high?: number;
  /** Points of the grid, default 128. */
  readonly points?: number;
}

/** A density on a grid of equal steps. */
export interface KernelDensity {
  readonly x: Float64Array;
  readonly density: Float64Array;
  readonly bandwidth: number;
}

/** Cells that the draws are counted into before they are smoothed. */
const CELLS = 512;

/**
 * Gaussian kernel density of draws, from their 0.1% to their 99.9% quantile and a bandwidth beyond, within the bounds.
 * What the kernel puts outside a bound is reflected into it, so that the density does not sink there. Bandwidth:
 * Silverman's 0.9 min(sd, IQR / 1.349) S^(-1/5). Draws are counted into cells of which each shares a draw with its
 * neighbour in proportion to the distance. Throws DiagnosticsError `bad-argument` for draws that are not finite, all
 * equal or outside the bounds.
 */
export function kernelDensity(draws: ArrayLike<number>, options: KernelDensityOptions = {}): KernelDensity {
  checkOptions('kernelDensity', options, { low: 'number', high: 'number', points: 'number' });
  const { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY, points = 128 } = options;
  const sorted = numbersOf(draws, 'draws').sort();
  const S = sorted.length;
  if (!(Number.isInteger(points) && points >= 2)) {
    throw new DiagnosticsError('bad-argument', `points is ${points}; give a whole number of at least 2`);
  }
  const [first, last] = [sorted[0]!, sorted[S - 1]!];
  if (!(S > 1 && Number.isFinite(first) && Number.isFinite(last) && first < last)) {
    throw new DiagnosticsError('bad-argument', 'a density needs draws that are finite and not all equal');
  }
  if (first < low || last > high) {
    throw new DiagnosticsError(
      'bad-argument',
      `draws from ${first} to ${last} lie outside the bounds ${low} and ${high}`,
    );
  }
  const sd = Math.sqrt(squaredDeviations(sorted, mean(sorted)) / (S - 1));
  const iqr = (quantileOfSorted(sorted, 0.75) - quantileOfSorted(sorted, 0.25)) / 1.349;
  const bandwidth = 0.9 * (iqr > 0 ? Math.min(sd, iqr) : sd) * S ** -0.2;
  const from = Math.max(low, quantileOfSorted(sorted, 0.001) - bandwidth);
  const to = Math.min(high, quantileOfSorted(sorted, 0.999) + bandwidth);
  const x = Float64Array.from({ length: points }, (_, i) => from + ((to - from) * i) / (points - 1));
  const cells = countedCells(sorted, from - 5 * bandwidth, to + 5 * bandwidth);
  const scale = 1 / (S * bandwidth * Math.sqrt(2 * Math.PI));
  const at = (value: number): number => {
    let sum = 0;
    const begin = Math.max(0, Math.ceil((value - 5 * bandwidth - cells.from) / cells.step));
    const end = Math.min(CELLS - 1, Math.floor((value + 5 * bandwidth - cells.from) / cells.step));
    for (let c = begin; c <= end; c += 1) {
      const z = (value - cells.from - c * cells.step) / bandwidth;
      sum += cells.counts[c]! * exp(-0.5 * z * z);
    }
    return sum * scale;
  };
  const density = x.map((value) => at(value) + at(2 * low - value) + at(2 * high - value));
  return { x, density, bandwidth };
}

/** Draws counted at CELLS points of equal distance; those outside are left out. */
function countedCells(draws: Float64Array, from: number, to: number) {
  const step = (to - from) / (CELLS - 1);
  const counts = new Float64Array(CELLS);
  for (const draw of draws) {
    const place = (draw - from) / step;
    const below = Math.floor(place);
    if (below < 0 || below >= CELLS - 1) continue;
    counts[below]! += 1 - (place - below);
    counts[below + 1]! += place - below;
  }
  return { from, step, counts };
}
