import type { ModelData, Table } from '../data/frame.ts';
import { buildDesign } from '../design/build/buildDesign.ts';
import type { Design } from '../design/design.ts';
import { fullRank } from '../design/fullRank.ts';
import { needsRows } from '../design/needsRows.ts';
import { ModelError } from '../errors.ts';
import type { DefaultFamily, FamilyName, FamilySpelled, FamilySpelling } from '../families/family.ts';
import { familyOf } from '../families/familyOf.ts';
import type { FormulaOptions, GivenPriors } from '../formula/formula.ts';
import { type Model, readModel } from '../formula/readModel.ts';
import { checkGraph } from '../graph/checkGraph.ts';
import type { ModelGraph } from '../graph/node.ts';
import { anyValue, oneOf } from '../input/acceptedValue.ts';
import type { OptionTable } from '../input/checkOptions.ts';
import { gaussianProducts } from '../products/gaussianProducts.ts';
import { boundarySentences } from './boundary.ts';
import { criteria } from './criteria.ts';
import { fitMessages, identification } from './fitMessages.ts';
import { fittedValues } from './fittedValues.ts';
import { fixedEffects } from './fixedEffects.ts';
import { flatDirections } from './flatDirections.ts';
import { coefficientCovariance } from './gaussian/coefficientCovariance.ts';
import { profiledDeviance } from './gaussian/profiledDeviance.ts';
import { generalizedFit } from './generalized/generalizedFit.ts';
import { blockIndex, groupEstimates } from './groupEstimates.ts';
import { checkExactFit, checkIdentified, checkResidualScale } from './identified.ts';
import type { LikelihoodMethod, MaximumLikelihoodFit, NearbyFit } from './maximumLikelihoodFit.ts';
import { probeErrors } from './probeErrors.ts';
import { probeSentences } from './probeSentences.ts';
import { convergence } from './search/convergence.ts';
import { estimateTheta } from './search/estimateTheta.ts';
import { structuredFit } from './structured/structuredFit.ts';
import { withheld, withoutInfluence, withRowsAtZero } from './unidentified.ts';

export interface MaximumLikelihoodOptions {
  /**
   * Gaussian responses: 'REML' (default) or 'ML'. Binomial and probit ones: 'laplace' (default), or 'agq' for one
   * scalar factor.
   */
  readonly method?: LikelihoodMethod;
  /** Points of adaptive quadrature for each group, from 1; default 9. Method 'agq' alone takes it. */
  readonly points?: number;
  /** What to do with rows that have missing values; default 'error'. */
  readonly missing?: 'error' | 'drop';
  /**
   * Linearly dependent columns of the population part: an error that names them (default; those of cells that no row
   * has are left out all the same), or left out ('drop'), as lme4 leaves them out, and noted in `design.deficiency`.
   */
  readonly rankDeficient?: 'error' | 'drop';
}

const LIKELIHOOD_OPTIONS: OptionTable<MaximumLikelihoodOptions> = {
  method: oneOf('REML', 'ML', 'laplace', 'agq'),
  points: anyValue,
  missing: oneOf('error', 'drop'),
  rankDeficient: oneOf('error', 'drop'),
};

/**
 * Fits a multilevel model, a graph or the text of a formula (whose options then stand among these), by maximum
 * likelihood: the same X and Z as the sampler's, priors ignored. Gaussian responses by REML or ML; binomial and probit
 * ones by Laplace's approximation or adaptive quadrature of the likelihood (see `generalizedFit`). A graph without
 * group terms is least squares or the glm (complete pooling). Throws a ModelError for a method that is not the
 * family's, where the criterion cannot tell two parameters apart, where the residual sd is estimated as 0, or where
 * columns separate successes from failures.
 */
export function maximumLikelihood<F extends FamilyName>(
  graph: ModelGraph<string, F>,
  data: ModelData | Table,
  options?: MaximumLikelihoodOptions,
): MaximumLikelihoodFit<F>;
export function maximumLikelihood<
  const P extends GivenPriors = GivenPriors,
  const S extends FamilySpelling = DefaultFamily,
>(
  text: string,
  data: ModelData | Table,
  options?: MaximumLikelihoodOptions & FormulaOptions<P, S>,
): MaximumLikelihoodFit<FamilySpelled<S>>;
export function maximumLikelihood(
  model: Model,
  data: ModelData | Table,
  given: MaximumLikelihoodOptions & FormulaOptions = {},
): MaximumLikelihoodFit {
  const { graph, options } = readModel<MaximumLikelihoodOptions>('maximumLikelihood', model, given, LIKELIHOOD_OPTIONS);
  checkGraph(graph);
  const { missing = 'error', rankDeficient = 'error' } = options;
  const design = buildDesign(graph, data, { missing, rankDeficient });
  const method = options.method ?? (familyOf(design).conjugate === 'normal' ? 'REML' : 'laplace');
  if (options.points !== undefined && method !== 'agq') {
    throw new ModelError(
      'invalid-option',
      'points',
      `points is given with method '${method}'; 'agq' alone takes points`,
    );
  }
  return fitDesign(design, method, undefined, options.points);
}

/**
 * The same from a design that has been built, without the columns of X that depend on others. From `near`, a fit of
 * nearly the same rows, one search begins and no other is made.
 */
export function fitDesign(
  whole: Design,
  method: LikelihoodMethod,
  near?: NearbyFit,
  points?: number,
): MaximumLikelihoodFit {
  const design = fullRank(whole, 'drop');
  const generalized = method === 'laplace' || method === 'agq';
  checkMethod(design, method, generalized);
  if (generalized) return generalizedFit(design, method, points, near);
  if (design.residual) return structuredFit(design, method);
  checkIdentified(design, method);
  const products = gaussianProducts(design);
  checkExactFit(design, products, method);
  const profiled = profiledDeviance(products, design, method);
  const { factors } = profiled;
  const flat = flatDirections(design, factors.blocks, {
    beside: method === 'REML' ? products.coordinates.beta : null,
    sigma: !products.knownScale,
  });
  const unknown = withoutInfluence(design.groupTerms, flat);
  const estimate = estimateTheta(profiled, near && factors.toSearch(factors.fromTheta(near.theta)));
  checkResidualScale(
    design,
    products,
    profiled,
    estimate,
    flat.some(({ parameters }) => parameters.includes('sigma')),
  );
  const { ranks } = estimate;
  const approximation = probeErrors(profiled, estimate.minimum);
  const lambdas = withRowsAtZero(estimate.lambdas, unknown);
  // The same deviance; what is read off the system from here on is that of these factors.
  const deviance = profiled.at(lambdas);
  const { p } = design;
  const sigma2 = profiled.sigma2();
  const { u, beta } = profiled.coefficients();
  const standardised = profiled.system.factorisation.conditionalCovariance();
  const estimated = design.groupTerms.map((term, f) =>
    groupEstimates(term, lambdas[f]!, sigma2, u[f]!, standardised[f]!, ranks.slice(blockIndex(design, f))),
  );
  const groups = withheld(estimated, unknown);
  const df = p + factors.size + (products.knownScale ? 0 : 1) - flat.length;
  const fit: Omit<MaximumLikelihoodFit, 'fitted' | 'residuals'> = {
    kind: 'maximumLikelihood',
    method,
    graph: design.graph,
    design,
    fixef: fixedEffects(design, beta, coefficientCovariance(profiled, design.p, Math.sqrt(sigma2))),
    groups,
    sigma: products.knownScale ? null : Math.sqrt(sigma2),
    own: null,
    theta: factors.toTheta(lambdas),
    thetaLabels: factors.labels,
    ...criteria(deviance, df, products.n),
    ...(approximation ? { approximation } : {}),
    optima: estimate.optima,
    boundary: boundarySentences(design, groups, ranks),
    convergence: convergence(estimate, flat.length),
    ...identification(flat, method),
    messages: [...fitMessages(flat, method, estimate.optima), ...probeSentences(groups, approximation)],
  };
  return withRowValues(fit, beta, u);
}

/**
 * The fit with fitted values and residuals of its rows. Of reduced rows there are none: who asks is told, by properties
 * that are not copied with the fit.
 */
function withRowValues(
  fit: Omit<MaximumLikelihoodFit, 'fitted' | 'residuals'>,
  beta: Float64Array,
  u: readonly Float64Array[],
): MaximumLikelihoodFit {
  const { design } = fit;
  if (!design.rows.reduced?.moments) {
    const fitted = fittedValues(design, beta, u);
    return { ...fit, fitted, residuals: fitted.map((value, i) => design.response.y[i]! - value) };
  }
  const absent = (what: string) => ({
    get: (): Float64Array => {
      needsRows(design, what, 'moments');
      return new Float64Array(0);
    },
  });
  return Object.defineProperties(fit, {
    fitted: absent('fitted values'),
    residuals: absent('residuals'),
  }) as MaximumLikelihoodFit;
}

/** Throws `not-supported` for a family without a fit, and for a method that is not the family's. */
function checkMethod(design: Design, method: LikelihoodMethod, generalized: boolean): void {
  const { label } = design.response;
  const { name, conjugate, sigma, parameter, search } = familyOf(design);
  const gaussian = conjugate === 'normal';
  if (!gaussian && (sigma !== null || (parameter !== null && search === null))) {
    throw new ModelError(
      'not-supported',
      label,
      `${label} is ${name}, and maximum likelihood is for gaussian responses, successes and counts; sample the model, or fit it as gaussian`,
    );
  }
  if (generalized === gaussian) {
    const accepted = gaussian ? "'REML' and 'ML'" : "'laplace' and 'agq'";
    throw new ModelError(
      'not-supported',
      label,
      `${label} is ${name} and method is '${method}'; ${accepted} are accepted`,
    );
  }
}
