import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { correlationPairs } from '../../src/design/correlationPairs.ts';
import type { Design } from '../../src/design/design.ts';
import type { FamilyName } from '../../src/families/family.ts';
import { familyNamed } from '../../src/families/familyOf.ts';
import { logLevelProbability } from '../../src/families/orderedLink.ts';
import { estimatedParameter, knownParameter } from '../../src/families/ownParameter.ts';
import { type FormulaOptions, formula } from '../../src/formula/formula.ts';
import type { State } from '../../src/kernels/kernel.ts';
import { simulateResiduals } from '../../src/likelihood/structured/simulateResiduals.ts';
import { cholesky } from '../../src/linalg/cholesky.ts';
import { emptyState, layout } from '../../src/mcmc/layout.ts';
import { drawParameter, LEAST } from '../../src/priors/parameterPrior.ts';
import { drawBlock, drawCoefficients, drawScale } from '../../src/priors/priorDraw.ts';
import type { Priors } from '../../src/priors/priors.ts';
import { residualDraw } from '../../src/priors/residualDraw.ts';
import { resolvePriors } from '../../src/priors/resolvePriors.ts';
import { drawThresholds } from '../../src/priors/thresholdPrior.ts';
import { type FamilyRows, familyRows, fillRows, simulateRows } from '../../src/products/familyRows.ts';
import { structuredLogLikelihood } from '../../src/products/structuredLogLikelihood.ts';
import type { Rng } from '../../src/random/rng.ts';
import { residualModel } from '../../src/residual/residualModel.ts';

/** A model with proper priors on a small design of its own. */
export interface ModelCase {
  readonly name: string;
  readonly formula: string;
  /** Default gaussian. */
  readonly family?: FamilyName;
  readonly priors: FormulaOptions['priors'];
  /** Degrees of freedom of studentT rows, where they are known. */
  readonly nu?: FormulaOptions['nu'];
  /** The shape of negative binomial counts, where it is known. */
  readonly shape?: FormulaOptions['shape'];
  /** The precision of beta-binomial chances, where it is known. */
  readonly precision?: FormulaOptions['precision'];
  /** The levels of an ordered answer. */
  readonly levels?: readonly string[];
  readonly level2?: FormulaOptions['level2'];
  readonly residual?: FormulaOptions['residual'];
  readonly sigma?: FormulaOptions['sigma'];
  /** Columns but the response `y`; trials are in `n`. */
  readonly rows: Readonly<Record<string, readonly (number | string)[]>>;
}

/** A case brought together with its design: it draws parameters from the prior and data given parameters. */
export interface PriorModel {
  readonly design: Design;
  readonly priors: Priors;
  readonly state: State;
  /** Correlation matrices of the state, by factor. */
  readonly correlations: readonly Correlations[];
  /** Parameters from the prior, to the state. */
  drawParameters(rng: Rng): void;
  /** A response given the state, to `y`. */
  drawResponse(rng: Rng, y: Float64Array): void;
  /** The design with another response. */
  withResponse(y: Float64Array): Design;
  /**
   * log p(y | state) but for what depends on y alone. `each` (length n), where given, receives it by row, and
   * `predictor` the linear predictor.
   */
  logLikelihood(y: Float64Array, each?: Float64Array, predictor?: Float64Array): number;
}

/**
 * Brings a case together with its design. A family with auxiliaries of its own would draw them from their prior in
 * `drawParameters`.
 */
export function priorModel(given: ModelCase): PriorModel {
  const n = Object.values(given.rows)[0]!.length;
  const family = given.family ?? 'gaussian';
  const { kind, ordered } = familyNamed(family);
  // The response sets no prior here; this one only gives the design its shape.
  const rows = {
    ...given.rows,
    y: Array.from({ length: n }, (_, i) => given.levels?.[i % given.levels.length] ?? i % (kind === 'numbers' ? 3 : 2)),
  };
  const { priors: asked, level2, nu, shape, precision, levels, residual, sigma: sigmaTerms } = given;
  const options = { family, priors: asked, level2, nu, shape, precision, levels, residual, sigma: sigmaTerms };
  const graph = formula(given.formula, options);
  const design = buildDesign(graph, { rows });
  const priors = resolvePriors(design);
  const { p, X, response, groupTerms } = design;
  const state = emptyState(layout(design));
  const labels = design.columns.map(({ label }) => label);
  const beta = state.at['beta']!;
  const eta = new Float64Array(n);
  const factors = groupTerms.map((term) => correlations(state, term));
  const model: FamilyRows = familyRows(design);
  const parameter = estimatedParameter(design);

  const drawParameters = (rng: Rng): void => {
    drawCoefficients(priors.beta, labels, rng, beta);
    groupTerms.forEach(({ factor, q, J, blocks }, f) => {
      const tau = state.at[`tau_${factor}`]!;
      const u = state.at[`u_${factor}`]!;
      const { R, L, write } = factors[f]!;
      blocks.forEach(({ start, size }, b) => {
        const names = Array.from({ length: size }, (_, k) => `tau ${k}`);
        drawBlock(priors.groups[f]![b]!, names, rng, tau.subarray(start, start + size), R[b]!);
        L[b]!.set(R[b]!);
        if (!cholesky(L[b]!, size)) throw new Error('a correlation matrix from the prior is not positive definite');
        const e = new Float64Array(size);
        for (let j = 0; j < J; j += 1) {
          for (let k = 0; k < size; k += 1) e[k] = rng.normal();
          for (let k = 0; k < size; k += 1) {
            let sum = 0;
            for (let l = 0; l <= k; l += 1) sum += L[b]![k * size + l]! * e[l]!;
            u[j * q + start + k] = tau[start + k]! * sum;
          }
        }
      });
      write();
    });
    if (priors.sigma) state.at['sigma']![0] = drawScale(priors.sigma, 'sigma', rng);
    if (priors.threshold) drawThresholds(priors.threshold, beta, rng, state.at['threshold']!);
    residualDraw(design, priors, state.at, rng)?.();
    if (parameter) state.at[parameter]![0] = drawParameter(priors[parameter]!, LEAST[parameter], rng);
  };

  // The prior of sigma is of the sd at the means of the columns of its terms; the state has the one at 0.
  const residuals = design.residual ? residualModel(design) : null;
  const parameterOf = (name: string, k = 0): number => state.at[name]![k]!;

  const predict = (): void => {
    for (let i = 0; i < n; i += 1) {
      let sum = response.offset?.[i] ?? 0;
      for (let k = 0; k < p; k += 1) sum += X[i * p + k]! * beta[k]!;
      for (const { factor, q, Z, index } of groupTerms) {
        const u = state.at[`u_${factor}`]!;
        for (let k = 0; k < q; k += 1) sum += Z[i * q + k]! * u[index[i]! * q + k]!;
      }
      eta[i] = sum;
    }
  };
  const sigma = (): number => state.at['sigma']?.[0] ?? 1;
  const own = (): number | undefined => (parameter ? state.at[parameter]![0] : knownParameter(design));

  return {
    design,
    priors,
    state,
    correlations: factors,
    drawParameters,
    withResponse: (y) => ({ ...design, response: { ...response, y: y.slice() } }),
    drawResponse(rng, y) {
      predict();
      if (residuals) {
        const e = simulateResiduals(design, residuals.place(parameterOf), rng, residuals);
        for (let i = 0; i < n; i += 1) y[i] = eta[i]! + e[i]!;
        return;
      }
      simulateRows(model, eta, sigma(), rng, y, own(), state.at['threshold']);
    },
    logLikelihood(y, out, predictor) {
      predict();
      predictor?.set(eta);
      if (residuals) {
        // Of one row by itself: its marginal density.
        const { coordinates, unit } = residuals.place(parameterOf);
        residuals.at(coordinates);
        const { groups } = design.residual!;
        out?.forEach((_, i) => {
          const own = residuals.correlation.variance(groups ? groups.positions[groups.occasion[i]!]! : 0);
          const sd = unit * residuals.rowSd(i) * Math.sqrt(own);
          out[i] = -0.5 * ((y[i]! - eta[i]!) / sd) ** 2 - Math.log(sd);
        });
        return structuredLogLikelihood({ ...design, response: { ...response, y } }, eta, parameterOf);
      }
      if (ordered) {
        const each = y.map((level, i) => logLevelProbability(ordered, level, eta[i]!, state.at['threshold']!));
        out?.set(each);
        return each.reduce((sum, value) => sum + value, 0);
      }
      return fillRows({ ...model, y }, eta, sigma(), { logLik: out }, own());
    },
  };
}

/**
 * The correlation matrix R and its Cholesky factor L of each block of a term; `write` puts R into the state, `read`
 * takes L from there.
 */
export interface Correlations {
  readonly R: readonly Float64Array[];
  readonly L: readonly Float64Array[];
  write(): void;
  read(): void;
}

function correlations(state: State, { factor, blocks }: Design['groupTerms'][number]): Correlations {
  const R = blocks.map(({ size }) => new Float64Array(size * size));
  const L = blocks.map(({ size }) => new Float64Array(size * size));
  const corr = state.at[`corr_${factor}`] ?? new Float64Array(0);
  const pairs = correlationPairs(blocks);
  const write = (): void => {
    pairs.forEach(({ block, row, column }, i) => {
      corr[i] = R[block]![row * blocks[block]!.size + column]!;
    });
  };
  const read = (): void => {
    blocks.forEach(({ size }, b) => {
      for (let k = 0; k < size; k += 1) L[b]![k * size + k] = 1;
    });
    pairs.forEach(({ block, row, column }, i) => {
      const { size } = blocks[block]!;
      L[block]![row * size + column] = corr[i]!;
      L[block]![column * size + row] = corr[i]!;
    });
    blocks.forEach(({ size }, b) => {
      if (!cholesky(L[b]!, size)) throw new Error('a correlation matrix of the state is not positive definite');
    });
  };
  return { R, L, write, read };
}
