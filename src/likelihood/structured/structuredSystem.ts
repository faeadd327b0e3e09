import type { Design } from '../../design/design.ts';
import { type Arrow, allocateArrow } from '../../linalg/arrow.ts';
import { factorArrow, logDetBlocks, multiplyArrow, solveArrow } from '../../linalg/arrowCholesky.ts';
import { logDetCorner } from '../../linalg/arrowCorner.ts';
import { borderScaling } from '../../products/borderScaling.ts';
import { scatter } from '../../products/crossProducts.ts';
import { relativePrecision, scaleBy, scaleTransposed } from '../../products/relativePrecision.ts';
import type { StructuredProducts } from '../../products/structuredProducts.ts';
import { type CovarianceSystem, NO_CENTRING } from '../gaussian/covarianceSystem.ts';

/**
 * Penalised least squares at one set of relative factors and one of coordinates of the residuals, as
 * `../gaussian/penalizedLeastSquares.ts` states it, of cross-products that move: min over (e, beta) of
 * (y - X beta - Z Lambda e)' W (y - X beta - Z Lambda e) + |e|^2, measured from the population part of the reference.
 */
export interface StructuredSystem extends CovarianceSystem {
  readonly crossProducts: StructuredProducts;
  readonly lambda: Float64Array[];
  readonly factor: Arrow;
  /** Number of border columns before beta. */
  readonly others: number;
  /** Residual sum of squares plus |e|^2. */
  r2: number;
  /** log |Lambda'Z'WZ Lambda + I| and log |X~'V^-1 X~|. */
  logDetZ: number;
  logDetX: number;
  /** The lower Cholesky factor of X~'V^-1 X~, p x p. */
  readonly factorisation: { coefficientFactor(): Float64Array };
  /** Sets everything from `lambda`; false when the system is not numerically positive definite. */
  evaluate(): boolean;
  /** Working coefficients (u~, beta~ with the reference's population part) of a solution, to `out`. */
  coefficients(solution: Float64Array, out: Float64Array): void;
}

export function structuredSystem(crossProducts: StructuredProducts, design: Design): StructuredSystem {
  const { A, pattern, size, c0, reference } = crossProducts;
  const { J, q, r } = pattern;
  const { p } = design;
  const others = r - p;
  const lambda = design.groupTerms.map((group) => new Float64Array(group.q * group.q));
  const factor = allocateArrow(pattern);
  const fill = relativePrecision(crossProducts);
  const solution = new Float64Array(size);
  const score = new Float64Array(size);
  const x = new Float64Array(size);
  const self: StructuredSystem = {
    crossProducts,
    centring: NO_CENTRING,
    others,
    lambda,
    factor,
    blocks: A.blocks,
    border: A.border,
    corner: A.corner,
    scaling: borderScaling(crossProducts),
    solution,
    score,
    r2: Number.NaN,
    logDetZ: Number.NaN,
    logDetX: Number.NaN,
    factorisation: {
      coefficientFactor() {
        const out = new Float64Array(p * p);
        for (let a = 0; a < p; a++) {
          for (let b = 0; b <= a; b++) out[a * p + b] = factor.corner[(others + a) * r + others + b]!;
        }
        return out;
      },
    },
    evaluate() {
      fill(lambda, null, factor, A);
      if (!factorArrow(factor)) return false;
      self.logDetZ = logDetBlocks(factor) + logDetCorner(factor, 0, others);
      self.logDetX = logDetCorner(factor, others, r);
      scaleTransposed(crossProducts, lambda, c0, solution);
      solveArrow(factor, solution);
      // r2 = |e|^2 + rss - x'(c + score), score = c - A x: what rounding did to the solution enters squared.
      scaleBy(crossProducts, lambda, solution, x);
      multiplyArrow(A, x, score);
      let r2 = crossProducts.rss;
      for (let i = 0; i < size; i++) {
        score[i] = c0[i]! - score[i]!;
        r2 -= x[i]! * (c0[i]! + score[i]!);
      }
      for (let i = 0; i < J * q + others; i++) r2 += solution[i]! * solution[i]!;
      self.r2 = r2;
      return true;
    },
    coefficients(from, out) {
      scaleBy(crossProducts, lambda, from, out);
      for (let k = size - p; k < size; k++) out[k]! += reference[k]!;
    },
  };
  return self;
}

/** u (one J x q array per factor) and beta (p) of the last evaluation, user scale. */
export function structuredCoefficients(system: StructuredSystem): { u: Float64Array[]; beta: Float64Array } {
  const { crossProducts } = system;
  const x = new Float64Array(crossProducts.size);
  system.coefficients(system.solution, x);
  const u = crossProducts.groups.map(({ J, q }) => new Float64Array(J * q));
  const beta = new Float64Array(crossProducts.p);
  scatter(crossProducts, x, u, beta);
  return { u, beta };
}
