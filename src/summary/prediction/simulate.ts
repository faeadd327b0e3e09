import { anyValue, oneOf, seedValue } from '../../input/acceptedValue.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions, type OptionTable } from '../../input/checkOptions.ts';
import { optionError } from '../../input/optionError.ts';
import { simulateResponse } from '../../likelihood/inference/simulateResponse.ts';
import type { MaximumLikelihoodFit } from '../../likelihood/maximumLikelihoodFit.ts';
import { simulateResiduals } from '../../likelihood/structured/simulateResiduals.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { createRng, type Rng } from '../../random/rng.ts';
import { residualModel } from '../../residual/residualModel.ts';
import { drawCount } from '../groupDraws.ts';
import type { ModelFit } from '../modelFit.ts';
import { residualDraws } from '../residualDraws.ts';
import { chosenDraws } from '../thinnedFit.ts';
import { fittedRows } from './fittedRows.ts';
import { linearPredictor, type PredictorRows, type PredictorTerm } from './linearPredictor.ts';
import { newGroupDraws } from './newGroupDraws.ts';

/** How many replicates, and of which groups. */
export interface SimulateOptions {
  /**
   * Replicates, 1 to the number of draws of the fit, of a maximum likelihood fit to a million; default 1000, or all
   * draws where there are fewer.
   */
  readonly draws?: number;
  /** Default the fit's; 1 for a maximum likelihood fit. */
  readonly seed?: number;
  /**
   * 'observed' (default): the deviations of the groups of the data, of a maximum likelihood fit their modes; 'new':
   * fresh ones from N(0, Sigma), for a mixed predictive check, and what a parametric bootstrap draws.
   */
  readonly groups?: 'observed' | 'new';
}

const SIMULATE_OPTIONS: OptionTable<SimulateOptions> = {
  draws: anyValue,
  seed: seedValue,
  groups: oneOf('observed', 'new'),
};

/** Replicated responses. */
export interface Simulation {
  readonly n: number;
  readonly draws: number;
  /** n x draws, row-major. */
  readonly responses: Float64Array;
}

/** Streams of simulation start here, beyond the number of any chain. */
const STREAM = 2_000_000;

/** Replicates unless told otherwise, and the most of a maximum likelihood fit. */
const REPLICATES = 1000;
const MOST = 1e6;

/**
 * Responses replicated from the posterior predictive distribution at the rows of the fit: for posterior draws s taken
 * at equal distances, y_i ~ N(eta_i^(s), sigma^(s)^2 / w_i), or N(eta_i^(s), se_i^2), residuals of a group together
 * where they depend on each other; in a logit or probit model 0 or 1, or the count of successes among the row's trials
 * (of one row, whatever its weight); of ordered answers the number of the level, 1 the lowest. Of a maximum likelihood
 * fit all replicates are drawn at the estimates. Throws `option`, and `not-supported` for rows of a maximum likelihood
 * fit whose weights count equal rows.
 */
export function simulate(fit: ModelFit, options: SimulateOptions = {}): Simulation {
  checkFit('simulate', fit);
  checkOptions('simulate', options, SIMULATE_OPTIONS);
  return fit.kind === 'maximumLikelihood' ? atEstimates(fit, options) : atDraws(fit, options);
}

function atEstimates(fit: MaximumLikelihoodFit, options: SimulateOptions): Simulation {
  const { draws = REPLICATES, seed = 1, groups = 'observed' } = options;
  if (!Number.isInteger(draws) || draws < 1 || draws > MOST) {
    throw optionError('draws', draws, `a whole number from 1 to ${MOST}`);
  }
  const rng = createRng([seed, STREAM]);
  const { n, response } = fit.design;
  const residuals = fit.residual && residualModel(fit.design);
  const lowest = response.levels ? 1 : 0;
  const responses = new Float64Array(n * draws);
  for (let d = 0; d < draws; d++) {
    const y = simulateResponse(fit, rng, { residuals, groups });
    for (let i = 0; i < n; i++) responses[i * draws + d] = lowest + y[i]!;
  }
  return { n, draws, responses };
}

function atDraws(fit: Fit, options: SimulateOptions): Simulation {
  const S = drawCount(fit);
  const draws = options.draws ?? Math.min(S, REPLICATES);
  if (!Number.isInteger(draws) || draws < 1 || draws > S) {
    throw optionError('draws', draws, `a whole number from 1 to ${S}, the draws of the fit`);
  }
  const groups = options.groups ?? 'observed';
  const rng = createRng([options.seed ?? fit.sampling.seed, STREAM]);
  const { groupTerms, n, residual } = fit.design;
  const taken = Int32Array.from({ length: draws }, (_, d) => Math.floor(((d + 0.5) * S) / draws));
  const chosen = chosenDraws(fit, taken);
  const { rows, response } = fittedRows(
    chosen,
    groupTerms.map((_, f) => f),
  );
  const fresh = (): PredictorRows => ({
    ...rows,
    terms: groupTerms.map(({ q, Z, J, index }, f): PredictorTerm => {
      const u = newGroupDraws(chosen, f, J, rng);
      return { group: index, q, Z, u: (i, k) => u[index[i]! * q + k]! };
    }),
  });
  const eta = linearPredictor(chosen, groups === 'new' ? fresh() : rows);
  const responses = new Float64Array(n * draws);
  for (let i = 0; i < n; i++) {
    const values = responses.subarray(i * draws, (i + 1) * draws);
    eta(i, values);
    if (!residual) response(i, values, rng);
  }
  if (residual) addResiduals(fit, taken, rng, responses);
  return { n, draws, responses };
}

/** Adds residuals drawn at each of the draws taken to n x draws linear predictors. */
function addResiduals(fit: Fit, taken: Int32Array, rng: Rng, responses: Float64Array): void {
  const model = residualModel(fit.design);
  const placeAt = residualDraws(fit, model);
  taken.forEach((draw, d) => {
    simulateResiduals(fit.design, placeAt(draw), rng, model).forEach((e, i) => {
      responses[i * taken.length + d]! += e;
    });
  });
}
