import type { Design } from '../../design/design.ts';
import { type Arrow, allocateArrow } from '../../linalg/arrow.ts';
import { backwardSolveArrow, forwardSolveArrow } from '../../linalg/arrowCholesky.ts';
import { factorLoss, LARGEST_LOSS } from '../../linalg/factorLoss.ts';
import type { WorkingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import { type CrossProducts, scatter } from '../../products/crossProducts.ts';
import { relativePrecision, scaleBy, scaleTransposed } from '../../products/relativePrecision.ts';
import type { Kernel, State } from '../kernel.ts';
import { followVariances } from '../state/coefficientVariances.ts';
import { relativeFactor } from '../state/relativeFactor.ts';

/** What a density of the covariances was evaluated with. */
export interface DensityParts {
  /** The Cholesky factor L of P. */
  readonly arrow: Arrow;
  /** L^-1 h. */
  readonly side: Float64Array;
  /** Lambda of each factor in working coordinates. */
  readonly working: readonly Float64Array[];
}

/** What the density was evaluated with at the state's place and sigma; null where that is not known. */
export type DensityFactor = (state: State, sigma: number) => DensityParts | null;

/**
 * Draws u of every factor and beta in one block given the covariances and sigma. With u~ = Lambda e (working
 * coordinates, relative to sigma),
 *   (e, beta) ~ N(P^-1 h, sigma^2 P^-1), P = [Lambda 0; 0 I]' A [Lambda 0; 0 I] + diag(I, sigma^2 V^-1),
 * h the cross-products of the residuals about the reference's population part, plus sigma^2 V^-1 (m - beta_ref).
 * One factorisation of the arrow matrix; no pass over the rows; regular at tau = 0. Where no other kernel reads u and
 * beta, `inWarmup` is false and nothing is drawn before the first recorded iteration. `moving` where the cross-products
 * change between steps.
 * Sds and correlations read back from the state are rounded: where a correlation is so near 1 that 1 - r^2 has no
 * digits left, or sds are so large that P has none, they lead to another P than the density had at the same place, or
 * to none. There the factor is the one of the density itself, `atDensity`.
 * Throws where P cannot be factored and there is no such factor.
 */
export function coefficientsKernel(
  design: Design,
  products: CrossProducts,
  prior: WorkingCoefficientPrior,
  inWarmup: boolean,
  moving = false,
  atDensity: DensityFactor | null = null,
): Kernel {
  const { groupTerms, p } = design;
  const { size, c0, reference, knownScale } = products;
  const uNames = groupTerms.map((term) => `u_${term.factor}`);
  const fill = relativePrecision(products);
  const factors = groupTerms.map((term, f) => relativeFactor(term, products.coordinates.groups[f]!));
  const Lambda = groupTerms.map((term) => new Float64Array(term.q * term.q));
  const arrow = allocateArrow(products.pattern);
  const diagonal = new Float64Array(size);
  const scaled = new Float64Array(size);
  const normals = new Float64Array(size);
  const working = new Float64Array(size);
  const betaPrecision = prior.flat ? null : new Float64Array(p * p);
  const head = size - p;
  // Without groups and with a flat prior the matrix never changes.
  const constant = groupTerms.length === 0 && prior.flat && !moving;
  let factored = false;
  const views: Float64Array[] = groupTerms.map(() => working);
  return {
    name: 'coefficients',
    updates: [...uNames, 'beta'],
    why:
      groupTerms.length === 0
        ? 'beta in one normal draw from the cross-products'
        : 'u and beta in one normal draw from the factor of the arrow matrix; no pass over the rows',
    stats: [],
    init() {},
    step(state, rng, phase) {
      if (phase === 'warmup' && !inWarmup) return;
      followVariances(prior, state);
      const sigma = knownScale ? 1 : state.at['sigma']![0]!;
      const s2 = sigma * sigma;
      let exact: ReturnType<DensityFactor> = null;
      if (!(constant && factored)) {
        for (let f = 0; f < factors.length; f += 1) factors[f]!(state, sigma, Lambda[f]!);
        if (betaPrecision) for (let i = 0; i < p * p; i += 1) betaPrecision[i] = s2 * prior.precision[i]!;
        fill(Lambda, betaPrecision, arrow);
        const loss = factorLoss(arrow, diagonal);
        if (loss > LARGEST_LOSS) exact = atDensity?.(state, sigma) ?? null;
        if (loss === Infinity && !exact)
          throw new Error('the precision matrix of the coefficients is not positive definite');
        factored = true;
      }
      if (exact) scaled.set(exact.side);
      else {
        scaleTransposed(products, Lambda, c0, scaled);
        if (betaPrecision) {
          for (let a = 0; a < p; a += 1) {
            let sum = 0;
            for (let b = 0; b < p; b += 1) sum += betaPrecision[a * p + b]! * prior.mean[b]!;
            scaled[head + a] = scaled[head + a]! + sum;
          }
        }
        forwardSolveArrow(arrow, scaled);
      }
      rng.fillNormals(normals, size);
      for (let i = 0; i < size; i += 1) scaled[i] = scaled[i]! + sigma * normals[i]!;
      backwardSolveArrow(exact?.arrow ?? arrow, scaled);
      scaleBy(products, exact?.working ?? Lambda, scaled, working);
      for (let k = head; k < size; k += 1) working[k] = working[k]! + reference[k]!;
      for (let f = 0; f < uNames.length; f += 1) views[f] = state.at[uNames[f]!]!;
      scatter(products, working, views, state.at['beta']!);
    },
  };
}
