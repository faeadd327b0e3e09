import { type BorderScaling, borderScaling } from '../design/borderScaling.ts';
import type { CrossProducts } from '../design/crossProducts.ts';
import type { Design } from '../design/design.ts';
import { relativePrecision, scaleBy, scaleTransposed } from '../design/relativePrecision.ts';
import {
  type Arrow,
  allocateArrow,
  factorArrow,
  logDetBlocks,
  logDetCorner,
  multiplyArrow,
  solveArrow,
} from '../linalg/arrowCholesky.ts';
import { allocateCentring, type Centring, centre } from './centring.ts';

/**
 * The penalised least squares problem at one set of relative factors: minimise over e and beta
 * (y - X beta - Z Lambda e)' W (y - X beta - Z Lambda e) + |e|^2, in working coordinates.
 * Vectors have the arrow's order: the blocks of the leading factor, the other factors, beta.
 */
export interface PenalizedLeastSquares {
  readonly crossProducts: CrossProducts;
  /** Number of border columns before beta. */
  readonly others: number;
  readonly centring: Centring;
  /** Working factors Lambda~_f of the last evaluation, q x q row-major, by factor. */
  readonly lambda: Float64Array[];
  /** The full diagonal blocks of A, J x q x q, both triangles. */
  readonly blocks: Float64Array;
  /** The columns of A that stand for (other factors, X) beside the blocks, before Lambda; X recentred where `centring` acts. */
  readonly border: Float64Array;
  /** The same for the corner, both triangles. */
  readonly corner: Float64Array;
  /** Factor of [Lambda 0; 0 I]' A [Lambda 0; 0 I] + diag(I, 0). */
  readonly factor: Arrow;
  /** Standardised modes e and beta at the solution. */
  readonly solution: Float64Array;
  /** Z~'W(y - eta), then X~'W(y - eta) at the solution. */
  readonly score: Float64Array;
  /** Residual sum of squares plus |e|^2. */
  r2: number;
  /** log |Lambda'Z'WZ Lambda + I|. */
  logDetZ: number;
  /** log |X~'V^-1 X~|, V = W^-1 + Z Lambda Lambda' Z'. */
  logDetX: number;
  /** Multiplies border rows by the other factors' `lambda`. */
  readonly scaling: BorderScaling;
  /** Sets everything above from `lambda`; false when the system is not numerically positive definite. */
  evaluate(): boolean;
  /** Working coefficients x = (u~, beta~) of a solution, to `out`. */
  coefficients(solution: Float64Array, out: Float64Array): void;
}

export function penalizedLeastSquares(crossProducts: CrossProducts, design: Design): PenalizedLeastSquares {
  const { A, c, pattern, leading, reference } = crossProducts;
  const { J, q, r } = pattern;
  const tail = J * q;
  const p = design.p;
  const others = r - p;
  const lambda = design.groupTerms.map((group) => new Float64Array(group.q * group.q));
  const leadingFactor = lambda[leading] ?? new Float64Array(0);
  const { blocks, corner } = A;
  const factor = allocateArrow(pattern);
  const centring = allocateCentring(crossProducts, design);
  const recentred = { border: new Float64Array(A.border.length), corner: new Float64Array(r * r) };
  // The gradient of the residual sum of squares at x = 0: c + A reference.
  const origin = new Float64Array(c.length);
  multiplyArrow(A, reference, origin);
  for (let i = 0; i < c.length; i++) origin[i]! += c[i]!;

  const solution = new Float64Array(c.length);
  const score = new Float64Array(c.length);
  const x = new Float64Array(c.length);
  const deviation = new Float64Array(c.length);
  const correction = new Float64Array(c.length);

  const fill = relativePrecision(crossProducts);

  const self: PenalizedLeastSquares = {
    crossProducts,
    others,
    centring,
    lambda,
    blocks,
    border: A.border,
    corner,
    factor,
    solution,
    score,
    r2: Number.NaN,
    logDetZ: Number.NaN,
    logDetX: Number.NaN,
    scaling: borderScaling(crossProducts),
    evaluate() {
      const source = centre(centring, leadingFactor, blocks, A, corner, recentred)
        ? recentred
        : { border: A.border, corner };
      Object.assign(self, source);
      fill(lambda, null, factor, source);
      centring.border(factor.border);
      centring.corner(factor.corner);
      if (!factorArrow(factor)) return false;
      self.logDetZ = logDetBlocks(factor) + logDetCorner(factor, 0, others);
      self.logDetX = logDetCorner(factor, others, r);
      project(origin, solution);
      solveArrow(factor, solution);
      centring.toModes(solution);
      self.r2 = residualScore(solution);
      project(score, correction);
      penalise(correction, solution);
      if (unsettled(correction)) {
        // One step of refinement: the residual formed about the reference fit keeps the digits that c + A reference loses.
        solveArrow(factor, correction);
        centring.toModes(correction);
        for (let i = 0; i < solution.length; i++) solution[i]! += correction[i]!;
        self.r2 = residualScore(solution);
      }
      return true;
    },
    coefficients(from, out) {
      scaleBy(crossProducts, lambda, from, out);
    },
  };
  return self;

  /** score := c - A (x - reference) = [Z~ X~]'W(y - eta) at the coefficients of a solution; returns the penalised sum of squares. */
  function residualScore(at: Float64Array): number {
    self.coefficients(at, x);
    for (let i = 0; i < x.length; i++) deviation[i] = x[i]! - reference[i]!;
    multiplyArrow(A, deviation, score);
    let sum = 0;
    for (let i = 0; i < x.length; i++) {
      score[i] = c[i]! - score[i]!;
      sum -= deviation[i]! * (c[i]! + score[i]!);
    }
    for (let i = 0; i < tail + others; i++) sum += at[i]! * at[i]!;
    return crossProducts.rss + sum;
  }

  /** Whether the gradient left at a solution could move it by more than 1e-9 of a standard error. */
  function unsettled(gradient: Float64Array): boolean {
    let sum = 0;
    for (let i = 0; i < tail + others; i++) sum += gradient[i]! * gradient[i]!;
    for (let k = others; k < r; k++) {
      const scaled = gradient[tail + k]! / factor.corner[k * r + k]!;
      sum += scaled * scaled;
    }
    return !(sum < 1e-18 * self.r2);
  }

  /** out := D'v, D the map from (e, beta) to working coefficients; in recentred coordinates beta takes its share of the modes. */
  function project(v: Float64Array, out: Float64Array): void {
    scaleTransposed(crossProducts, lambda, v, out);
    centring.project(v, out);
  }

  /** out := out - (the penalty's gradient at the modes of `at`), in the coordinates of the factor. */
  function penalise(out: Float64Array, at: Float64Array): void {
    for (let i = 0; i < tail + others; i++) out[i]! -= at[i]!;
    centring.penalise(at, out);
  }
}
