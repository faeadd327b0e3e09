import type { Design } from '../../design/design.ts';
import { type Arrow, allocateArrow } from '../../linalg/arrow.ts';
import { factorArrow, logDetBlocks, multiplyArrow, solveArrow } from '../../linalg/arrowCholesky.ts';
import { logDetCorner } from '../../linalg/arrowCorner.ts';
import { borderScaling } from '../../products/borderScaling.ts';
import type { CrossProducts } from '../../products/crossProducts.ts';
import { relativePrecision, scaleTransposed } from '../../products/relativePrecision.ts';
import { rowWeights } from '../../products/rowWeights.ts';
import { type TriangularRows, triangularRows } from '../../products/triangularRows.ts';
import { allocateCentring, type Centring, centre } from './centring.ts';
import { conditionalCovariance } from './conditionalCovariance.ts';
import { covarianceDerivative } from './covarianceDerivative.ts';
import type { RelativeFactorisation } from './relativeFactorisation.ts';

/** What the pivots of the cross-products may be off by. */
const LOST = 1e-9;

/**
 * Multiplications that may be spent on reducing the rows, half a second, and on each factor of them, some ten
 * milliseconds: what the blocks leave is dense. Beyond these the factor stays that of the cross-products.
 */
const MOST_OF_ROWS = 5e8;
const MOST_OF_FACTOR = 1e7;

/** One large factor: its blocks on the diagonal of an arrow matrix, all other coefficients in a dense corner. */
export function arrowFactorisation(crossProducts: CrossProducts, design: Design): RelativeFactorisation {
  const { A, pattern, leading, groups, borderOffsets } = crossProducts;
  const { J, q, r } = pattern;
  const tail = J * q;
  const { p } = design;
  const others = r - p;
  const { blocks, corner } = A;
  const factor = allocateArrow(pattern);
  const centring = allocateCentring(crossProducts, design);
  const recentred = { border: new Float64Array(A.border.length), corner: new Float64Array(r * r) };
  const scaling = borderScaling(crossProducts);
  const fill = relativePrecision(crossProducts);
  // Columns of Z have mean square 1: a pivot of a factor with one level is the sum of all precisions.
  const precision = rowWeights(design).reduce((sum, w) => sum + w, 0);
  const centred = centringSuffices(design, centring);
  const rowsAffordable = !centred && design.n * r * r < MOST_OF_ROWS && (J * q + 2 * r) * r * r < MOST_OF_FACTOR;
  let byRows: TriangularRows | null = null;
  let source: { border: Float64Array; corner: Float64Array } = { border: A.border, corner };
  let lambda: readonly Float64Array[] = [];

  return {
    keepsDigits: centred || rowsAffordable,
    factor(Lambda) {
      lambda = Lambda;
      if (ofRows()) {
        centring.active = false;
        source = { border: A.border, corner };
        byRows ??= triangularRows(design, crossProducts);
        return byRows.factor(lambda, factor);
      }
      const leadingFactor = lambda[leading] ?? new Float64Array(0);
      source = centre(centring, leadingFactor, blocks, A, corner, recentred) ? recentred : { border: A.border, corner };
      fill(lambda, null, factor, source);
      centring.border(factor.border);
      centring.corner(factor.corner);
      return factorArrow(factor);
    },
    logDetZ: () => logDetBlocks(factor) + logDetCorner(factor, 0, others),
    logDetX: () => logDetCorner(factor, others, r),
    solve(b) {
      solveArrow(factor, b);
      centring.toModes(b);
    },
    // In recentred coordinates beta takes its share of the modes.
    project(v, out) {
      scaleTransposed(crossProducts, lambda, v, out);
      centring.project(v, out);
    },
    penalise(out, at) {
      for (let i = 0; i < tail + others; i++) out[i]! -= at[i]!;
      centring.penalise(at, out);
    },
    coefficientFactor() {
      const out = new Float64Array(p * p);
      for (let a = 0; a < p; a++) {
        for (let b = 0; b <= a; b++) out[a * p + b] = factor.corner[(others + a) * r + others + b]!;
      }
      return out;
    },
    multiply: (x, out) => multiplyArrow(A, x, out),
    diagonal: diagonalOf(A),
    derivative({ solution, score }, reml, weight, images) {
      const system = {
        crossProducts: { groups, leading, borderOffsets },
        factor,
        lambda,
        blocks,
        ...source,
        scaling,
        centring,
        solution,
        score,
      };
      return covarianceDerivative(system, reml ? r : others, weight, images);
    },
    conditionalCovariance: () => conditionalCovariance({ crossProducts, factor, others }),
  };

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
