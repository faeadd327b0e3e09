import type { ResidualModel, ResidualPlace } from '../residual/residualModel.ts';
import { drawCount } from './groupDraws.ts';
import type { ModelFit } from './modelFit.ts';
import { residualDraws } from './residualDraws.ts';

/** The places of the residuals' parameters that a fit has. */
export interface ResidualPlaces {
  readonly count: number;
  placeAt(s: number): ResidualPlace;
}

/** One at every draw, or that of the estimates, of a fit whose residuals are not independent with one sigma. */
export function residualPlaces(fit: ModelFit, model: ResidualModel): ResidualPlaces {
  if (fit.kind === 'maximumLikelihood') return { count: 1, placeAt: () => fit.residual! };
  return { count: drawCount(fit), placeAt: residualDraws(fit, model) };
}
