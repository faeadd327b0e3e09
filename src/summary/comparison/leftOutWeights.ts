import { relativeEfficiency } from '../../../diagnostics/logLikelihood.ts';
import { type Psis, psis } from '../../../diagnostics/psis.ts';

/**
 * Pareto-smoothed weights 1 / p(y_i | draw s) of the draws, as if unit i had been left out; `logLik` is
 * log p(y_i | draw s) over all draws, chain after chain.
 */
export function leftOutWeights(logLik: Float64Array, chains: number): Psis {
  const [efficiency] = relativeEfficiency({ values: logLik, draws: logLik.length, observations: 1, chains });
  return psis(
    logLik.map((value) => -value),
    efficiency!,
  );
}
