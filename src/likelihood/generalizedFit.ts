import { cells } from '../design/cells.ts';
import { toUser } from '../design/coordinates.ts';
import type { Design } from '../design/design.ts';
import { ModelError } from '../errors.ts';
import { cellRows, familyRows } from '../families/familyRows.ts';
import { boundarySentences } from './boundary.ts';
import { checkTrials } from './checkTrials.ts';
import { conditionalCovariance } from './conditionalCovariance.ts';
import { convergence } from './convergence.ts';
import { estimateTheta } from './estimateTheta.ts';
import { fittedValues } from './fittedValues.ts';
import { generalizedCovariance } from './generalizedCovariance.ts';
import { generalizedCriterion } from './generalizedCriterion.ts';
import { type Glm, glm } from './glm.ts';
import { blockIndex, groupEstimates } from './groupEstimates.ts';
import { laplaceDeviance } from './laplaceDeviance.ts';
import { generalizedState } from './marginalDeviance.ts';
import type { Convergence, FixedEffects, MaximumLikelihoodFit } from './maximumLikelihoodFit.ts';
import { quadratureDeviance } from './quadrature.ts';

/** How the integral over the deviations is approximated. */
export type GeneralizedMethod = 'laplace' | 'agq';

/** In search coordinates, where columns have mean square 1, a sd beyond this on the link scale is no estimate. */
const LARGEST = 300;
const MOST_POINTS = 200;

/**
 * Fits a binomial logit or probit multilevel model by maximum likelihood, over theta and beta jointly as glmer does with nAGQ >= 1: Laplace's
 * approximation for any group terms, adaptive Gauss-Hermite quadrature with `points` points for one factor with one varying coefficient. Equal rows
 * are merged into cells first; the log-likelihood is that of the rows, binomial coefficients included. Without group terms it is the glm. The
 * covariance of beta comes from the Hessian of the deviance over (theta, beta). `fitted` are probabilities, `residuals` observed proportions less them.
 *
 * Throws ModelError `separated` where columns of X separate successes from failures, `no-optimum` where a sd grows without end, `not-supported` for
 * quadrature over more than one scalar factor, `invalid-option` for a number of points that is none, `too-many-trials`.
 */
export function generalizedFit(design: Design, method: GeneralizedMethod, points = 9): MaximumLikelihoodFit {
  checkMethod(design, method, points);
  checkLevels(design);
  const merged = cells(design);
  const rows = cellRows(design, merged);
  const { p } = design;
  const pooled = glm(merged.design, rows);
  checkSeparation(design, pooled);
  const copies = familyRows(design).copies.reduce((sum, count) => sum + count, 0);
  if (design.groupTerms.length === 0) return pooledFit(design, method, pooled, copies);
  checkTrials(design);
  const state = generalizedState(merged.design, rows);
  const deviance = method === 'laplace' ? laplaceDeviance(state) : quadratureDeviance(state, points);
  const criterion = generalizedCriterion(merged.design, deviance, pooled.working);
  const estimate = estimateTheta(criterion);
  const { lambdas, ranks } = estimate;
  const { mode, system, predictor } = state;
  if (!Number.isFinite(estimate.deviance) || largestSd(estimate.minimum.x, criterion.factors.size - p) > LARGEST) {
    throw noOptimum(design);
  }
  const x = Float64Array.from(mode.x);
  const u = design.groupTerms.map(({ J, q }, f) => {
    const part = x.slice(predictor.borderOffsets[f]!, predictor.borderOffsets[f]! + J * q);
    toUser(predictor.coordinates.groups[f]!, part, 0, J);
    return part;
  });
  const beta = Float64Array.from(lambdas[lambdas.length - 1]!, (value, k) => value + pooled.working[k]!);
  toUser(predictor.coordinates.beta, beta);
  const standardised = conditionalCovariance(system);
  const groups = design.groupTerms.map((term, f) =>
    groupEstimates(term, lambdas[f]!, 1, u[f]!, standardised[f]!, ranks.slice(blockIndex(design, f))),
  );
  const vcov = generalizedCovariance(estimate.minimum.hessian, p, predictor.coordinates.beta);
  return {
    ...result(design, method, copies, estimate.deviance, criterion.factors.size),
    ...(method === 'agq' ? { points } : {}),
    fixef: fixedEffects(design, beta, vcov),
    groups,
    theta: criterion.factors.toTheta(lambdas),
    thetaLabels: criterion.factors.labels,
    boundary: boundarySentences(design, groups, ranks),
    convergence: convergence(estimate),
    ...onResponseScale(design, fittedValues(design, beta, u)),
  };
}

type Common = 'kind' | 'method' | 'graph' | 'design' | 'sigma' | 'logLik' | 'deviance' | 'aic' | 'bic' | 'df';

function result(
  design: Design,
  method: GeneralizedMethod,
  n: number,
  deviance: number,
  df: number,
): Pick<MaximumLikelihoodFit, Common> {
  return {
    kind: 'maximumLikelihood',
    method,
    graph: design.graph,
    design,
    sigma: null,
    logLik: -deviance / 2,
    deviance,
    aic: deviance + 2 * df,
    bic: deviance + Math.log(n) * df,
    df,
  };
}

function pooledFit(design: Design, method: GeneralizedMethod, pooled: Glm, n: number): MaximumLikelihoodFit {
  const nothing = new Float64Array(0);
  const checked: Convergence = {
    converged: pooled.converged,
    message: pooled.converged ? '' : 'reweighted least squares has not settled: these estimates are not the optimum.',
    evaluations: pooled.iterations,
    gradient: nothing,
    hessian: nothing,
    expectedDecrease: 0,
    curvature: 1,
  };
  return {
    ...result(design, method, n, -2 * pooled.logLik, design.p),
    fixef: fixedEffects(design, pooled.beta, pooled.vcov),
    groups: [],
    theta: nothing,
    thetaLabels: [],
    boundary: [],
    convergence: checked,
    ...onResponseScale(design, fittedValues(design, pooled.beta, [])),
  };
}

function fixedEffects(design: Design, estimates: Float64Array, vcov: Float64Array): FixedEffects {
  const { p } = design;
  const standardErrors = Float64Array.from({ length: p }, (_, k) => Math.sqrt(vcov[k * p + k]!));
  return { labels: design.columns.map((column) => column.label), estimates, standardErrors, vcov };
}

/** Probabilities, and observed proportions less them. */
function onResponseScale(design: Design, eta: Float64Array): { fitted: Float64Array; residuals: Float64Array } {
  const { family, y, size } = familyRows(design);
  const fitted = eta.map((value) => family.mean(value));
  return { fitted, residuals: fitted.map((value, i) => y[i]! / size[i]! - value) };
}

function largestSd(x: Float64Array, count: number): number {
  let largest = 0;
  for (let k = 0; k < count; k++) largest = Math.max(largest, Math.abs(x[k]!));
  return largest;
}

function checkMethod(design: Design, method: GeneralizedMethod, points: number): void {
  const { label } = design.response;
  if (method !== 'agq') return;
  if (!(Number.isInteger(points) && points >= 1 && points <= MOST_POINTS)) {
    throw new ModelError(
      'invalid-option',
      'points',
      `points is ${points}; adaptive quadrature accepts a whole number from 1 to ${MOST_POINTS}`,
    );
  }
  const { groupTerms } = design;
  if (groupTerms.length === 0 || (groupTerms.length === 1 && groupTerms[0]!.q === 1)) return;
  const given = groupTerms.map(({ factor, q }) => `${factor} with ${q} varying`).join(' and ');
  throw new ModelError(
    'not-supported',
    label,
    `the model of ${label} has ${given}; method 'agq' accepts one grouping factor with one varying coefficient, 'laplace' any`,
  );
}

function checkSeparation(design: Design, { separated }: Glm): void {
  if (separated === null) return;
  const { label } = design.response;
  const names = separated.columns.map((k) => design.columns[k]!.label).join(', ');
  throw new ModelError(
    'separated',
    label,
    `${label}: ${names} separate${separated.columns.length === 1 ? 's' : ''} its successes from its failures, so that the likelihood rises for ever and no maximum likelihood estimate exists; leave out columns, or give priors and sample`,
  );
}

/** Throws where every level of a varying intercept is all successes or all failures: sds of 10 and of 1000 fit it equally well, or ever better. */
function checkLevels(design: Design): void {
  const { y, size } = familyRows(design);
  const { label } = design.response;
  for (const { factor, J, index, labels } of design.groupTerms) {
    if (!labels.includes('Intercept')) continue;
    const successes = new Uint8Array(J);
    const failures = new Uint8Array(J);
    for (let i = 0; i < design.n; i++) {
      if (y[i]! > 0) successes[index[i]!] = 1;
      if (y[i]! < size[i]!) failures[index[i]!] = 1;
    }
    if (successes.some((some, j) => some === 1 && failures[j] === 1)) continue;
    throw new ModelError(
      'no-optimum',
      label,
      `${label}: every level of ${factor} has only successes or only failures, so that the likelihood does not fall however large the sd among levels, and no estimate exists; give a prior and sample`,
    );
  }
}

function noOptimum(design: Design): ModelError {
  const { label } = design.response;
  const factors = design.groupTerms.map(({ factor }) => factor).join(' or ');
  return new ModelError(
    'no-optimum',
    label,
    `${label}: the likelihood keeps rising as a sd among levels of ${factors} grows beyond ${LARGEST} on the link scale, and no estimate exists`,
  );
}
