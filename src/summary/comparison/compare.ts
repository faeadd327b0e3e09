import { essMeanOf } from '../../../diagnostics/ess.ts';
import { poolDraws } from '../../../diagnostics/pooledDraws.ts';
import { correlationPairs } from '../../design/correlationPairs.ts';
import { familyOf } from '../../families/familyOf.ts';
import { estimatedParameter } from '../../families/ownParameter.ts';
import { thresholdLabels } from '../../families/thresholdLabels.ts';
import { checkFit } from '../../input/checkFit.ts';
import type { MaximumLikelihoodFit } from '../../likelihood/maximumLikelihoodFit.ts';
import { findVariable, scalarChains, scalarDraws } from '../../mcmc/draws.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { scalarNames } from '../../mcmc/layout.ts';
import { drawSummary } from '../drawSummary.ts';
import { variableOf } from '../groupDraws.ts';
import { alternativeEstimates } from './alternativeEstimates.ts';
import { boundaryParameters } from './boundaryParameters.ts';
import { type ComparedParameter, compareReason } from './compareReason.ts';
import type { ExternalFit } from './externalFit.ts';
import { type LikelihoodEstimates, likelihoodEstimates } from './likelihoodEstimates.ts';
import { priorParts } from './priorInfluence.ts';

/** One parameter under both engines. */
export interface ComparisonRow {
  /** Flat name: `beta[floor]`, `tau_county[Intercept]`, `corr_county[Intercept,floor]`, `sigma`. */
  readonly parameter: string;
  /** ML or REML estimate; null with a `reason` where it is not defined. */
  readonly ml: number | null;
  /** Its standard error, for coefficients; null for variance parameters. */
  readonly mlSe: number | null;
  readonly posteriorMean: number;
  readonly posteriorSd: number;
  readonly q5: number;
  readonly q95: number;
  /** (posteriorMean - ml) / posteriorSd. */
  readonly difference: number | null;
  /**
   * Why they part, where they differ by more than half a posterior sd or the estimate is on the boundary and a cause
   * was found by computing; else null.
   */
  readonly reason: string | null;
}

/** A posterior beside a maximum of the likelihood. */
export interface Comparison {
  readonly method: string;
  readonly rows: readonly ComparisonRow[];
}

/** Where a parameter stands in the draws and in likelihood estimates. */
interface Place extends Pick<ComparedParameter, 'kind' | 'J' | 'factor' | 'of'> {
  readonly variable: string;
  readonly i: number;
}

/**
 * Compares a posterior with a likelihood fit (ML or REML; Laplace or quadrature of a logit or probit model), ours or
 * from outside (`externalFit`), parameter by parameter: the coefficients, group-level sds and correlations, and the
 * residual sd and what there is of the residuals beside it, the shape of counts or the precision of chances.
 * Parameters are matched by label; one the other fit lacks has `ml` null. The reasons are computed (see
 * `compareReason`): priors widened by importance weights, other criteria fitted. Throws `different-data` for a fit of
 * our own to other data and `not-supported` for one with residuals of another structure (see `likelihoodEstimates`).
 */
export function compare(fit: Fit, other: MaximumLikelihoodFit | ExternalFit): Comparison {
  checkFit('compare', fit, 'mcmc');
  const estimates = likelihoodEstimates(fit.design, other);
  const boundary = boundaryParameters(fit, estimates);
  const priors = priorParts(fit);
  const alternatives = alternativeEstimates(fit, estimates);
  const rows = places(fit).map(({ variable, i, ...place }): ComparisonRow => {
    const { offset, ...rest } = variableOf(fit, variable);
    const parameter = scalarNames({ ...rest, offset })[i]!;
    const draws = scalarDraws(fit.draws, offset + i);
    const { mean, sd, quantiles } = drawSummary(draws, [0.05, 0.95]);
    const ml = place.of(estimates);
    return {
      parameter,
      ml,
      mlSe: seOf(place.kind, i, estimates),
      posteriorMean: mean,
      posteriorSd: sd,
      q5: quantiles[0]!,
      q95: quantiles[1]!,
      difference: ml === null ? null : (mean - ml) / sd,
      reason: compareReason({
        ...place,
        name: parameter,
        method: estimates.method,
        ml,
        draws,
        ess: essMeanOf(poolDraws(scalarChains(fit.draws, offset + i))),
        priors,
        boundary: boundary.filter(({ factor }) => place.factor === null || factor === place.factor),
        alternatives,
      }),
    };
  });
  return { method: estimates.method, rows };
}

function seOf(kind: Place['kind'], i: number, { beta, thresholds }: LikelihoodEstimates): number | null {
  if (kind === 'threshold') return thresholds[i]?.se ?? null;
  return kind === 'beta' ? (beta[i]?.se ?? null) : null;
}

/** What there is of the residuals beside sigma: correlations, sds of further occasions, changes of log sigma. */
function residualPlaces({ design, draws }: Fit): Place[] {
  if (!design.residual) return [];
  return (['sigma', 'phi', 'rho', 'delta'] as const).flatMap((name) => {
    const variable = findVariable(draws, name);
    const kind = name === 'sigma' ? 'sigma' : name === 'delta' ? 'delta' : 'correlation';
    const first = name === 'sigma' ? 1 : 0;
    return (variable ? scalarNames(variable) : []).slice(first).map((parameter, k): Place => {
      const of: Place['of'] = ({ residual }) => residual.get(parameter) ?? null;
      return { variable: name, i: first + k, kind, J: null, factor: null, of };
    });
  });
}

/**
 * The parameters in the order of the rows: coefficients, sds and correlations by factor, sigma, thresholds, shape or
 * precision.
 */
function places(fit: Fit): Place[] {
  const { design, priors } = fit;
  const { columns, groupTerms } = design;
  const own = estimatedParameter(design);
  const none = { J: null, factor: null };
  return [
    ...columns.map((_, c): Place => {
      return { ...none, variable: 'beta', i: c, kind: 'beta', of: ({ beta }) => beta[c]?.estimate ?? null };
    }),
    ...groupTerms.flatMap(({ factor, J, labels, blocks }, f): Place[] => [
      ...labels.map((_, k): Place => {
        return { variable: `tau_${factor}`, i: k, kind: 'tau', J, factor, of: ({ groups }) => groups[f]!.tau[k]! };
      }),
      ...correlationPairs(blocks).map((_, pair): Place => {
        const of: Place['of'] = ({ groups }) => groups[f]!.corr[pair]!;
        return { variable: `corr_${factor}`, i: pair, kind: 'corr', J, factor, of };
      }),
    ]),
    // The scale of a Student-t response is no residual sd.
    ...(priors.sigma !== null
      ? [
          {
            ...none,
            variable: 'sigma',
            i: 0,
            kind: 'sigma',
            of: ({ sigma }) => (familyOf(design).sigma === 'scale' ? null : sigma),
          } satisfies Place,
        ]
      : []),
    ...residualPlaces(fit),
    ...thresholdLabels(design.response.levels ?? []).map((_, k): Place => {
      return {
        ...none,
        variable: 'threshold',
        i: k,
        kind: 'threshold',
        of: ({ thresholds }) => thresholds[k]?.estimate ?? null,
      };
    }),
    ...(own === 'shape' || own === 'precision'
      ? [{ ...none, variable: own, i: 0, kind: 'sigma', of: (estimates) => estimates[own] } satisfies Place]
      : []),
  ];
}
