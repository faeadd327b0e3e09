import { scalarDraws } from '../mcmc/draws.ts';
import type { ResidualModel, ResidualPlace } from '../residual/residualModel.ts';
import { drawMean } from './drawSummary.ts';
import { variableOf } from './groupDraws.ts';
import type { ModelFit } from './modelFit.ts';

/**
 * The place of the residuals' parameters that stands for a fit: the estimates, or the posterior means of correlations
 * and of delta beside the root of that of sigma^2.
 */
export function residualPoint(fit: ModelFit, model: ResidualModel): ResidualPlace {
  if (fit.kind === 'maximumLikelihood') return fit.residual!;
  return model.place((name, k = 0) => {
    const draws = scalarDraws(fit.draws, variableOf(fit, name).offset + k);
    return name === 'sigma' ? Math.sqrt(drawMean(draws.map((value) => value * value))) : drawMean(draws);
  });
}
