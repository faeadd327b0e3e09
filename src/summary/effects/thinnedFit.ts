import { familyOf } from '../../families/familyOf.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { drawCount } from '../groupDraws.ts';
import type { EffectPoints } from './effectPoints.ts';
import type { EffectGroups } from './pointSums.ts';

/** Means of the response, logistic ones at a point, that are computed for one answer: about a second of them. */
const MOST_MEANS = 3e7;
/** Draws below which nothing is thinned further. */
const FEWEST_DRAWS = 400;

/**
 * The fit with as many of its draws, at equal distances, as the points leave time for, and a note where these are not
 * all; points whose mean is the linear predictor take all.
 */
export function thinnedFit(
  fit: Fit,
  points: EffectPoints,
  linear: boolean,
  groups: EffectGroups,
): { readonly fit: Fit; readonly notes: readonly string[] } {
  const S = drawCount(fit);
  if (linear) return { fit, notes: [] };
  // A logistic mean over normal deviations is a sum of eight normal ones, its slope of eight densities.
  const eight = groups === 'new' && familyOf(fit.design).link === 'logit';
  const each = points.slope ? (eight ? 8 : 2) : eight ? 24 : 1;
  const count = Math.max(FEWEST_DRAWS, Math.floor(MOST_MEANS / (each * Math.max(1, points.n))));
  if (count >= S) return { fit, notes: [] };
  const taken = Int32Array.from({ length: count }, (_, d) => Math.floor(((d + 0.5) * S) / count));
  const { variables, values } = fit.draws;
  const scalars = values.length / S;
  const kept = new Float64Array(scalars * count);
  for (let i = 0; i < scalars; i++) for (let d = 0; d < count; d++) kept[i * count + d] = values[i * S + taken[d]!]!;
  const note = `${count} of the ${S} draws were used, at equal distances, for ${points.n} different points`;
  return { fit: { ...fit, draws: { variables, chains: 1, iterations: count, values: kept } }, notes: [note] };
}
