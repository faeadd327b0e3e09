import type { Design } from '../../design/design.ts';
import { coefficientPlaces } from '../../products/arrowLayout.ts';
import type { ProductsOfRows } from '../../products/crossProducts.ts';
import type { GaussianProducts } from '../../products/gaussianProducts.ts';
import { scaleBy } from '../../products/relativePrecision.ts';
import { type ResidualSide, residualSide } from '../../products/residualSide.ts';
import { rowWeights } from '../../products/rowWeights.ts';
import { arrowFactorisation } from './arrowFactorisation.ts';
import { probedFactorisation } from './probedFactorisation.ts';
import type { RelativeFactorisation } from './relativeFactorisation.ts';
import { sparseFactorisation } from './sparseFactorisation.ts';

/**
 * The penalised least squares problem at one set of relative factors: minimise over e and beta
 * (y - X beta - Z Lambda e)' W (y - X beta - Z Lambda e) + |e|^2, in working coordinates.
 * Vectors have the arrow's order: the blocks of the leading factor, the other factors, beta.
 *
 * Everything is measured from fits, never from 0: beta from the population part of the reference fit, so that a
 * response of 1e8 +- 1 costs no digits, and the residual sum of squares from a fit near the solution. That is the
 * reference fit to begin with; where the solution is so far from it that the cross-products have lost the residuals
 * (rounding is about 1e-16 d'D d at a distance d, D the diagonal of A), the solution itself takes its place, by one
 * pass over the rows.
 */
export interface PenalizedLeastSquares {
  readonly crossProducts: ProductsOfRows;
  readonly factorisation: RelativeFactorisation;
  /** Working factors Lambda~_f of the last evaluation, q x q row-major, by factor. */
  readonly lambda: Float64Array[];
  /** Standardised modes e, and beta less the population part of the reference fit, at the solution. */
  readonly solution: Float64Array;
  /** Z~'W(y - eta), then X~'W(y - eta) at the solution. */
  readonly score: Float64Array;
  /** Residual sum of squares plus |e|^2. */
  r2: number;
  /** log |Lambda'Z'WZ Lambda + I|. */
  logDetZ: number;
  /** log |X~'V^-1 X~|, V = W^-1 + Z Lambda Lambda' Z'. */
  logDetX: number;
  /** Whether errors of the determinants grow with sds in units of sigma, and not with their squares. */
  readonly keepsDigits: boolean;
  /** Sets everything above from `lambda`; false when the system is not numerically positive definite. */
  evaluate(): boolean;
  /** Working coefficients x = (u~, beta~) of a solution, to `out`. */
  coefficients(solution: Float64Array, out: Float64Array): void;
}

function factorisationOf(products: GaussianProducts, design: Design): RelativeFactorisation {
  if (!('places' in products)) return arrowFactorisation(products, design);
  return products.places === null ? probedFactorisation(products) : sparseFactorisation(products, products.places);
}

/** Of r2: a squared gradient that moves a solution by less than 1e-9 of a standard error. */
const SETTLED = 1e-18;
const REFINEMENTS = 6;

/** A residual sum of squares that may have lost more than this share of itself is formed again from the rows. */
const ROUNDING = 1e-12;

/** `products` are those that `gaussianProducts` has of the design. */
export function penalizedLeastSquares(products: GaussianProducts, design: Design): PenalizedLeastSquares {
  const { size, p } = products;
  const others = size - p;
  const lambda = design.groupTerms.map((group) => new Float64Array(group.q * group.q));
  const factorisation = factorisationOf(products, design);
  const { diagonal } = factorisation;
  // The gradient of the residual sum of squares at u = 0 and the reference fit's beta, which x is measured from.
  const origin = products.c0;
  const population = products.reference.slice().fill(0, 0, others);
  // The fit that residuals are measured from; replaced, never changed, so that the cross-products stay as they are.
  let near = {
    x: products.reference.map((value, i) => value - population[i]!),
    c: products.c,
    rss: products.rss,
  };
  let residualsAt: ResidualSide | null = null;

  const solution = new Float64Array(size);
  const score = new Float64Array(size);
  const x = new Float64Array(size);
  const deviation = new Float64Array(size);
  const correction = new Float64Array(size);

  const self: PenalizedLeastSquares = {
    crossProducts: products,
    factorisation,
    lambda,
    solution,
    score,
    r2: Number.NaN,
    logDetZ: Number.NaN,
    logDetX: Number.NaN,
    keepsDigits: factorisation.keepsDigits,
    evaluate: () => factorisation.factor(lambda) && solve(),
    coefficients(from, out) {
      scaleBy(products, lambda, from, out);
      for (let k = others; k < size; k++) out[k]! += population[k]!;
    },
  };
  return self;

  /** The determinants and the solution, given the factor. */
  function solve(): true {
    self.logDetZ = factorisation.logDetZ();
    self.logDetX = factorisation.logDetX();
    const pivots = factorisation.coefficientFactor();
    factorisation.project(origin, solution);
    factorisation.solve(solution);
    self.r2 = residualScore(solution);
    // Refinement, by residuals that were not formed as differences of large numbers, until it gains nothing more.
    for (let round = 0, before = Number.POSITIVE_INFINITY; round < REFINEMENTS; round++) {
      factorisation.project(score, correction);
      factorisation.penalise(correction, solution);
      const left = unsettled(correction, pivots);
      if (!(left > SETTLED * self.r2) || !(left < before / 2)) break;
      before = left;
      factorisation.solve(correction);
      for (let i = 0; i < solution.length; i++) solution[i]! += correction[i]!;
      self.r2 = residualScore(solution);
    }
    return true;
  }

  /** score := [Z~ X~]'W(y - eta) at the coefficients of a solution; returns the penalised sum of squares. */
  function residualScore(at: Float64Array): number {
    scaleBy(products, lambda, at, x);
    let penalty = 0;
    for (let i = 0; i < others; i++) penalty += at[i]! * at[i]!;
    let r2 = penalty + residuals();
    if (rounding() > ROUNDING * Math.abs(r2)) {
      moveReference();
      r2 = penalty + residuals();
    }
    return r2;
  }

  /** The residual sum of squares at x, from the fit nearby: rss - d'(c + score), score = c - A d, d = x - that fit. */
  function residuals(): number {
    const { c, rss } = near;
    for (let i = 0; i < size; i++) deviation[i] = x[i]! - near.x[i]!;
    factorisation.multiply(deviation, score);
    let sum = 0;
    for (let i = 0; i < size; i++) {
      score[i] = c[i]! - score[i]!;
      sum -= deviation[i]! * (c[i]! + score[i]!);
    }
    return rss + sum;
  }

  /** What rounding may have done to the last residual sum of squares. */
  function rounding(): number {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += diagonal[i]! * deviation[i]! * deviation[i]!;
    return Number.EPSILON * sum;
  }

  function moveReference(): void {
    residualsAt ??= residualSide(design, coefficientPlaces(design), products.coordinates, rowWeights(design));
    const whole = x.map((value, i) => value + population[i]!);
    const c = new Float64Array(size);
    const rss = residualsAt(whole, c);
    near = { x: Float64Array.from(x), c, rss };
  }

  /** The squared gradient that is left at a solution, in units of the modes' and of beta's standard errors. */
  function unsettled(gradient: Float64Array, pivots: Float64Array): number {
    let sum = 0;
    for (let i = 0; i < others; i++) sum += gradient[i]! * gradient[i]!;
    for (let k = 0; k < p; k++) {
      const scaled = gradient[others + k]! / pivots[k * p + k]!;
      sum += scaled * scaled;
    }
    return sum;
  }
}
