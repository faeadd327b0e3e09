import type { ModelData } from '../../../src/data/frame.ts';
import { buildDesign } from '../../../src/design/build/buildDesign.ts';
import { ModelError } from '../../../src/errors.ts';
import { formula } from '../../../src/formula/formula.ts';
import type { ModelGraph } from '../../../src/graph/node.ts';
import { profiledDeviance } from '../../../src/likelihood/gaussian/profiledDeviance.ts';
import { maximumLikelihood } from '../../../src/likelihood/maximumLikelihood.ts';
import type { FittedResiduals } from '../../../src/likelihood/maximumLikelihoodFit.ts';
import { estimateTheta } from '../../../src/likelihood/search/estimateTheta.ts';
import { crossProducts } from '../../../src/products/crossProducts.ts';
import type { RandomCase } from './randomCase.ts';

/** What the product says of a case, as plain JSON: the estimates that lme4 is asked about. */
export type ProductFit =
  | ProductEstimates
  | {
      readonly id: string;
      readonly ok: false;
      readonly code: string;
      readonly error: string;
      /** Where the search ended, of a criterion that is refused as without bound. */
      readonly theta?: readonly number[];
      readonly thetaLabels?: readonly string[];
    };

export interface ProductEstimates {
  readonly id: string;
  readonly ok: true;
  readonly deviance: number;
  readonly logLik: number;
  readonly df: number;
  readonly sigma: number | null;
  readonly labels: readonly string[];
  readonly beta: readonly (number | null)[];
  readonly se: readonly (number | null)[];
  readonly theta: readonly number[];
  readonly thetaLabels: readonly string[];
  readonly converged: boolean;
  /** Directions that the fit says nothing is known of; df has them left out. */
  readonly flat: number;
  /** Everything that the fit says about its optimum: that it is none, what is not identified, other optima. */
  readonly message: string;
  readonly boundary: readonly string[];
  /** Labels of theta that belong to sds of which the fit says that they are no measure of anything. */
  readonly far?: readonly string[];
  /** What was estimated of residuals that are not independent with one sigma. */
  readonly residual?: Pick<FittedResiduals, 'parameters' | 'sds' | 'unit'> & {
    readonly coordinates: readonly number[];
  };
  readonly groups: readonly ProductGroup[];
}

export interface ProductGroup {
  readonly factor: string;
  readonly labels: readonly string[];
  readonly levels: readonly string[];
  readonly tau: readonly number[];
  /** J x q. */
  readonly modes: readonly number[];
  readonly condsd: readonly number[];
}

export function productFit(one: RandomCase): ProductFit {
  try {
    const { graph, data } = modelOf(one);
    const fit = maximumLikelihood(graph, data, { method: one.method, ...(one.points ? { points: one.points } : {}) });
    const { fixef, convergence, residual } = fit;
    // Thresholds stand before the coefficients.
    const parts = fit.thresholds ? [fit.thresholds, fixef] : [fixef];
    return {
      id: one.id,
      ok: true,
      deviance: fit.deviance,
      logLik: fit.logLik,
      df: fit.df,
      sigma: fit.sigma,
      labels: parts.flatMap(({ labels }) => labels),
      beta: parts.flatMap(({ estimates }) => [...estimates]),
      se: parts.flatMap(({ standardErrors }) => [...standardErrors]),
      theta: [...fit.theta],
      thetaLabels: fit.thetaLabels,
      converged: convergence.converged,
      flat: fit.unidentified.length,
      message: [convergence.message, ...fit.messages].filter(Boolean).join('; '),
      boundary: fit.boundary,
      far: farLabels(fit.messages, fit.thetaLabels),
      ...(residual ? { residual: { ...residual, coordinates: [...residual.coordinates] } } : {}),
      groups: fit.groups.map(({ factor, labels, levels, J, q, tau, modes, conditionalCov }) => ({
        factor,
        labels,
        levels,
        tau: [...tau],
        modes: [...modes],
        condsd: Array.from({ length: J * q }, (_, i) =>
          Math.sqrt(conditionalCov[Math.floor(i / q) * q * q + (i % q) * (q + 1)]!),
        ),
      })),
    };
  } catch (error) {
    if (error instanceof ModelError) {
      return { id: one.id, ok: false, code: error.code, error: error.message, ...whereItEnded(one, error.code) };
    }
    return { id: one.id, ok: false, code: 'CRASH', error: error instanceof Error ? error.message : String(error) };
  }
}

/** Labels of theta, `g[x]` or `g[x,z]`, of the sds that messages call far out on the link scale. */
function farLabels(messages: readonly string[], thetaLabels: readonly string[]): string[] {
  const sds = messages.flatMap((message) => {
    const [, factor, label] = /^tau_(.+?)\[(.+?)\] is \S+ on the link scale/.exec(message) ?? [];
    return factor === undefined || label === undefined ? [] : [[factor, label] as const];
  });
  return thetaLabels.filter((text) =>
    sds.some(
      ([factor, label]) =>
        text === `${factor}[${label}]` ||
        text.startsWith(`${factor}[${label},`) ||
        (text.startsWith(`${factor}[`) && text.endsWith(`,${label}]`)),
    ),
  );
}

function modelOf(one: RandomCase): { graph: ModelGraph; data: ModelData } {
  const { z, ...rest } = one.columns;
  // A level-2 predictor stands in the group table alone.
  const rows = one.level2 || !z ? rest : one.columns;
  const graph = formula(one.formula, {
    family: one.family,
    ...(one.level2 ? { level2: { g: one.level2 } } : {}),
    ...(one.residual ? { residual: one.residual } : {}),
    ...(one.sigma ? { sigma: one.sigma } : {}),
  });
  return { graph, data: one.groups ? { rows, groups: one.groups } : { rows } };
}

/** The end of the search that was refused, for the referee. */
function whereItEnded(one: RandomCase, code: string): { theta: number[]; thetaLabels: readonly string[] } | object {
  if (code !== 'residual-scale' || one.kind === 'residual') return {};
  const { graph, data } = modelOf(one);
  const design = buildDesign(graph, data);
  const profiled = profiledDeviance(crossProducts(design), design, one.method);
  const { lambdas } = estimateTheta(profiled);
  return { theta: [...profiled.factors.toTheta(lambdas)], thetaLabels: profiled.factors.labels };
}
