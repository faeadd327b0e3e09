import type { Design, GroupTerm } from '../design/design.ts';
import { leftOut } from '../design/leftOut.ts';
import { familyOf } from '../families/familyOf.ts';
import { flag } from '../input/acceptedValue.ts';
import { checkFit } from '../input/checkFit.ts';
import { checkOptions } from '../input/checkOptions.ts';
import type { MaximumLikelihoodFit } from '../likelihood/maximumLikelihoodFit.ts';
import { deviationSummary } from './deviationSummary.ts';
import { type DrawSummary, drawSummary } from './drawSummary.ts';
import { betaDraws, drawCount, groupDraws, populationLine, sigmaDraws } from './groupDraws.ts';
import { type JointCovariance, jointCovariance } from './jointCovariance.ts';
import type { ModelFit } from './modelFit.ts';

/** 5%, 50% and 95% quantiles of the posterior; absent from rows of a maximum likelihood fit. */
export interface PosteriorQuantiles {
  readonly q5?: number;
  readonly q50?: number;
  readonly q95?: number;
}

/** A population-level coefficient: posterior mean and sd, or estimate and standard error. */
export interface FixefRow extends PosteriorQuantiles {
  readonly term: string;
  readonly estimate: number;
  readonly se: number;
}

/** A population-level coefficient that has no estimate: its column depends on others and is left out of X. */
export interface LeftOutRow {
  readonly term: string;
  readonly estimate: null;
  readonly se: null;
  readonly reason: string;
}

/** A group-level deviation u_jk: posterior mean and sd, or conditional mode and conditional sd (lme4's `condVar`). */
export interface RanefRow extends PosteriorQuantiles {
  readonly level: string;
  readonly term: string;
  readonly mode: number;
  readonly sd: number;
}

/** A group coefficient b_jk = gamma_k w_j + u_jk: posterior mean and sd, or estimate and prediction sd. */
export interface CoefRow extends PosteriorQuantiles {
  readonly level: string;
  readonly term: string;
  readonly estimate: number;
  readonly sd: number;
}

/**
 * An sd (`term2` null, `corr` null) or a correlation (`sd` null) of a grouping factor, or the residual sd (`factor`
 * "Residual", both terms null). The estimate is in `sd` or `corr`; `se` is its posterior sd, null for a maximum
 * likelihood fit. A correlation that is not defined, an sd being 0, is null.
 */
export interface VarCorrRow extends PosteriorQuantiles {
  readonly factor: string;
  readonly term1: string | null;
  readonly term2: string | null;
  readonly sd: number | null;
  readonly corr: number | null;
  readonly se: number | null;
}

/**
 * The residual sd; null with a reason where the standard errors of the rows are known and in a logit or probit model.
 */
export interface SigmaEstimate extends PosteriorQuantiles {
  readonly estimate: number | null;
  readonly se: number | null;
  readonly reason: string | null;
}

/** Why there is no residual sd. */
export const knownErrors = 'the standard errors of the rows are known, so that there is no common residual sd';

function noSigma(design: Design): string {
  const { sigma, link } = familyOf(design);
  return sigma !== null ? knownErrors : `a ${link} model has no residual sd`;
}

/**
 * Population-level coefficients in the order of X: `beta` of the composite form. With `leftOut: true` those whose
 * columns were left out of X, being dependent, stand in their places, null with the reason (lme4's `add.dropped`).
 */
export function fixef(fit: ModelFit, options?: { readonly leftOut?: false }): FixefRow[];
export function fixef(fit: ModelFit, options: { readonly leftOut?: boolean }): (FixefRow | LeftOutRow)[];
export function fixef(fit: ModelFit, options: { readonly leftOut?: boolean } = {}): (FixefRow | LeftOutRow)[] {
  checkFit('fixef', fit);
  checkOptions('fixef', options, { leftOut: flag });
  const rows = fit.design.columns.map(({ label }, c): FixefRow | LeftOutRow => {
    if (fit.kind === 'maximumLikelihood') {
      return { term: label, estimate: fit.fixef.estimates[c]!, se: fit.fixef.standardErrors[c]! };
    }
    const summary = drawSummary(betaDraws(fit, c));
    return { term: label, estimate: summary.mean, se: summary.sd, ...quantiles(summary) };
  });
  if (!options.leftOut) return rows;
  // From the front: the columns before each already stand in their places.
  for (const { column, label, reason } of leftOut(fit.design)) {
    rows.splice(column, 0, { term: label, estimate: null, se: null, reason });
  }
  return rows;
}

/**
 * Group-level deviations u of every grouping factor, level by level: posterior means (`mode`) and sds, or conditional
 * modes and sds.
 */
export function ranef(fit: ModelFit): Record<string, RanefRow[]> {
  checkFit('ranef', fit);
  return byFactor(fit, (term, f) => {
    if (fit.kind === 'maximumLikelihood') {
      const { modes, conditionalCov } = fit.groups[f]!;
      return cells(term, (j, k) => ({
        mode: modes[j * term.q + k]!,
        sd: Math.sqrt(conditionalCov[(j * term.q + k) * term.q + k]!),
      }));
    }
    const kept = deviationSummary(fit, f);
    const draws = groupDraws(fit, f);
    return cells(term, (j, k) => {
      const summary = kept ? kept.deviation(j, k) : drawSummary(draws.u(j, k));
      return { mode: summary.mean, sd: summary.sd, ...quantiles(summary) };
    });
  });
}

/**
 * Group coefficients b_j = gamma w_j + u_j of every grouping factor. Unlike lme4's `coef()`, the line gamma w_j
 * includes the level-2 predictors. The sd of a maximum likelihood fit is that of the prediction error, the uncertainty
 * of beta included.
 */
export function coef(fit: ModelFit): Record<string, CoefRow[]> {
  checkFit('coef', fit);
  if (fit.kind === 'maximumLikelihood') {
    const joint = fit.groups.length > 0 ? jointCovariance(fit) : null;
    return byFactor(fit, (term, f) => cells(term, (j, k) => likelihoodCoefficient(fit, joint!, f, j, k)));
  }
  const b = new Float64Array(drawCount(fit));
  return byFactor(fit, (term, f) => {
    const kept = deviationSummary(fit, f);
    const draws = groupDraws(fit, f);
    return cells(term, (j, k) => {
      if (!kept) draws.coefficient(j, k, b);
      const summary = kept ? kept.coefficient(j, k) : drawSummary(b);
      return { estimate: summary.mean, sd: summary.sd, ...quantiles(summary) };
    });
  });
}

/** b_jk of a maximum likelihood fit and the sd of its prediction error. */
export function likelihoodCoefficient(
  fit: MaximumLikelihoodFit,
  joint: JointCovariance,
  f: number,
  j: number,
  k: number,
): { estimate: number; sd: number } {
  const term = fit.design.groupTerms[f]!;
  const { m, W, columns } = term.level2;
  const x = new Float64Array(fit.design.p);
  for (let l = 0; l < m; l++) {
    const column = columns[k * m + l]!;
    if (column >= 0) x[column]! += W[j * m + l]!;
  }
  const line = populationLine(term, fit.fixef.estimates, j, k);
  return { estimate: line + fit.groups[f]!.modes[j * term.q + k]!, sd: joint.combinationSd(f, j, k, x) };
}

/** Group-level sds and correlations of every factor, then the residual sd where there is one (lme4's `VarCorr`). */
export function varCorr(fit: ModelFit): VarCorrRow[] {
  checkFit('varCorr', fit);
  const rows: VarCorrRow[] = [];
  fit.design.groupTerms.forEach((term, f) => {
    const { factor, labels } = term;
    if (fit.kind === 'maximumLikelihood') {
      const { tau, corr, pairs } = fit.groups[f]!;
      labels.forEach((label, k) => {
        const sd = Number.isNaN(tau[k]!) ? null : tau[k]!;
        rows.push({ factor, term1: label, term2: null, sd, corr: null, se: null });
      });
      pairs.forEach(([k, l], pair) => {
        const value = Number.isNaN(corr[pair]!) ? null : corr[pair]!;
        rows.push({ factor, term1: labels[k]!, term2: labels[l]!, sd: null, corr: value, se: null });
      });
      return;
    }
    const draws = groupDraws(fit, f);
    labels.forEach((label, k) => {
      const summary = drawSummary(draws.tau(k));
      const row = { factor, term1: label, term2: null, sd: summary.mean, corr: null, se: summary.sd };
      rows.push({ ...row, ...quantiles(summary) });
    });
    draws.pairs.forEach(({ first, second }, pair) => {
      const summary = drawSummary(draws.corr(pair));
      const row = { factor, term1: labels[first]!, term2: labels[second]!, sd: null, corr: summary.mean };
      rows.push({ ...row, se: summary.sd, ...quantiles(summary) });
    });
  });
  const { estimate, reason, ...rest } = sigma(fit);
  if (estimate !== null) {
    rows.push({ factor: 'Residual', term1: null, term2: null, sd: estimate, corr: null, ...rest });
  }
  return rows;
}

/**
 * The residual sd (for a row of weight 1), of a Student-t response the scale: posterior mean and sd, or the estimate.
 */
export function sigma(fit: ModelFit): SigmaEstimate {
  checkFit('sigma', fit);
  if (fit.kind === 'maximumLikelihood') {
    return { estimate: fit.sigma, se: null, reason: fit.sigma === null ? noSigma(fit.design) : null };
  }
  const draws = sigmaDraws(fit);
  if (draws === null) return { estimate: null, se: null, reason: noSigma(fit.design) };
  const summary = drawSummary(draws);
  return { estimate: summary.mean, se: summary.sd, ...quantiles(summary), reason: null };
}

/** The quantiles of a summary by their keys. */
export function quantiles({ quantiles }: DrawSummary): { q5: number; q50: number; q95: number } {
  return { q5: quantiles[0]!, q50: quantiles[1]!, q95: quantiles[2]! };
}

function byFactor<T>(fit: ModelFit, rows: (term: GroupTerm, f: number) => T[]): Record<string, T[]> {
  return Object.fromEntries(fit.design.groupTerms.map((term, f) => [term.factor, rows(term, f)]));
}

function cells<T extends object>(
  term: GroupTerm,
  values: (j: number, k: number) => T,
): ({ level: string; term: string } & T)[] {
  return term.levels.flatMap((level, j) => term.labels.map((label, k) => ({ level, term: label, ...values(j, k) })));
}
