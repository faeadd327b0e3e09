import type { ModelData, Table } from '../../data/frame.ts';
import type { Design } from '../../design/design.ts';
import { needsRows } from '../../design/needsRows.ts';
import { estimatedParameter, knownParameter } from '../../families/ownParameter.ts';
import type { FormulaOptions, GivenPriors } from '../../formula/formula.ts';
import { type Model, readModel } from '../../formula/readModel.ts';
import { checkGraph } from '../../graph/checkGraph.ts';
import type { ModelGraph } from '../../graph/node.ts';
import { oneOf, seedValue, wholeNumber } from '../../input/acceptedValue.ts';
import type { OptionTable } from '../../input/checkOptions.ts';
import { optionError } from '../../input/optionError.ts';
import type { State } from '../../kernels/kernel.ts';
import { simulateResiduals } from '../../likelihood/structured/simulateResiduals.ts';
import { multiplyLower } from '../../linalg/cholesky.ts';
import type { Draws } from '../../mcmc/draws.ts';
import { emptyState, layout, layoutSize } from '../../mcmc/layout.ts';
import { samplingDesign } from '../../mcmc/samplingDesign.ts';

import { drawParameter, LEAST } from '../../priors/parameterPrior.ts';
import { covarianceDraw, drawCoefficients, drawScale } from '../../priors/priorDraw.ts';
import type { Priors } from '../../priors/priors.ts';
import { residualDraw } from '../../priors/residualDraw.ts';
import { resolvePriors } from '../../priors/resolvePriors.ts';
import { drawThresholds } from '../../priors/thresholdPrior.ts';
import { wideCoefficients } from '../../priors/wideCoefficients.ts';
import { familyRows, simulateRows } from '../../products/familyRows.ts';
import { createRng, type Rng } from '../../random/rng.ts';
import { residualModel } from '../../residual/residualModel.ts';
import { correlationFactor } from '../correlationFactor.ts';
import type { Simulation } from './simulate.ts';

/** How many draws of the prior. */
export interface SimulatePriorOptions {
  /** From 1, default 1000. */
  readonly draws?: number;
  /** Default 1. */
  readonly seed?: number;
  /** Rows with missing values: an error (default), or dropped. */
  readonly missing?: 'error' | 'drop';
  /**
   * Linearly dependent columns of the population part, as in `sample`: proper priors draw them all, unless 'drop'
   * leaves them out.
   */
  readonly rankDeficient?: 'error' | 'drop';
  /**
   * Coefficients with flat priors, as those of gaussian models have by default: an error (default), or 'wide', proper
   * priors in their place that follow the data's scale alone; the answer's `priors` have them.
   */
  readonly flat?: 'error' | 'wide';
}

const PRIOR_OPTIONS: OptionTable<SimulatePriorOptions> = {
  draws: wholeNumber(1),
  seed: seedValue,
  missing: oneOf('error', 'drop'),
  rankDeficient: oneOf('error', 'drop'),
  flat: oneOf('error', 'wide'),
};

/** Responses, or values of parameters, that are held at once: eight gigabytes of them. */
const MOST_NUMBERS = 2 ** 30;

/** Draws of every parameter from the prior, as one chain, and the responses they imply. */
export interface PriorSimulation extends Simulation {
  readonly design: Design;
  readonly priors: Priors;
  readonly parameters: Draws;
}

/** The stream of prior simulation, beyond the number of any chain. */
const STREAM = 3_000_000;

/**
 * Draws parameters from the priors in force (defaults resolved on the data) and, for each draw, deviations u ~ N(0,
 * Sigma) and a response at every row: the prior predictive distribution. The values of the response in `data` set the
 * default scales of a gaussian model and nothing else. Throws `improper-prior`, naming the quantity, for a prior that
 * is flat (of coefficients unless `flat` is 'wide'), and what building the design throws.
 */
export function simulatePrior(
  graph: ModelGraph,
  data: ModelData | Table,
  options?: SimulatePriorOptions,
): PriorSimulation;
export function simulatePrior<const P extends GivenPriors = GivenPriors>(
  text: string,
  data: ModelData | Table,
  options?: SimulatePriorOptions & FormulaOptions<P>,
): PriorSimulation;
export function simulatePrior(
  model: Model,
  data: ModelData | Table,
  given: SimulatePriorOptions & FormulaOptions = {},
): PriorSimulation {
  const { graph, options } = readModel<SimulatePriorOptions>('simulatePrior', model, given, PRIOR_OPTIONS);
  checkGraph(graph);
  const { draws = 1000, seed = 1, missing, rankDeficient } = options;
  const design = samplingDesign(graph, data, { missing, rankDeficient });
  needsRows(design, 'simulated responses', 'moments');
  const resolved = resolvePriors(design);
  const priors = options.flat === 'wide' ? { ...resolved, beta: wideCoefficients(design, resolved.beta) } : resolved;
  const variables = layout(design);
  const scalars = layoutSize(variables);
  const state = emptyState(variables);
  const { n } = design;
  const most = Math.floor(MOST_NUMBERS / Math.max(n, scalars));
  if (draws > most)
    throw optionError('draws', draws, `a whole number from 1 to ${most}, for ${n} rows and ${scalars} parameters`);
  const values = new Float64Array(scalars * draws);
  const responses = new Float64Array(n * draws);
  const rows = familyRows(design);
  const sigma = state.at['sigma'];
  const parameter = estimatedParameter(design);
  const own = parameter === null ? null : state.at[parameter]!;
  const thresholds = state.at['threshold'];
  // Numbers of levels count from 1.
  const first = thresholds ? 1 : 0;
  const eta = new Float64Array(n);
  const row = new Float64Array(n);
  const rng = createRng([seed, STREAM]);
  const residuals = design.residual ? residualModel(design) : null;
  const drawParameters = parameterDraw(design, priors, state, rng);
  for (let d = 0; d < draws; d++) {
    drawParameters();
    for (let i = 0; i < scalars; i++) values[i * draws + d] = state.position[i]!;
    for (let i = 0; i < n; i++) eta[i] = rowPredictor(design, state, i);
    if (residuals) {
      const place = residuals.place((name, k = 0) => state.at[name]![k]!);
      const e = simulateResiduals(design, place, rng, residuals);
      for (let i = 0; i < n; i++) responses[i * draws + d] = eta[i]! + e[i]!;
      continue;
    }
    simulateRows(rows, eta, sigma ? sigma[0]! : 1, rng, row, own ? own[0]! : knownParameter(design), thresholds);
    for (let i = 0; i < n; i++) responses[i * draws + d] = row[i]! + first;
  }
  return { n, draws, responses, design, priors, parameters: { variables, chains: 1, iterations: draws, values } };
}

/** Returns a function that sets every parameter of the state to a draw from its prior. */
function parameterDraw(design: Design, priors: Priors, state: State, rng: Rng): () => void {
  const labels = design.columns.map(({ label }) => label);
  const terms = design.groupTerms.map((term, f) => {
    const { factor, q, J } = term;
    const tau = state.at[`tau_${factor}`]!;
    const corr = state.at[`corr_${factor}`] ?? new Float64Array(0);
    const u = state.at[`u_${factor}`]!;
    const C = new Float64Array(q * q);
    const factorise = correlationFactor(term);
    const drawCovariances = covarianceDraw(term, priors.groups[f]!, rng, tau, corr);
    return (): void => {
      drawCovariances();
      factorise(corr, C);
      for (let j = 0; j < J; j++) {
        const z = u.subarray(j * q, (j + 1) * q);
        for (let k = 0; k < q; k++) z[k] = rng.normal();
        multiplyLower(C, q, z);
        for (let k = 0; k < q; k++) z[k]! *= tau[k]!;
      }
    };
  });
  const parameter = estimatedParameter(design);
  const drawResiduals = residualDraw(design, priors, state.at, rng);
  return () => {
    drawCoefficients(priors.beta, labels, rng, state.at['beta']!);
    for (const draw of terms) draw();
    if (priors.sigma) state.at['sigma']![0] = drawScale(priors.sigma, 'sigma', rng);
    drawResiduals?.();
    if (priors.threshold) drawThresholds(priors.threshold, state.at['beta']!, rng, state.at['threshold']!);
    if (parameter) state.at[parameter]![0] = drawParameter(priors[parameter]!, LEAST[parameter], rng);
  };
}

function rowPredictor(design: Design, state: State, i: number): number {
  const { p, X, response, groupTerms } = design;
  const beta = state.at['beta']!;
  let eta = response.offset ? response.offset[i]! : 0;
  for (let c = 0; c < p; c++) eta += X[i * p + c]! * beta[c]!;
  for (const { factor, q, Z, index } of groupTerms) {
    const u = state.at[`u_${factor}`]!;
    for (let k = 0; k < q; k++) eta += Z[i * q + k]! * u[index[i]! * q + k]!;
  }
  return eta;
}
