import type { Design } from '../../design/design.ts';
import type { StructuredProducts } from '../../products/structuredProducts.ts';
import { covarianceDerivative } from '../gaussian/covarianceDerivative.ts';
import type { LikelihoodMethod } from '../maximumLikelihoodFit.ts';
import { AFFORDABLE, multiplications } from '../multiplications.ts';
import { type RelativeFactors, relativeFactors } from '../relativeFactor.ts';
import type { ThetaCriterion } from '../search/thetaCriterion.ts';
import { nearestEnds } from './nearestEnds.ts';
import { setDerivative } from './setDerivative.ts';
import { type StructuredSystem, structuredSystem } from './structuredSystem.ts';

/**
 * The deviance -2 log L of rows whose residuals are not independent with one sigma, as a function of the relative
 * factors and of the coordinates of the residuals (`src/residual`), beta and sigma profiled out; as in
 * `../gaussian/profiledDeviance.ts` with W for the weights of the rows:
 *   ML:   log|Lambda'Z'WZ Lambda + I| - log|W| + n (1 + log(2 pi r2 / n))
 *   REML: the same with n - p for n, plus log|X'V^-1 X|.
 * Search coordinates are those of the factors, then those of the residuals less `origin`, no nearer to their ends than
 * `nearestEnds`; the relative factors have one array more, for these.
 */
export interface StructuredDeviance extends ThetaCriterion {
  readonly method: LikelihoodMethod;
  readonly products: StructuredProducts;
  readonly system: StructuredSystem;
  /** The relative factors alone. */
  readonly covariances: RelativeFactors;
  readonly origin: Float64Array;
  /** The divisor of r2 in sigma^2: n for ML, n - p for REML. */
  readonly divisor: number;
  at(lambdas: readonly Float64Array[], sigma?: number): number;
  search(x: ArrayLike<number>, gradient: Float64Array, sigma?: number): number;
  derivative(sigma?: number): Float64Array[];
  /** sigma^2 = r2 / divisor at the last evaluation. */
  sigma2(): number;
  /** The coordinates of the residuals, and the derivative by them at the last evaluation, sigma profiled or given. */
  readonly beside: { readonly size: number; gradient(out: Float64Array, sigma?: number): void };
}

/**
 * Logarithm of the ratio of two residual sds beyond which the rows with the larger one have no digits left in the sums
 * (weights are their squares): 13 000, so that an sd which goes to 0 beside another stops there.
 */
const WIDEST = 9.5;

export function structuredDeviance(
  products: StructuredProducts,
  design: Design,
  method: LikelihoodMethod,
  origin: Float64Array,
): StructuredDeviance {
  const { n, p, pattern, model, sets } = products;
  const system = structuredSystem(products, design);
  const covariances = relativeFactors(design.groupTerms, products.coordinates.groups);
  const divisor = method === 'REML' ? n - p : n;
  const upTo = method === 'REML' ? pattern.r : pattern.r - p;
  const shift = method === 'REML' ? -2 * products.coordinates.beta.logDeterminant : 0;
  const { size } = covariances;
  const ends = nearestEnds(design, model.size);
  const place = (x: ArrayLike<number>, k: number): number => origin[k]! + x[size + k]!;
  const factors: RelativeFactors = {
    ...covariances,
    size: size + model.size,
    fromSearch: (x) => [
      ...covariances.fromSearch(x),
      Float64Array.from({ length: model.size }, (_, k) => Math.min(Math.max(place(x, k), ends[k]![0]), ends[k]![1])),
    ],
  };
  const byCoefficient = new Float64Array(sets.count);
  const byResidual = new Float64Array(model.size);
  const multiplied = sets.corner.length + sets.border.length + sets.blocks.length;

  const weightOf = (sigma?: number): number => 1 / (sigma === undefined ? self.sigma2() : sigma * sigma);
  const self: StructuredDeviance = {
    method,
    products,
    system,
    covariances,
    factors,
    origin,
    divisor,
    moments: null,
    unit: 1,
    unbounded: false,
    keepsDigits: false,
    curvature: null,
    start: null,
    covariancesAlone: model.size === 0,
    affordable: AFFORDABLE / (multiplications(pattern) + 2 * multiplied),
    at(lambdas, sigma) {
      const coordinates = lambdas[lambdas.length - 1]!;
      const { least, most } = model.logSds(coordinates);
      if (most - least > WIDEST || !products.set(coordinates)) return Number.NaN;
      covariances.toWorking(lambdas, system.lambda);
      if (!system.evaluate()) return Number.NaN;
      const { r2, logDetZ, logDetX } = system;
      const determinants = logDetZ + (method === 'REML' ? logDetX : 0) + shift - products.sumLogWeights;
      if (sigma === undefined) return determinants + divisor * (1 + Math.log((2 * Math.PI * r2) / divisor));
      return determinants + divisor * Math.log(2 * Math.PI * sigma * sigma) + r2 / (sigma * sigma);
    },
    search(x, gradient, sigma) {
      const value = self.at(factors.fromSearch(x), sigma);
      if (!Number.isFinite(value)) return value;
      covariances.gradient(x, self.derivative(sigma), gradient);
      self.beside.gradient(byResidual, sigma);
      // Beyond its end a coordinate stands for the end.
      byResidual.forEach((slope, k) => {
        gradient[size + k] = place(x, k) < ends[k]![0] || place(x, k) > ends[k]![1] ? 0 : slope;
      });
      return value;
    },
    sigma2: () => system.r2 / divisor,
    derivative: (sigma) => covarianceDerivative(system, upTo, weightOf(sigma)),
    beside: {
      size: model.size,
      gradient(out, sigma) {
        setDerivative(products, system, upTo, weightOf(sigma), byCoefficient);
        model.gradient(byCoefficient, out);
      },
    },
  };
  return self;
}
