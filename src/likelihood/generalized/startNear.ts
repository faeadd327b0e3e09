import type { Design } from '../../design/design.ts';
import { toWorking } from '../../products/coordinates.ts';
import type { NearbyFit } from '../maximumLikelihoodFit.ts';
import type { ThetaCriterion } from '../search/thetaCriterion.ts';
import type { Glm } from './glm.ts';
import type { GeneralizedState } from './marginalDeviance.ts';

/**
 * Where a search begins that is told of a fit of nearly the same rows, in the coordinates of `generalizedCriterion`:
 * its relative factors and coefficients. Coefficients begin at complete pooling's where they are others (ordered
 * answers have thresholds among them, and columns may have been left out), and so does a parameter of the family.
 */
export function startNear(
  { theta, fixef }: NearbyFit,
  { p, columns }: Design,
  { factors }: ThetaCriterion,
  { predictor }: GeneralizedState,
  { working }: Pick<Glm, 'working'>,
): Float64Array {
  const own = factors.toSearch(factors.fromTheta(theta));
  const start = new Float64Array(factors.size);
  start.set(own);
  if (columns.some(({ label }, k) => label !== fixef.labels[k])) return start;
  const beta = Float64Array.from(fixef.estimates);
  toWorking(predictor.coordinates.beta, beta);
  for (let k = 0; k < p; k++) start[start.length - p + k] = beta[k]! - working[k]!;
  return start;
}
