import { essMeanOf } from '../../diagnostics/ess.ts';
import { poolDraws } from '../../diagnostics/pooledDraws.ts';
import { checkFit } from '../graph/checkFit.ts';
import { correlationPairs } from '../kernels/correlationPairs.ts';
import type { MaximumLikelihoodFit } from '../likelihood/maximumLikelihoodFit.ts';
import { scalarChains, scalarDraws } from '../mcmc/draws.ts';
import type { Fit } from '../mcmc/fit.ts';
import { scalarNames } from '../mcmc/layout.ts';
import { type ComparedParameter, compareReason, onBoundary } from './compareReason.ts';
import { drawMean, drawSummary } from './drawSummary.ts';
import type { ExternalFit } from './externalFit.ts';
import { betaDraws, groupDraws, variableOf } from './groupDraws.ts';
import { type LikelihoodEstimates, likelihoodEstimates } from './likelihoodEstimates.ts';
import { correlationExponent, logScaleRatio, marginalScalePrior, scalePriorText } from './priorShape.ts';

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
  /** Why they part, where they differ by more than half a posterior sd or the estimate is on the boundary; else null. */
  readonly reason: string | null;
}

/** A posterior beside a maximum of the likelihood. */
export interface Comparison {
  readonly method: string;
  readonly rows: readonly ComparisonRow[];
}

type Extra = Pick<ComparedParameter, 'kind' | 'J' | 'factor'> & {
  readonly pull: (mean: number, ml: number) => ComparedParameter['priorPull'];
};

/**
 * Compares a posterior with a likelihood fit (ML or REML; Laplace or quadrature of a logit or probit model), ours or from outside (`externalFit`), parameter by parameter: the coefficients, group-level sds and
 * correlations, and the residual sd. Parameters are matched by label; one the other fit lacks has `ml` null.
 */
export function compare(fit: Fit, other: MaximumLikelihoodFit | ExternalFit): Comparison {
  checkFit('compare', fit, 'mcmc');
  const { design, priors } = fit;
  const estimates = likelihoodEstimates(design, other);
  const boundary = boundaryParameters(fit, estimates);
  const rows: ComparisonRow[] = [];
  const add = (variable: string, i: number, ml: number | null, mlSe: number | null, extra: Extra): void => {
    const { offset, ...rest } = variableOf(fit, variable);
    const draws = scalarDraws(fit.draws, offset + i);
    const { mean, sd, quantiles } = drawSummary(draws, [0.05, 0.95]);
    const reason = compareReason({
      ...extra,
      method: estimates.method,
      ml,
      draws,
      ess: essMeanOf(poolDraws(scalarChains(fit.draws, offset + i))),
      priorPull: ml === null ? null : extra.pull(mean, ml),
      robust: design.response.family === 'studentT',
      boundary: boundary.filter((name) => extra.factor === null || name.includes(`_${extra.factor}[`)),
    });
    rows.push({
      parameter: scalarNames({ ...rest, offset })[i]!,
      ml,
      mlSe,
      posteriorMean: mean,
      posteriorSd: sd,
      q5: quantiles[0]!,
      q95: quantiles[1]!,
      difference: ml === null ? null : (mean - ml) / sd,
      reason,
    });
  };

  estimates.beta.forEach((row, c) => {
    const location = priors.beta.mean[c]!;
    const sd = priors.beta.sd[c]!;
    // Where the prior is of a combination, as that of the linear predictor at the centre of the columns, that is what it pulls on.
    const shift = combinationShift(fit, estimates, c);
    const where = shift.mean === 0 && shift.ml === 0 ? '' : ' at the centre of the columns';
    const pull: Extra['pull'] = (mean, ml) => {
      const ours = (mean + shift.mean - location) / sd;
      const theirs = (ml + shift.ml - location) / sd;
      return {
        log: Number.isFinite(sd) ? 0.5 * (theirs ** 2 - ours ** 2) : 0,
        text: `normal(${location}, ${sd})${where}`,
      };
    };
    add('beta', c, row?.estimate ?? null, row?.se ?? null, { kind: 'beta', J: null, factor: null, pull });
  });
  design.groupTerms.forEach((term, f) => {
    const { factor, J, blocks } = term;
    const blockOf = (k: number): number => blocks.findIndex(({ start, size }) => k >= start && k < start + size);
    term.labels.forEach((_, k) => {
      const b = blockOf(k);
      const prior = marginalScalePrior(priors.groups[f]![b]!, blocks[b]!, k - blocks[b]!.start);
      const pull: Extra['pull'] = (mean, ml) => ({ log: logScaleRatio(prior, ml, mean), text: scalePriorText(prior) });
      add(`tau_${factor}`, k, estimates.groups[f]!.tau[k]!, null, { kind: 'tau', J, factor, pull });
    });
    correlationPairs(blocks).forEach(({ block }, pair) => {
      const exponent = correlationExponent(priors.groups[f]![block]!, blocks[block]!);
      const pull: Extra['pull'] = (mean, ml) => ({
        log: exponent === 0 ? 0 : exponent * (Math.log1p(-mean * mean) - Math.log1p(-ml * ml)),
        text: `proportional to (1 - r^2)^${exponent}`,
      });
      add(`corr_${factor}`, pair, estimates.groups[f]!.corr[pair]!, null, { kind: 'corr', J, factor, pull });
    });
  });
  const { sigma } = priors;
  if (sigma) {
    const pull: Extra['pull'] = (mean, ml) => ({ log: logScaleRatio(sigma, ml, mean), text: scalePriorText(sigma) });
    // The scale of a Student-t response is no residual sd.
    const other = design.response.family === 'studentT' ? null : estimates.sigma;
    add('sigma', 0, other, null, { kind: 'sigma', J: null, factor: null, pull });
  }
  return { method: estimates.method, rows };
}

/** What the other coefficients add to the combination that prior c is of, at the posterior means and at the estimates (0 for one that the other fit lacks). */
function combinationShift(fit: Fit, estimates: LikelihoodEstimates, c: number): { mean: number; ml: number } {
  const shift = { mean: 0, ml: 0 };
  const { combinations, mean } = fit.priors.beta;
  const p = mean.length;
  for (let k = 0; combinations && k < p; k++) {
    const weight = combinations[c * p + k]!;
    if (k === c || weight === 0) continue;
    shift.mean += weight * drawMean(betaDraws(fit, k));
    shift.ml += weight * (estimates.beta[k]?.estimate ?? 0);
  }
  return shift;
}

/** Flat names of the sds and correlations that the likelihood fit has on the boundary. */
function boundaryParameters(fit: Fit, estimates: LikelihoodEstimates): string[] {
  return fit.design.groupTerms.flatMap((term, f) => {
    const draws = groupDraws(fit, f);
    const { factor, labels } = term;
    const sds = labels.filter((_, k) => {
      const tau = estimates.groups[f]!.tau[k]!;
      return tau !== null && onBoundary('tau', tau, drawMean(draws.tau(k)));
    });
    const pairs = draws.pairs.filter((_, pair) => {
      const corr = estimates.groups[f]!.corr[pair]!;
      return corr !== null && onBoundary('corr', corr, 1);
    });
    return [
      ...sds.map((label) => `tau_${factor}[${label}]`),
      ...pairs.map(({ first, second }) => `corr_${factor}[${labels[first]},${labels[second]}]`),
    ];
  });
}
