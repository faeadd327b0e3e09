import { familyOf } from '../families/familyOf.ts';
import type { OrderedLink } from '../families/orderedLink.ts';
import { scalarDraws } from '../mcmc/draws.ts';
import type { Fit } from '../mcmc/fit.ts';
import { drawMean } from './drawSummary.ts';
import { variableOf } from './groupDraws.ts';
import type { ModelFit } from './modelFit.ts';

/** The thresholds of an ordered answer over the draws. */
export interface ThresholdDraws {
  readonly link: OrderedLink;
  /** How many thresholds there are, one less than levels. */
  readonly count: number;
  /** Writes the thresholds of draw s to `out`. */
  at(s: number, out: Float64Array): void;
}

/** The thresholds of a fit; null where the response is not ordered. */
export function thresholdDraws(fit: Fit): ThresholdDraws | null {
  const { ordered } = familyOf(fit.design);
  const { levels } = fit.design.response;
  if (ordered === undefined || levels === null) return null;
  const { offset } = variableOf(fit, 'threshold');
  const draws = Array.from({ length: levels.length - 1 }, (_, k) => scalarDraws(fit.draws, offset + k));
  return {
    link: ordered,
    count: draws.length,
    at(s, out) {
      for (let k = 0; k < draws.length; k++) out[k] = draws[k]![s]!;
    },
  };
}

/** Posterior means, or estimates, of the thresholds; null where the response is not ordered. */
export function thresholdMeans(fit: ModelFit): Float64Array | null {
  const { levels } = fit.design.response;
  if (familyOf(fit.design).ordered === undefined || levels === null) return null;
  if (fit.kind === 'maximumLikelihood') return fit.thresholds!.estimates;
  const { offset } = variableOf(fit, 'threshold');
  return Float64Array.from({ length: levels.length - 1 }, (_, k) => drawMean(scalarDraws(fit.draws, offset + k)));
}
