import type { Design } from '../design/design.ts';
import { familyOf } from '../families/familyOf.ts';
import { estimatedParameter } from '../families/ownParameter.ts';
import { crossedCost } from './crossed/crossedCost.ts';
import { factorCost } from './marginal/factorCost.ts';
import { covarianceParameters, isGaussian, LARGEST_MARGINAL, type ModelSetting, withoutSigma } from './modelSetting.ts';

/**
 * Whether rows have no sigma, one linear predictor each in which their log-likelihood is concave (the weights of the
 * pseudo-likelihood are its curvature), and no parameter to be estimated.
 */
function takesSurrogate(design: Design): boolean {
  const family = familyOf(design);
  return withoutSigma(design) && !family.ordered && !family.stepInformation && !estimatedParameter(design);
}

/** Multiplications of one evaluation from which on crossed sweeps of rows without sigma may be cheaper. */
const LEAST_SURROGATE = 3e5;
/** What the passes of a crossed sweep over a row without sigma cost, in multiplications, for each large factor. */
const ROW_PASSES = 12;

/**
 * Levels of a single factor from which on whitened steps, which take the factor and several passes each, are dearer
 * (1e5 levels of three 0/1 rows: 172 ms a draw and 39 s before the first; crossed, on a busier machine, 54 ms, 10 s).
 */
const MANY_LEVELS = 30_000;

/** Whether a draw by crossed sweeps costs less than one factorisation, or of one factor than whitened steps. */
export function crossedIsCheaper({ design, products, priors }: ModelSetting): boolean {
  if (design.groupTerms.length === 1) return design.groupTerms[0]!.J >= MANY_LEVELS;
  const cost = factorCost(products.pattern);
  if (!isGaussian(design) && cost <= LEAST_SURROGATE) return false;
  const { sweeps, sweep, large } = crossedCost(products, priors.beta);
  const rows = isGaussian(design) ? 0 : ROW_PASSES * design.n * large;
  return sweeps * (sweep + rows) < cost;
}

/**
 * Whether `crossed` takes a model: its draws need not be cheaper. Its proposals stand on fixed priors of coefficients.
 */
export function mayBeCrossed({ design, priors }: ModelSetting): boolean {
  const { groupTerms } = design;
  return (
    !priors.beta.mixtures &&
    (isGaussian(design) ? groupTerms.length > 1 : takesSurrogate(design) && groupTerms.length > 0) &&
    covarianceParameters(design) <= LARGEST_MARGINAL
  );
}

/** What a model of a dense part too wide to be factored would have to be for `crossed` to take it, in words. */
export function crossedNeeds({ design, priors }: ModelSetting): string[] {
  const needs: string[] = [];
  const count = covarianceParameters(design);
  if (!(isGaussian(design) || takesSurrogate(design))) {
    needs.push('with a response of numbers (gaussian), successes or counts whose shape, if any, is known');
  }
  if (priors.beta.mixtures) needs.push('with normal or flat priors of coefficients');
  if (count > LARGEST_MARGINAL)
    needs.push(`with at most ${LARGEST_MARGINAL} sds and correlations together (not ${count})`);
  return needs.length > 0
    ? needs
    : ['if its factors had more rows in common: its sweeps cost more than a factorisation'];
}
