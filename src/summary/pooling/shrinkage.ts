import type { Point } from '../../design/build/varyingAt.ts';
import { anyValue, flag } from '../../input/acceptedValue.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions } from '../../input/checkOptions.ts';
import { Z95 } from '../../special/normalPoints.ts';
import { deviationSummary } from '../deviationSummary.ts';
import { drawMean, drawSummary } from '../drawSummary.ts';
import { likelihoodCoefficient } from '../estimates.ts';
import { drawCount, groupDraws, ownDraws, populationLine, sigmaDraws } from '../groupDraws.ts';
import { icc } from '../icc.ts';
import { jointCovariance } from '../jointCovariance.ts';
import { factorPosition, type ModelFit } from '../modelFit.ts';
import { completePooling } from './completePooling.ts';
import { groupPrecision } from './groupPrecision.ts';
import { groupRows } from './groupRows.ts';
import { groupSizes } from './groupSizes.ts';
import { byRoots, noPooling, type OwnEstimate, type PointEstimates } from './noPooling.ts';
import { pointEstimates } from './pointEstimates.ts';
import { poolingFactor } from './poolingFactor.ts';
import { rowInformation } from './rowInformation.ts';
import { shrinkageMatrix } from './shrinkageMatrix.ts';
import { type CovarianceDraws, type GroupInformation, shrinkageWeight } from './shrinkageWeight.ts';

/** One varying coefficient of one group under no, partial and complete pooling. */
export interface ShrinkageRow {
  readonly level: string;
  readonly term: string;
  /** Rows of the group; in a logit or probit model its trials. */
  readonly n: number;
  /**
   * Least squares, or logit or probit regression, of the group's own rows (see `noPooling`; of Student-t rows, least
   * squares with the weights the model gives them, of rows whose residuals depend on each other generalised least
   * squares with the covariance it gives them); null with a `reason` where they do not determine it and where they
   * separate successes from failures, so that the estimate is infinite.
   */
  readonly noPooling: number | null;
  readonly noPoolingSe: number | null;
  /** Posterior mean of b_jk, or its estimate. */
  readonly partialPooling: number;
  /** 5% and 95% quantiles of b_jk; for a maximum likelihood fit, estimate -+ 1.645 sd of the prediction error. */
  readonly q5: number;
  readonly q95: number;
  /** Posterior mean (or estimate) of gamma_k w_j. */
  readonly populationLine: number;
  /**
   * gamma_k w_j at the coefficients of the fit without groups; 0 for a term with no column in X; null where X separates
   * successes from failures.
   */
  readonly completePooling: number | null;
  /**
   * Conditional over prior variance of the deviation, in [0, 1]: posterior mean of V_j[k,k] / Sigma[k,k], V_j = (Z_j'
   * Omega Z_j + Sigma^-1)^-1; 1 where the group's rows say nothing of it. With one varying coefficient this is the
   * weight of the population line, estimate = w line + (1 - w) own, given the variances; with several the weights are a
   * matrix (`matrixWeights`), and an estimate may lie outside its own two. In a logit or probit model Omega is the
   * posterior mean of the binomial weights, in a Student-t model that of the mixing variables (`rowInformation`);
   * where residuals depend on each other it is the inverse of the covariance of the group's own, draw by draw.
   */
  readonly shrinkageWeight: number;
  /**
   * Only when asked for: by varying term l, how much of line_l is in this coefficient k, the posterior mean of
   * W_j[k,l], W_j = V_j Sigma^-1. Given the variances, b_jk = sum_l W_j[k,l] line_jl + (I - W_j)[k,l] own_jl, where the
   * group has an estimate of its own of every term.
   */
  readonly matrixWeights?: Readonly<Record<string, number>>;
  /** Why `noPooling` is null; null where it is not. */
  readonly reason: string | null;
}

/** What partial pooling did to every group of one factor. */
export interface Shrinkage {
  readonly factor: string;
  readonly rows: readonly ShrinkageRow[];
  /** By varying term; null for a single group. */
  readonly poolingFactor: Readonly<Record<string, number | null>>;
  /** Posterior mean (or estimate) of the intraclass correlation; null where there is none (see `icc`). */
  readonly icc: number | null;
  /**
   * The part of the variance that lies among levels of this factor alone, where it is nested in `nestedIn` less than
   * `icc`; null with it.
   */
  readonly varianceShare: number | null;
  readonly nestedIn: readonly string[];
  /** Where both are, as in `Days = 0`; null where nothing but intercepts varies. */
  readonly iccAt: string | null;
}

/** What is asked of `shrinkage` besides. */
export interface ShrinkageOptions {
  /** Where the intraclass correlation is taken, `{ Days: 9 }` (see `icc`). */
  readonly at?: Point;
  /** Whether rows have `matrixWeights`; default false. */
  readonly matrix?: boolean;
}

/**
 * No, partial and complete pooling of every group and varying term of a factor, how little its rows say of it
 * (`shrinkageWeight`), and Gelman & Pardoe's (2006) pooling factor per term. Uses every draw, or the running summaries
 * of them (`keep`). With a maximum likelihood fit, estimates stand for posterior means. Throws `unknown-factor`, and
 * what `icc` throws of `at`.
 */
export function shrinkage(fit: ModelFit, factor: string, options: ShrinkageOptions = {}): Shrinkage {
  checkFit('shrinkage', fit);
  checkOptions('shrinkage', options, { at: anyValue, matrix: flag });
  const { design } = fit;
  const f = factorPosition(design, factor);
  const term = design.groupTerms[f]!;
  const point = pointEstimates(fit);
  const own = ownEstimates(fit, f, point);
  const degrees = fit.kind === 'mcmc' ? ownDraws(fit) : null;
  const complete = completePooling(design, degrees ? drawMean(degrees) : undefined);
  const input = weightInput(fit, f);
  const weights = shrinkageWeight(term, ...input);
  const matrix = options.matrix ? shrinkageMatrix(term, ...input) : null;
  const sizes = groupSizes(design, term);
  const partial = partialPooling(fit, f);
  const rows = term.levels.flatMap((level, j) =>
    term.labels.map((label, k): ShrinkageRow => {
      const at = j * term.q + k;
      const { estimate, se, reason } = own[at]!;
      return {
        level,
        term: label,
        n: sizes[j]!,
        noPooling: estimate,
        noPoolingSe: se,
        ...partial(j, k),
        populationLine: populationLine(term, point.beta, j, k),
        completePooling: complete && populationLine(term, complete, j, k),
        shrinkageWeight: weights[at]!,
        ...(matrix
          ? { matrixWeights: Object.fromEntries(term.labels.map((name, l) => [name, matrix[at * term.q + l]!])) }
          : {}),
        reason,
      };
    }),
  );
  const correlation = icc(fit, options.at === undefined ? {} : { at: options.at })[f]!;
  return {
    factor,
    rows,
    poolingFactor: Object.fromEntries(term.labels.map((label, k) => [label, poolingFactor(fit, f, k)])),
    icc: correlation.estimate,
    varianceShare: correlation.share?.estimate ?? null,
    nestedIn: correlation.nestedIn,
    iccAt: correlation.at,
  };
}

/** Shrinkage weights of group term number f, J x q (see `shrinkageWeight`), of a fit of either engine. */
export function shrinkageWeights(fit: ModelFit, f: number): Float64Array {
  return shrinkageWeight(fit.design.groupTerms[f]!, ...weightInput(fit, f));
}

/**
 * What weights of group term number f are computed from: Z_j' W Z_j of every group (J x q x q), and the covariance
 * parameters.
 */
function weightInput(fit: ModelFit, f: number): [GroupInformation, CovarianceDraws] {
  const term = fit.design.groupTerms[f]!;
  const rows = fit.design.residual ? groupRows(fit, term) : null;
  const A = rows?.information ?? groupPrecision(term, rowInformation(fit));
  if (fit.kind === 'maximumLikelihood') {
    const { tau, corr } = fit.groups[f]!;
    const single = (values: Float64Array): number[][] => Array.from(values, (value) => [value]);
    return [
      A,
      { tau: single(tau), corr: single(corr), sigma: rows?.scale ?? (fit.sigma === null ? null : [fit.sigma]) },
    ];
  }
  const draws = groupDraws(fit, f);
  const tau = term.labels.map((_, k) => draws.tau(k));
  return [A, { tau, corr: draws.pairs.map((_, pair) => draws.corr(pair)), sigma: rows?.scale ?? sigmaDraws(fit) }];
}

function ownEstimates(fit: ModelFit, f: number, point: PointEstimates): OwnEstimate[] {
  const { design } = fit;
  if (!design.residual) return noPooling(design, f, point, residualVariance(fit), byRoots(rowInformation(fit)));
  const { sigma2, whiten } = groupRows(fit, design.groupTerms[f]!);
  return noPooling(design, f, point, sigma2, whiten);
}

/** Posterior mean, or estimate, of sigma^2; 1 where there is no sigma. */
function residualVariance(fit: ModelFit): number {
  if (fit.kind === 'maximumLikelihood') return fit.sigma === null ? 1 : fit.sigma * fit.sigma;
  const sigma = sigmaDraws(fit);
  return sigma === null ? 1 : drawMean(sigma.map((value) => value * value));
}

function partialPooling(
  fit: ModelFit,
  f: number,
): (j: number, k: number) => Pick<ShrinkageRow, 'partialPooling' | 'q5' | 'q95'> {
  if (fit.kind === 'maximumLikelihood') {
    const joint = jointCovariance(fit);
    return (j, k) => {
      const { estimate, sd } = likelihoodCoefficient(fit, joint, f, j, k);
      return { partialPooling: estimate, q5: estimate - Z95 * sd, q95: estimate + Z95 * sd };
    };
  }
  const kept = deviationSummary(fit, f);
  const draws = groupDraws(fit, f);
  const b = new Float64Array(kept ? 0 : drawCount(fit));
  return (j, k) => {
    if (!kept) draws.coefficient(j, k, b);
    const { mean, quantiles } = kept ? kept.coefficient(j, k, [0.05, 0.95]) : drawSummary(b, [0.05, 0.95]);
    return { partialPooling: mean, q5: quantiles[0]!, q95: quantiles[1]! };
  };
}
