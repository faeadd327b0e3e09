import { deviationSummary } from '../deviationSummary.ts';
import { drawMean } from '../drawSummary.ts';
import { betaDraws, groupDraws, ownDraws } from '../groupDraws.ts';
import type { ModelFit } from '../modelFit.ts';
import { thresholdMeans } from '../thresholdDraws.ts';
import type { PointEstimates } from './noPooling.ts';

/** Point estimates as arrays of doubles. */
export interface DensePointEstimates extends PointEstimates {
  readonly beta: Float64Array;
  readonly u: readonly Float64Array[];
}

/** Posterior means, or estimates, of beta and of the deviations of every factor. */
export function pointEstimates(fit: ModelFit): DensePointEstimates {
  const thresholds = thresholdMeans(fit) ?? undefined;
  if (fit.kind === 'maximumLikelihood') {
    return {
      beta: fit.fixef.estimates,
      u: fit.groups.map(({ modes }) => modes),
      own: fit.own ?? undefined,
      thresholds,
    };
  }
  const own = ownDraws(fit);
  const { p, groupTerms } = fit.design;
  return {
    beta: Float64Array.from({ length: p }, (_, c) => drawMean(betaDraws(fit, c))),
    u: groupTerms.map(({ J, q }, f) => {
      const kept = deviationSummary(fit, f);
      const draws = groupDraws(fit, f);
      const mean = (j: number, k: number): number => (kept ? kept.deviation(j, k, []).mean : drawMean(draws.u(j, k)));
      return Float64Array.from({ length: J * q }, (_, at) => mean(Math.floor(at / q), at % q));
    }),
    own: own ? drawMean(own) : undefined,
    thresholds,
  };
}
