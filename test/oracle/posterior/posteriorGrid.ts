import type { Rng } from '../../../src/random/rng.ts';
import type { PosteriorDensity } from './posteriorDensity.ts';

/** Points of the first look in each direction, and of the grid that is integrated over. */
const LOOK: Readonly<Record<number, number>> = { 1: 2000, 2: 160, 3: 44 };
const FINE: Readonly<Record<number, number>> = { 1: 4000, 2: 260, 3: 60 };
/** Logs of density below the highest point at which a cell is left out. */
const DEPTH = 22;
/** Half the width of the first look, in logs of sds (or inverse hyperbolic tangents). */
const REACH = 16;

/**
 * Draws of theta by quadrature, for one to three parameters: the density on a wide grid, on a finer one about all
 * that stands within `DEPTH` of the highest point, then cells by their mass (systematically) and a uniform point of
 * the cell: the error of a mean is that of the cells, not of chance. Throws above three.
 */
export function posteriorGrid(
  density: PosteriorDensity,
  middle: number,
  count: number,
  rng: Rng,
): { readonly thetas: Float64Array[]; readonly logEvidence: number } {
  const { dim } = density;
  if (LOOK[dim] === undefined) throw new Error(`quadrature is for one to three parameters, not ${dim}`);
  const none = new Float64Array(density.carried);
  const look = LOOK[dim];
  let low = new Array<number>(dim).fill(middle - REACH);
  let high = new Array<number>(dim).fill(middle + REACH);
  // Twice, so that a posterior in a corner of the wide grid is seen with enough points before the last grid is laid.
  for (let pass = 0; pass < 2; pass += 1) {
    const points = gridPoints(low, high, look);
    const heights = points.map((theta) => density.logTarget(theta, rng, none));
    const highest = Math.max(...chunks(heights));
    const step = low.map((value, k) => (high[k]! - value) / look);
    const kept = points.filter((_, i) => heights[i]! > highest - DEPTH - (pass === 0 ? 8 : 0));
    low = low.map((_, k) => Math.min(...chunks(kept.map((theta) => theta[k]!))) - 2 * step[k]!);
    high = high.map((_, k) => Math.max(...chunks(kept.map((theta) => theta[k]!))) + 2 * step[k]!);
  }
  const fine = FINE[dim]!;
  const points = gridPoints(low, high, fine);
  const heights = points.map((theta) => density.logTarget(theta, rng, none));
  const highest = Math.max(...chunks(heights));
  const weights = heights.map((height) => Math.exp(height - highest));
  const total = weights.reduce((sum, value) => sum + value, 0);
  const first = rng.uniform();
  const thetas: Float64Array[] = [];
  let at = 0;
  let reached = weights[0]!;
  for (let i = 0; i < count; i += 1) {
    const level = ((i + first) / count) * total;
    while (reached < level && at < points.length - 1) {
      at += 1;
      reached += weights[at]!;
    }
    thetas.push(points[at]!.map((value, k) => value + ((rng.uniform() - 0.5) * (high[k]! - low[k]!)) / fine));
  }
  const cell = low.reduce((product, value, k) => product + Math.log((high[k]! - value) / fine), 0);
  return { thetas, logEvidence: highest + Math.log(total) + cell };
}

function gridPoints(low: readonly number[], high: readonly number[], count: number): Float64Array[] {
  let points: number[][] = [[]];
  low.forEach((from, k) => {
    const step = (high[k]! - from) / count;
    points = points.flatMap((point) => Array.from({ length: count }, (_, i) => [...point, from + (i + 0.5) * step]));
  });
  return points.map((point) => Float64Array.from(point));
}

/** Long lists in parts, for functions that take their numbers as arguments: here the extremes are all that is asked. */
function chunks(values: readonly number[]): number[] {
  let least = Infinity;
  let most = -Infinity;
  for (const value of values) {
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  return [least, most];
}
