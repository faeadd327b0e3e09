import { ModelError } from '../../errors.ts';
import { optionError } from '../../input/optionError.ts';
import { createRng } from '../../random/rng.ts';
import { residualModel } from '../../residual/residualModel.ts';
import { fitDesign } from '../maximumLikelihood.ts';
import type { MaximumLikelihoodFit } from '../maximumLikelihoodFit.ts';
import { fitParameters } from './fitParameters.ts';
import { simulateResponse } from './simulateResponse.ts';

const MOST = 1e6;

export interface BootstrapOptions {
  /** Simulated data sets; default 500. */
  readonly simulations?: number;
  /** Equal seeds give equal intervals. */
  readonly seed: number;
}

export interface Bootstrap {
  /** `beta[floor]`, ..., `tau_county[floor]`, `corr_county[...]`, `sigma`. */
  readonly parameters: readonly string[];
  /** One array per parameter, one value per data set that could be fitted; a correlation is NaN where an sd was 0. */
  readonly values: readonly Float64Array[];
  /** Data sets that could not be fitted. */
  readonly failures: number;
}

/**
 * Parametric bootstrap: data sets are drawn from the fitted model, y = X beta + Z u + e with new u ~ N(0, Sigma) and e,
 * and fitted again by the same criterion (Efron & Tibshirani 1993, section 6.5).
 */
export function bootstrap(fit: MaximumLikelihoodFit, options: BootstrapOptions): Bootstrap {
  const simulations = options.simulations ?? 500;
  if (!Number.isInteger(simulations) || simulations < 1 || simulations > MOST) {
    throw optionError('simulations', simulations, `a whole number from 1 to ${MOST}`);
  }
  const rng = createRng([options.seed]);
  const parameters = fitParameters(fit).map(({ name }) => name);
  const draws: number[][] = [];
  const residuals = fit.residual && residualModel(fit.design);
  for (let s = 0; s < simulations; s++) {
    const y = simulateResponse(fit, rng, { residuals });
    try {
      const design = { ...fit.design, response: { ...fit.design.response, y } };
      draws.push(fitParameters(fitDesign(design, fit.method, undefined, fit.points)).map(({ estimate }) => estimate));
    } catch (error) {
      if (!(error instanceof ModelError)) throw error;
    }
  }
  return {
    parameters,
    values: parameters.map((_, k) => Float64Array.from(draws, (draw) => draw[k]!)),
    failures: simulations - draws.length,
  };
}
