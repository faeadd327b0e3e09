import type { ModelData } from '../data/frame.ts';
import { buildDesign } from '../design/buildDesign.ts';
import { crossProducts } from '../design/crossProducts.ts';
import type { Design, GroupTerm } from '../design/design.ts';
import type { ModelGraph } from '../graph/nodes.ts';
import { boundarySentences } from './boundary.ts';
import { coefficientCovariance } from './coefficientCovariance.ts';
import { conditionalCovariance } from './conditionalCovariance.ts';
import { estimateTheta, type ThetaEstimate } from './estimateTheta.ts';
import { checkIdentified, checkResidualScale } from './identified.ts';
import type {
  Convergence,
  FixedEffects,
  GroupEstimates,
  LikelihoodMethod,
  MaximumLikelihoodFit,
} from './maximumLikelihoodFit.ts';
import { type ProfiledDeviance, profiledDeviance } from './profiledDeviance.ts';
import { product } from './relativeFactor.ts';
import { symmetricEigen } from './symmetricEigen.ts';

export interface MaximumLikelihoodOptions {
  /** Default 'REML'. */
  readonly method?: LikelihoodMethod;
  /** What to do with rows that have missing values; default 'error'. */
  readonly missing?: 'error' | 'drop';
}

/**
 * Fits the Gaussian multilevel model of a graph by maximum likelihood or REML: the same X, Z and cross-products as the sampler's,
 * priors ignored. A graph without group terms is least squares (complete pooling). Throws a ModelError where the model is not Gaussian, where the
 * criterion cannot tell two of its parameters apart, or where the residual sd is estimated as 0.
 */
export function maximumLikelihood(
  graph: ModelGraph,
  data: ModelData,
  options: MaximumLikelihoodOptions = {},
): MaximumLikelihoodFit {
  const design = buildDesign(graph, data, options.missing === undefined ? {} : { missing: options.missing });
  return fitDesign(design, options.method ?? 'REML');
}

/** The same from a design that has been built; `theta` gives another start than the default. */
export function fitDesign(design: Design, method: LikelihoodMethod, theta?: ArrayLike<number>): MaximumLikelihoodFit {
  checkIdentified(design, method);
  const products = crossProducts(design);
  const profiled = profiledDeviance(products, design, method);
  const { factors } = profiled;
  const estimate = estimateTheta(profiled, theta && factors.toSearch(factors.fromTheta(theta)));
  checkResidualScale(design, products, profiled, estimate);
  const { lambdas, deviance, ranks } = estimate;
  const { n, p } = design;
  const sigma2 = profiled.sigma2();
  const { u, beta } = profiled.coefficients();
  const standardised = conditionalCovariance(profiled.system);
  const groups = design.groupTerms.map((term, f) =>
    groupEstimates(term, lambdas[f]!, sigma2, u[f]!, standardised[f]!, ranks.slice(blockIndex(design, f))),
  );
  const fitted = fittedValues(design, beta, u);
  const df = p + factors.size + (products.knownScale ? 0 : 1);
  return {
    kind: 'maximumLikelihood',
    method,
    graph: design.graph,
    design,
    fixef: fixedEffects(design, profiled, beta, sigma2),
    groups,
    sigma: products.knownScale ? null : Math.sqrt(sigma2),
    theta: factors.toTheta(lambdas),
    thetaLabels: factors.labels,
    logLik: -deviance / 2,
    deviance,
    aic: deviance + 2 * df,
    bic: deviance + Math.log(n) * df,
    df,
    boundary: boundarySentences(design, groups, ranks),
    convergence: convergence(estimate),
    fitted,
    residuals: fitted.map((value, i) => design.response.y[i]! - value),
  };
}

/** Position of the first covariance block of factor f among all blocks. */
function blockIndex(design: Design, f: number): number {
  return design.groupTerms.slice(0, f).reduce((count, term) => count + term.blocks.length, 0);
}

function fixedEffects(
  design: Design,
  profiled: ProfiledDeviance,
  estimates: Float64Array,
  sigma2: number,
): FixedEffects {
  const { p } = design;
  const vcov = coefficientCovariance(profiled, p, Math.sqrt(sigma2));
  const standardErrors = Float64Array.from({ length: p }, (_, k) => Math.sqrt(vcov[k * p + k]!));
  return { labels: design.columns.map((column) => column.label), estimates, standardErrors, vcov };
}

function groupEstimates(
  term: GroupTerm,
  lambda: Float64Array,
  sigma2: number,
  modes: Float64Array,
  standardised: Float64Array,
  ranks: readonly number[],
): GroupEstimates {
  const { factor, levels, J, q, labels, blocks } = term;
  const transposed = new Float64Array(q * q);
  for (let a = 0; a < q; a++) for (let b = 0; b < q; b++) transposed[a * q + b] = lambda[b * q + a]!;
  const Sigma = product(lambda, transposed, q).map((value) => value * sigma2);
  const tau = Float64Array.from({ length: q }, (_, k) => Math.sqrt(Sigma[k * q + k]!));
  const pairs = blocks.flatMap(({ start, size }) => {
    const inside: [number, number][] = [];
    for (let k = start; k < start + size; k++) for (let l = k + 1; l < start + size; l++) inside.push([k, l]);
    return inside;
  });
  const corr = Float64Array.from(pairs, ([k, l]) => {
    if (tau[k] === 0 || tau[l] === 0) return Number.NaN;
    const value = Sigma[k * q + l]! / (tau[k]! * tau[l]!);
    // Two columns tied to one direction: exactly 1 or -1, not the nearest that rounding left.
    const block = blocks.findIndex(({ start, size }) => k >= start && k < start + size);
    const tied = ranks[block] === 1 || Math.abs(value) > 1;
    return tied ? Math.sign(value) : value;
  });
  const conditionalCov = new Float64Array(J * q * q);
  for (let j = 0; j < J; j++) {
    const block = standardised.subarray(j * q * q, (j + 1) * q * q);
    const image = product(product(lambda, block, q), transposed, q);
    for (let k = 0; k < q * q; k++) conditionalCov[j * q * q + k] = image[k]! * sigma2;
  }
  return { factor, levels, J, q, labels, Sigma, tau, pairs, corr, modes, conditionalCov };
}

function fittedValues(design: Design, beta: Float64Array, u: readonly Float64Array[]): Float64Array {
  const { n, p, X, response, groupTerms } = design;
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = response.offset?.[i] ?? 0;
    for (let k = 0; k < p; k++) sum += X[i * p + k]! * beta[k]!;
    groupTerms.forEach(({ q, Z, index }, f) => {
      for (let a = 0; a < q; a++) sum += Z[i * q + a]! * u[f]![index[i]! * q + a]!;
    });
    out[i] = sum;
  }
  return out;
}

/** A fit has converged when no Newton step promises a lower deviance and no direction curves down. */
function convergence({ minimum }: ThetaEstimate): Convergence {
  const { gradient, hessian, evaluations, expectedDecrease, x } = minimum;
  const { values } = x.length === 0 ? { values: Float64Array.of(1) } : symmetricEigen(hessian, x.length);
  const curvature = values[0]! / Math.max(Math.abs(values[values.length - 1]!), Number.MIN_VALUE);
  const converged = expectedDecrease < 1e-6 && curvature > -1e-6;
  const message = converged
    ? ''
    : `the search stopped ${expectedDecrease.toExponential(1)} above the deviance a Newton step predicts: the criterion has run out of digits or is nearly flat, and these estimates are not the optimum.`;
  return { converged, message, evaluations, gradient, hessian, expectedDecrease, curvature };
}
