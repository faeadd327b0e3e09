import type { Design } from '../../design/design.ts';
import { ModelError } from '../../errors.ts';
import { kindOf } from '../../families/familyOf.ts';
import { meanLevel } from '../../families/orderedLink.ts';
import { type ResponseKind, unknownKind } from '../../families/responseKind.ts';
import { thresholdLabels } from '../../families/thresholdLabels.ts';
import { cells } from '../../products/cells.ts';
import { toUser } from '../../products/coordinates.ts';
import { cellRows, type FamilyRows, familyRows } from '../../products/familyRows.ts';
import { thresholdRows } from '../../products/thresholdRows.ts';
import { boundarySentences } from '../boundary.ts';
import { criteria } from '../criteria.ts';
import { fitMessages, identification } from '../fitMessages.ts';
import { fittedValues } from '../fittedValues.ts';
import { fixedEffects } from '../fixedEffects.ts';
import { flatDirections } from '../flatDirections.ts';
import { conditionalCovariance } from '../gaussian/conditionalCovariance.ts';
import { blockIndex, groupEstimates } from '../groupEstimates.ts';
import type { Convergence, FixedEffects, MaximumLikelihoodFit, NearbyFit } from '../maximumLikelihoodFit.ts';
import { convergence } from '../search/convergence.ts';
import { estimateTheta } from '../search/estimateTheta.ts';
import { withheld, withoutInfluence } from '../unidentified.ts';
import { approximationMessages, finerPoints } from './approximationMessages.ts';
import { checkFarLikelihood } from './checkFarLikelihood.ts';
import { checkLevels } from './checkLevels.ts';
import { checkTrials } from './checkTrials.ts';
import { generalizedCovariance } from './generalizedCovariance.ts';
import { generalizedCriterion } from './generalizedCriterion.ts';
import type { Glm } from './glm.ts';
import { glmOverOwn } from './glmOverOwn.ts';
import { laplaceDeviance } from './laplaceDeviance.ts';
import { generalizedState } from './marginalDeviance.ts';
import { ownEstimate, rowsThatTell } from './ownEstimate.ts';
import { quadratureDeviance } from './quadrature.ts';
import { risesBeyond } from './risesBeyond.ts';
import { checkSeparatedCells, checkSeparatedLevels } from './separatedLevels.ts';
import { startNear } from './startNear.ts';
import { thresholdEstimates } from './thresholdEstimates.ts';

/** How the integral over the deviations is approximated. */
export type GeneralizedMethod = 'laplace' | 'agq';

/** In search coordinates, where columns have mean square 1, a sd beyond this is looked beyond. */
const LARGEST = 300;
const MOST_POINTS = 200;

/**
 * Fits a multilevel model of successes (logit or probit), counts or ordered answers by maximum likelihood, over theta
 * and beta jointly as glmer does with nAGQ >= 1: Laplace's approximation for any group terms, adaptive Gauss-Hermite
 * quadrature with `points` points for one factor with one varying coefficient. Equal rows are merged into cells first;
 * the log-likelihood is that of the rows, binomial coefficients included. Without group terms it is the glm. The
 * covariance of beta comes from the Hessian of the deviance over (theta, beta). `fitted` are the means of rows of size
 * 1 (probabilities, rates), `residuals` observed proportions or rates less them. From a fit of nearly the same rows
 * one search begins, and no other.
 *
 * Throws ModelError `separated` where columns of X separate successes from failures, `no-optimum` where a sd grows
 * without end, `not-supported` for quadrature over more than one scalar factor, `invalid-option` for a number of points
 * that is none, `too-many-trials`.
 */
export function generalizedFit(
  design: Design,
  method: GeneralizedMethod,
  points = 9,
  near?: NearbyFit,
): MaximumLikelihoodFit {
  checkMethod(design, method, points);
  checkSeparatedLevels(design);
  checkLevels(design);
  const merging = cells(design);
  const { design: merged, start } = thresholdRows(merging.design);
  const whole = start.length > 0 ? familyRows(merged) : cellRows(design, merging);
  const rows = rowsThatTell(whole);
  const { p } = merged;
  const pooled = glmOverOwn(merged, rows);
  checkSeparation(merged, pooled);
  const copies = familyRows(design).copies.reduce((sum, count) => sum + count, 0);
  if (design.groupTerms.length === 0) return pooledFit(design, method, pooled, copies, [whole, rows], start);
  checkTrials(design);
  const state = generalizedState(merged, rows);
  const deviance = method === 'laplace' ? laplaceDeviance(state) : quadratureDeviance(state, points);
  const criterion = generalizedCriterion(merged, deviance, pooled.working);
  const estimate = estimateTheta(criterion, near && startNear(near, merged, criterion, state, pooled));
  const { lambdas, ranks } = estimate;
  const { mode, system, predictor } = state;
  const sds = criterion.factors.size - p - (rows.search ? 1 : 0);
  const far = largestSd(estimate.minimum.x, sds) > LARGEST;
  if (!Number.isFinite(estimate.deviance) || (far && !risesBeyond(criterion, estimate, sds, pooled.working))) {
    throw noOptimum(design);
  }
  criterion.at(lambdas);
  const x = Float64Array.from(mode.x);
  const u = design.groupTerms.map(({ J, q }, f) => {
    const part = x.slice(predictor.borderOffsets[f]!, predictor.borderOffsets[f]! + J * q);
    toUser(predictor.coordinates.groups[f]!, part, 0, J);
    return part;
  });
  const shift = lambdas[lambdas.length - 1]!;
  const working = pooled.working.map((value, k) => value + shift[k]!);
  const estimates = Float64Array.from(working);
  toUser(predictor.coordinates.beta, estimates);
  const standardised = conditionalCovariance(system);
  const estimated = design.groupTerms.map((term, f) =>
    groupEstimates(term, lambdas[f]!, 1, u[f]!, standardised[f]!, ranks.slice(blockIndex(design, f))),
  );
  checkSeparatedCells(design, estimated);
  const flat = flatDirections(merged, criterion.factors.blocks, { beside: null, sigma: false });
  const groups = withheld(estimated, withoutInfluence(design.groupTerms, flat));
  // Last, since it moves the state from the estimate's.
  const own = ownEstimate(whole, rows);
  if (merged.groupTerms.length === 1 && merged.groupTerms[0]!.q === 1) {
    checkFarLikelihood(design, merged, state, pooled, {
      lambdas,
      estimates: estimates.map((value, k) => value + (start[k] ?? 0)),
      tau: estimated[0]!.tau[0]!,
    });
    criterion.at(lambdas);
  }
  const finer = method === 'agq' ? quadratureDeviance(state, finerPoints(points)).at(working) : null;
  const covariance = generalizedCovariance(estimate.minimum.hessian, p, predictor.coordinates.beta);
  const { thresholds, beta, vcov } = thresholdEstimates(labelsOf(design), start, estimates, covariance);
  return {
    ...result(design, method, copies, estimate.deviance, criterion.factors.size - flat.length, own.own),
    ...(method === 'agq' ? { points } : {}),
    fixef: fixedEffects(design, beta, vcov),
    ...(thresholds ? { thresholds } : {}),
    groups,
    theta: criterion.factors.toTheta(lambdas),
    thetaLabels: criterion.factors.labels,
    optima: estimate.optima,
    boundary: boundarySentences(design, groups, ranks),
    convergence: convergence(estimate, flat.length),
    ...identification(flat, method, own.unidentified),
    messages: [
      ...fitMessages(flat, method, estimate.optima),
      ...approximationMessages(design, groups, estimate.deviance, points, finer),
      ...own.messages,
    ],
    ...onResponseScale(design, fittedValues(design, beta, u), thresholds),
  };
}

type Common = 'kind' | 'method' | 'graph' | 'design' | 'sigma' | 'own' | 'logLik' | 'deviance' | 'aic' | 'bic' | 'df';

function result(
  design: Design,
  method: GeneralizedMethod,
  n: number,
  deviance: number,
  df: number,
  own: number | null,
): Pick<MaximumLikelihoodFit, Common> {
  return {
    kind: 'maximumLikelihood',
    method,
    graph: design.graph,
    design,
    sigma: null,
    own,
    ...criteria(deviance, df, n),
  };
}

function pooledFit(
  design: Design,
  method: GeneralizedMethod,
  pooled: Glm,
  n: number,
  [whole, rows]: readonly [FamilyRows, FamilyRows],
  start: Float64Array,
): MaximumLikelihoodFit {
  const own = ownEstimate(whole, rows);
  const nothing = new Float64Array(0);
  const { thresholds, beta, vcov } = thresholdEstimates(labelsOf(design), start, pooled.beta, pooled.vcov);
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
    ...result(design, method, n, -2 * pooled.logLik, pooled.beta.length + (rows.search ? 1 : 0), own.own),
    fixef: fixedEffects(design, beta, vcov),
    ...(thresholds ? { thresholds } : {}),
    groups: [],
    theta: nothing,
    thetaLabels: [],
    optima: 1,
    boundary: [],
    convergence: checked,
    ...identification([], method, own.unidentified),
    messages: [...own.messages],
    ...onResponseScale(design, fittedValues(design, beta, []), thresholds),
  };
}

/** Means of rows of size 1, and what was observed a unit of size less them; of ordered answers numbers of levels. */
function onResponseScale(
  design: Design,
  eta: Float64Array,
  thresholds: FixedEffects | null,
): { fitted: Float64Array; residuals: Float64Array } {
  const { family, y, size } = familyRows(design);
  const { ordered } = family;
  if (ordered && thresholds) {
    const fitted = eta.map((value) => meanLevel(ordered, value, thresholds.estimates));
    return { fitted, residuals: fitted.map((value, i) => y[i]! + 1 - value) };
  }
  const fitted = eta.map((value) => family.mean(value));
  return { fitted, residuals: fitted.map((value, i) => y[i]! / size[i]! - value) };
}

function labelsOf({ response }: Design): readonly string[] {
  return response.levels ? thresholdLabels(response.levels) : [];
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
    `${label}: ${names} separate${separated.columns.length === 1 ? 's' : ''} ${separatedParts(kindOf(design))}, so that the likelihood rises for ever and no maximum likelihood estimate exists; leave out columns, or give priors and sample`,
  );
}

/** What a separating direction tells apart, in words. */
function separatedParts(kind: ResponseKind): string {
  switch (kind) {
    case 'successes':
      return 'its successes from its failures';
    case 'counts':
      return 'its zeros from its other counts';
    case 'ordered':
      return 'its lowest or its highest level from the others';
    case 'numbers':
      return 'its rows';
    default:
      return unknownKind(kind);
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
