import type { Fit } from '../mcmc/fit.ts';
import { drawCount } from './groupDraws.ts';

/** Means of the response, logistic ones at a point, that are computed for one answer: about a second of them. */
const MOST_MEANS = 3e7;
/** Draws below which nothing is thinned further. */
const FEWEST_DRAWS = 400;

/**
 * The fit with as many of its draws, at equal distances, as `points` that cost as much as `means` of them leave time
 * for, and a note where these are not all.
 */
export function thinnedFit(
  fit: Fit,
  points: number,
  means: number,
): { readonly fit: Fit; readonly notes: readonly string[] } {
  const S = drawCount(fit);
  const count = Math.max(FEWEST_DRAWS, Math.floor(MOST_MEANS / Math.max(1, means)));
  if (count >= S) return { fit, notes: [] };
  const taken = Int32Array.from({ length: count }, (_, d) => Math.floor(((d + 0.5) * S) / count));
  const note = `${count} of the ${S} draws were used, at equal distances, for ${points} different points`;
  return { fit: chosenDraws(fit, taken), notes: [note] };
}

/** The fit with the draws of those numbers alone, counted from 0 over the chains, as one chain. */
export function chosenDraws(fit: Fit, taken: Int32Array): Fit {
  const S = drawCount(fit);
  const count = taken.length;
  const { variables, values } = fit.draws;
  const scalars = values.length / S;
  const kept = new Float64Array(scalars * count);
  for (let i = 0; i < scalars; i++) for (let d = 0; d < count; d++) kept[i * count + d] = values[i * S + taken[d]!]!;
  return { ...fit, draws: { variables, chains: 1, iterations: count, values: kept } };
}
