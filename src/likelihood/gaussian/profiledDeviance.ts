import type { Design } from '../../design/design.ts';
import { scatter } from '../../products/crossProducts.ts';
import { everyRowFitted, modelColumns } from '../../products/exactFit.ts';
import type { GaussianProducts } from '../../products/gaussianProducts.ts';
import { rowWeights } from '../../products/rowWeights.ts';
import type { LikelihoodMethod } from '../maximumLikelihoodFit.ts';
import { AFFORDABLE, factorisationMultiplications } from '../multiplications.ts';
import { type RelativeFactors, relativeFactors } from '../relativeFactor.ts';
import { averageInformation, searchCurvature } from './averageInformation.ts';
import type { Images } from './imageSum.ts';
import { momentCovariances } from './momentCovariances.ts';
import { momentStart } from './momentStart.ts';
import { type PenalizedLeastSquares, penalizedLeastSquares } from './penalizedLeastSquares.ts';
import { vanishingDirections } from './vanishingDirections.ts';

/**
 * The deviance -2 log L as a function of the relative covariance factors, beta and (unless known) sigma profiled out
 * (Bates, Maechler, Bolker & Walker 2015, equations 35 and 41), X on the user's scale:
 *   ML:   log|Lambda'Z'WZ Lambda + I| - log|W| + n (1 + log(2 pi r2 / n))
 *   REML: the same with n - p for n, plus log|X'V^-1 X|.
 * Known standard errors: sigma = 1, W = 1 / se^2, and the last term is n log(2 pi) + r2, or (n - p) log(2 pi) + r2.
 */
export interface ProfiledDeviance {
  readonly method: LikelihoodMethod;
  readonly factors: RelativeFactors;
  readonly system: PenalizedLeastSquares;
  /** The divisor of r2 in sigma^2: n for ML, n - p for REML. */
  readonly divisor: number;
  /** `momentCovariances` of the reference fit. */
  readonly moments: readonly Float64Array[] | null;
  readonly vanishing: readonly (readonly Float64Array[])[];
  /** The relative sd of one row's residual: 1 / sqrt(mean W). */
  readonly unit: number;
  /** Whether sigma is estimated and [X Z] fits every row, so that it may go to 0. */
  readonly unbounded: boolean;
  /** Whether errors grow with sds in units of sigma, and not with their squares. */
  readonly keepsDigits: boolean;
  readonly covariancesAlone: true;
  /**
   * `searchCurvature` at the last evaluation, sigma profiled; null but for factors so large that evaluations are dear.
   */
  readonly curvature: ((x: ArrayLike<number>) => Float64Array) | null;
  /** `momentStart` for such factors. */
  readonly start: Float64Array | null;
  /** Evaluations that take about a fiftieth of a second together. */
  readonly affordable: number;
  /** At theta on the user's scale, signs free; NaN where X'V^-1 X is numerically singular. */
  deviance(theta: ArrayLike<number>): number;
  /** At factors on the user's scale; with `sigma` given it is not profiled. */
  at(lambdas: readonly Float64Array[], sigma?: number): number;
  /** At search coordinates; fills the gradient by them (its first entries). With `sigma` given it is not profiled. */
  search(x: ArrayLike<number>, gradient: Float64Array, sigma?: number): number;
  /** sigma^2 = r2 / divisor at the last evaluation, or 1 with known standard errors. */
  sigma2(): number;
  /**
   * The derivative of the deviance by each working relative covariance at the last evaluation, sigma profiled or given.
   */
  derivative(sigma?: number): Float64Array[];
  /** u (one J x q array per factor) and beta (p) of the last evaluation, user scale. */
  coefficients(): { u: Float64Array[]; beta: Float64Array };
}

export function profiledDeviance(
  crossProducts: GaussianProducts,
  design: Design,
  method: LikelihoodMethod,
): ProfiledDeviance {
  const { n, p, knownScale, coordinates, sumLogWeights } = crossProducts;
  const system = penalizedLeastSquares(crossProducts, design);
  const factors = relativeFactors(design.groupTerms, coordinates.groups);
  const divisor = method === 'REML' ? n - p : n;
  const constant = (method === 'REML' ? -2 * coordinates.beta.logDeterminant : 0) - sumLogWeights;

  const criterion = (sigma?: number): number => {
    const { r2, logDetZ, logDetX } = system;
    const determinants = logDetZ + (method === 'REML' ? logDetX : 0) + constant;
    const scale = sigma ?? (knownScale ? 1 : undefined);
    if (scale === undefined) return determinants + divisor * (1 + Math.log((2 * Math.PI * r2) / divisor));
    return determinants + divisor * Math.log(2 * Math.PI * scale * scale) + r2 / (scale * scale);
  };
  const images = system.lambda.map((L) => new Float64Array(L.length));
  const derivatives = (sigma?: number, to?: Images): Float64Array[] => {
    const scale2 = sigma === undefined ? self.sigma2() : sigma * sigma;
    return system.factorisation.derivative(system, method === 'REML', 1 / scale2, to);
  };
  const sparse = 'places' in crossProducts ? crossProducts : null;
  const curvature = (x: ArrayLike<number>): Float64Array => {
    const information = averageInformation(system, factors, self.sigma2(), knownScale ? null : divisor);
    const D = derivatives();
    const K = factors.blocks.map((block) => factors.blockDerivative(block, D[block.factor]!));
    return searchCurvature(factors, x, information, K);
  };
  const self: ProfiledDeviance = {
    method,
    factors,
    system,
    divisor,
    moments: momentCovariances(crossProducts, factors, modelColumns(design)),
    vanishing: vanishingDirections(design, factors),
    unit: Math.sqrt(n / rowWeights(design).reduce((sum, w) => sum + w, 0)),
    unbounded: !knownScale && everyRowFitted(design, crossProducts),
    keepsDigits: system.keepsDigits,
    covariancesAlone: true,
    curvature: sparse === null ? null : curvature,
    start: sparse === null ? null : momentStart(sparse, factors),
    affordable: AFFORDABLE / factorisationMultiplications(crossProducts),
    deviance: (theta) => self.at(factors.fromTheta(theta)),
    at(lambdas, sigma) {
      factors.toWorking(lambdas, system.lambda);
      return system.evaluate() ? criterion(sigma) : Number.NaN;
    },
    search(x, gradient, sigma) {
      const value = self.at(factors.fromSearch(x), sigma);
      if (!Number.isFinite(value)) return value;
      derivatives(sigma, images);
      factors.gradientOf(images, gradient);
      return value;
    },
    sigma2: () => (knownScale ? 1 : system.r2 / divisor),
    derivative: (sigma) => derivatives(sigma),
    coefficients() {
      const x = new Float64Array(crossProducts.size);
      system.coefficients(system.solution, x);
      const u = crossProducts.groups.map(({ J, q }) => new Float64Array(J * q));
      const beta = new Float64Array(p);
      scatter(crossProducts, x, u, beta);
      return { u, beta };
    },
  };
  return self;
}
