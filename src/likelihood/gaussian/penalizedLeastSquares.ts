import type { Design } from '../../design/design.ts';
import { type Arrow, allocateArrow } from '../../linalg/arrow.ts';
import { factorArrow, logDetBlocks, logDetCorner, multiplyArrow, solveArrow } from '../../linalg/arrowCholesky.ts';
import { arrowLayout } from '../../products/arrowLayout.ts';
import { type BorderScaling, borderScaling } from '../../products/borderScaling.ts';
import type { CrossProducts } from '../../products/crossProducts.ts';
import { relativePrecision, scaleBy, scaleTransposed } from '../../products/relativePrecision.ts';
import { type ResidualSide, residualSide } from '../../products/residualSide.ts';
import { rowWeights } from '../../products/rowWeights.ts';
import { type TriangularRows, triangularRows } from '../../products/triangularRows.ts';
import { allocateCentring, type Centring, centre } from './centring.ts';

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
  readonly crossProducts: CrossProducts;
  /** Number of border columns before beta. */
  readonly others: number;
  readonly centring: Centring;
  /** Working factors Lambda~_f of the last evaluation, q x q row-major, by factor. */
  readonly lambda: Float64Array[];
  /** The full diagonal blocks of A, J x q x q, both triangles. */
  readonly blocks: Float64Array;
  /**
   * The columns of A that stand for (other factors, X) beside the blocks, before Lambda; X recentred where `centring`
   * acts.
   */
  readonly border: Float64Array;
  /** The same for the corner, both triangles. */
  readonly corner: Float64Array;
  /** Factor of [Lambda 0; 0 I]' A [Lambda 0; 0 I] + diag(I, 0). */
  readonly factor: Arrow;
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
  /** Multiplies border rows by the other factors' `lambda`. */
  readonly scaling: BorderScaling;
  /** Sets everything above from `lambda`; false when the system is not numerically positive definite. */
  evaluate(): boolean;
  /** Working coefficients x = (u~, beta~) of a solution, to `out`. */
  coefficients(solution: Float64Array, out: Float64Array): void;
}

/** Of r2: a squared gradient that moves a solution by less than 1e-9 of a standard error. */
const SETTLED = 1e-18;
const REFINEMENTS = 6;

/** A residual sum of squares that may have lost more than this share of itself is formed again from the rows. */
const ROUNDING = 1e-12;

/** What the pivots of the cross-products may be off by. */
const LOST = 1e-9;

/**
 * Multiplications that may be spent on reducing the rows, half a second, and on each factor of them, a few
 * milliseconds: what the blocks leave is dense. Beyond these the factor stays that of the cross-products.
 */
const MOST_OF_ROWS = 5e8;
const MOST_OF_FACTOR = 2e6;

export function penalizedLeastSquares(crossProducts: CrossProducts, design: Design): PenalizedLeastSquares {
  const { A, pattern, leading, size } = crossProducts;
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
  // The gradient of the residual sum of squares at u = 0 and the reference fit's beta, which x is measured from.
  const origin = crossProducts.c0;
  const population = crossProducts.reference.slice().fill(0, 0, size - p);
  const diagonal = diagonalOf(A);
  // The fit that residuals are measured from; replaced, never changed, so that the cross-products stay as they are.
  let near = {
    x: crossProducts.reference.map((value, i) => value - population[i]!),
    c: crossProducts.c,
    rss: crossProducts.rss,
  };
  let residualsAt: ResidualSide | null = null;

  const solution = new Float64Array(size);
  const score = new Float64Array(size);
  const x = new Float64Array(size);
  const deviation = new Float64Array(size);
  const correction = new Float64Array(size);

  const fill = relativePrecision(crossProducts);
  // Columns of Z have mean square 1: a pivot of a factor with one level is the sum of all precisions.
  const precision = rowWeights(design).reduce((sum, w) => sum + w, 0);
  const centred = centringSuffices(design, centring);
  const rowsAffordable = !centred && design.n * r * r < MOST_OF_ROWS && (J * q + 2 * r) * r * r < MOST_OF_FACTOR;
  let byRows: TriangularRows | null = null;

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
    keepsDigits: centred || rowsAffordable,
    evaluate() {
      if (ofRows()) {
        centring.active = false;
        Object.assign(self, { border: A.border, corner });
        byRows ??= triangularRows(design, crossProducts);
        return byRows.factor(lambda, factor) && solve();
      }
      const source = centre(centring, leadingFactor, blocks, A, corner, recentred)
        ? recentred
        : { border: A.border, corner };
      Object.assign(self, source);
      fill(lambda, null, factor, source);
      centring.border(factor.border);
      centring.corner(factor.corner);
      return factorArrow(factor) && solve();
    },
    coefficients(from, out) {
      scaleBy(crossProducts, lambda, from, out);
      for (let k = size - p; k < size; k++) out[k]! += population[k]!;
    },
  };
  return self;

  /** The determinants and the solution, given the factor. */
  function solve(): true {
    self.logDetZ = logDetBlocks(factor) + logDetCorner(factor, 0, others);
    self.logDetX = logDetCorner(factor, others, r);
    project(origin, solution);
    solveArrow(factor, solution);
    centring.toModes(solution);
    self.r2 = residualScore(solution);
    // Refinement, by residuals that were not formed as differences of large numbers, until it gains nothing more.
    for (let round = 0, before = Number.POSITIVE_INFINITY; round < REFINEMENTS; round++) {
      project(score, correction);
      penalise(correction, solution);
      const left = unsettled(correction);
      if (!(left > SETTLED * self.r2) || !(left < before / 2)) break;
      before = left;
      solveArrow(factor, correction);
      centring.toModes(correction);
      for (let i = 0; i < solution.length; i++) solution[i]! += correction[i]!;
      self.r2 = residualScore(solution);
    }
    return true;
  }

  /**
   * Whether a factor of the cross-products would lose the small pivots to the large sds, beyond what a search can
   * stand.
   */
  function ofRows(): boolean {
    if (!rowsAffordable) return false;
    let largest = 0;
    for (const L of lambda) for (const entry of L) largest = Math.max(largest, Math.abs(entry));
    return Number.EPSILON * precision * largest * largest > LOST;
  }

  /** score := [Z~ X~]'W(y - eta) at the coefficients of a solution; returns the penalised sum of squares. */
  function residualScore(at: Float64Array): number {
    scaleBy(crossProducts, lambda, at, x);
    let penalty = 0;
    for (let i = 0; i < tail + others; i++) penalty += at[i]! * at[i]!;
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
    multiplyArrow(A, deviation, score);
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
    residualsAt ??= residualSide(design, arrowLayout(design), crossProducts.coordinates, rowWeights(design));
    const whole = x.map((value, i) => value + population[i]!);
    const c = new Float64Array(size);
    const rss = residualsAt(whole, c);
    near = { x: Float64Array.from(x), c, rss };
  }

  /** The squared gradient that is left at a solution, in units of the modes' and of beta's standard errors. */
  function unsettled(gradient: Float64Array): number {
    let sum = 0;
    for (let i = 0; i < tail + others; i++) sum += gradient[i]! * gradient[i]!;
    for (let k = others; k < r; k++) {
      const scaled = gradient[tail + k]! / factor.corner[k * r + k]!;
      sum += scaled * scaled;
    }
    return sum;
  }

  /**
   * out := D'v, D the map from (e, beta) to working coefficients; in recentred coordinates beta takes its share of the
   * modes.
   */
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

/**
 * Of one factor with one coefficient no such difference is left once every level-2 column of X is recentred; one that
 * follows a column that varies within groups is a mixture with it in working coordinates, and stays.
 */
function centringSuffices({ groupTerms }: Design, { columns }: Centring): boolean {
  const [only] = groupTerms;
  if (groupTerms.length !== 1 || only!.q !== 1) return false;
  return columns.length === only!.level2.columns.filter((column) => column >= 0).length;
}

/** The diagonal of an arrow matrix, in the order of its vectors. */
function diagonalOf({ pattern, blocks, corner }: Arrow): Float64Array {
  const { J, q, r } = pattern;
  const out = new Float64Array(J * q + r);
  for (let i = 0; i < J * q; i++) out[i] = blocks[i * q + (i % q)]!;
  for (let i = 0; i < r; i++) out[J * q + i] = corner[i * r + i]!;
  return out;
}
