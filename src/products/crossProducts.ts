import type { Design } from '../design/design.ts';
import { needsIndependent } from '../design/needsIndependent.ts';
import { observations } from '../design/observations.ts';
import { log } from '../elementary.ts';
import { type Arrow, type ArrowPattern, allocateArrow } from '../linalg/arrow.ts';
import { quadraticFormArrow } from '../linalg/arrowCholesky.ts';
import { mirrorTriangle } from '../linalg/mirrorTriangle.ts';
import { type ArrowLayout, arrowLayout, type CoefficientPlaces, WIDEST_CORNER } from './arrowLayout.ts';
import { type Coordinates, coordinates as coordinatesOf, toUser, toWorking } from './coordinates.ts';
import { type HeldAt, holdReference } from './heldReference.ts';
import { levelEquations } from './levelEquations.ts';
import { type LevelProducts, levelProducts } from './levelProducts.ts';
import { arrowEquations, type NormalEquations, referenceFit } from './referenceFit.ts';
import { residualRounding } from './residualRounding.ts';
import { residualSide } from './residualSide.ts';
import { rowPrecisions, rowWeights } from './rowWeights.ts';
import { spanFit } from './spanFit.ts';
import { type WorkingRows, workingRows } from './workingRows.ts';

/**
 * What a Gaussian sweep needs of the rows, computed once: the weighted cross-products of [Z X] and of the residuals
 * about a reference fit. Vectors x hold (u, beta) in working coordinates: the leading factor's J x q, the other
 * factors, beta last. W is the diagonal of the rows' precisions in units of 1 / sigma^2.
 */
export interface ProductsOfRows {
  /** Index into `design.groupTerms` of the factor with most levels; -1 if there is none. */
  readonly leading: number;
  /** Start of each group term (in the order of the design) in x, and last the start of beta. */
  readonly borderOffsets: Int32Array;
  /** Length of x. */
  readonly size: number;
  /** Rows of the data (`observations`). */
  readonly n: number;
  readonly p: number;
  /** Levels and varying columns of each group term, in the order of the design. */
  readonly groups: readonly { readonly J: number; readonly q: number }[];
  readonly coordinates: Coordinates;
  /** The reference fit x_ref. */
  readonly reference: Float64Array;
  /** [Z X]' W r, r = y - offset - [Z X] x_ref, formed from r row by row. */
  readonly c: Float64Array;
  /** r' W r. */
  readonly rss: number;
  /** The same two about (u = 0, beta = beta_ref): [Z X]' W r0 and r0' W r0 with r0 = y - offset - X beta_ref. */
  readonly c0: Float64Array;
  readonly rss0: number;
  /** Whether the population columns fit every response but for rounding, so that rss is 0 whatever the covariances. */
  readonly populationFits: boolean;
  /** sum_i log W_i: twice what the weights add to the log-likelihood. */
  readonly sumLogWeights: number;
  /** True where standard errors are known: they are in W, and sigma = 1. */
  readonly knownScale: boolean;
}

/** The same with the cross-products themselves as an arrow matrix, the leading factor's blocks on the diagonal. */
export interface CrossProducts extends ProductsOfRows {
  readonly pattern: ArrowPattern;
  /** [Z X]' W [Z X], working coordinates, not factored; both triangles of the blocks and of the corner are filled. */
  readonly A: Arrow;
  /**
   * Where the corner would not fit: all of it by pairs of levels, and the corner of A empty. Kernels that factor
   * nothing large take it.
   */
  readonly levels?: LevelProducts;
  /** Workspace of `residualSumOfSquares`, length `size`. */
  readonly scratch: Float64Array;
}

/**
 * Of several factors a corner of more rows is not made: one factorisation would take a quarter of a minute, and every
 * draw several.
 */
export const WIDEST_DENSE = 5000;

/**
 * The cross-products of a design; passes over the rows a fixed, small number of times. The reference is a least squares
 * fit, but for coefficients that priors `held` hold elsewhere (`holdReference`). Throws a ModelError where a weight or
 * a standard error is not positive and finite, or beside a single factor the dense part of the arrow matrix would not
 * fit; beside several, where it would have more than `widest` rows, it is there by pairs of levels.
 */
export function crossProducts(design: Design, held: HeldAt | null = null, widest = WIDEST_DENSE): CrossProducts {
  needsIndependent(design, 'this');
  const W = rowWeights(design);
  const coordinates = coordinatesOf(design, W);
  const layout = arrowLayout(design, undefined, design.groupTerms.length > 1 ? Infinity : WIDEST_CORNER);
  const rows = workingRows(design, layout, coordinates);
  const wide = design.groupTerms.length > 1 && layout.pattern.r > widest;
  const A = accumulate(rows, layout, W, wide);
  const levels = wide ? levelProducts(design, layout, rows, W) : null;
  const equations = (ridge: Float64Array) =>
    levels ? levelEquations(levels, null, ridge) : arrowEquations(A, design.p, ridge);
  return {
    ...productsOfRows(design, layout, coordinates, W, rows, equations, held),
    pattern: layout.pattern,
    A,
    ...(levels ? { levels } : {}),
    scratch: new Float64Array(layout.size),
  };
}

/** All but the matrix: `equations` solves its normal equations with a ridge (length size). */
export function productsOfRows(
  design: Design,
  { leading, borderOffsets, size, pattern }: CoefficientPlaces,
  coordinates: Coordinates,
  W: Float64Array,
  rows: WorkingRows,
  equations: (ridge: Float64Array) => NormalEquations,
  held: HeldAt | null = null,
): ProductsOfRows {
  const { p, response } = design;
  const groups = design.groupTerms.map(({ J, q }) => ({ J, q }));
  const sides = residualSide(design, { leading, borderOffsets, size, pattern }, coordinates, W, rows);
  const ridge = groupRidge(groups, borderOffsets, size, W);
  const fitted = referenceFit(equations(ridge), p, size, sides);
  const { reference, c } = fitted;
  const moved = held !== null && holdReference(coordinates.beta, held, reference.subarray(size - p));
  const rss = moved ? sides(reference, c) : fitted.rss;

  const population = reference.slice().fill(0, 0, size - p);
  const c0 = new Float64Array(size);
  const rss0 = sides(population, c0);
  return {
    leading,
    borderOffsets,
    size,
    n: observations(design),
    p,
    groups,
    coordinates,
    reference,
    c,
    rss,
    c0,
    rss0,
    populationFits: response.standardErrors === null && rss <= residualRounding(design) && populationFits(design),
    sumLogWeights: rowPrecisions(design).reduce((sum, w, i) => sum + (response.copies?.[i] ?? 1) * log(w), 0),
    knownScale: response.standardErrors !== null,
  };
}

/**
 * Whether the columns of X fit every response by themselves. Fitted by [Z X], the response takes a little of u in the
 * reference wherever X has a share in it.
 */
function populationFits(design: Design): boolean {
  const none = design.groupTerms.map(() => new Float64Array(0));
  return spanFit(design, none, Infinity)!.fits;
}

/** [Z X]' W [Z X] by one pass over the rows; without its corner where it is `wide`. */
function accumulate(rows: WorkingRows, layout: ArrowLayout, W: Float64Array, wide: boolean): Arrow {
  const { J, q, r, start } = layout.pattern;
  const A = wide
    ? { ...allocateArrow({ ...layout.pattern, r: 0 }), pattern: layout.pattern }
    : allocateArrow(layout.pattern);
  const { z, values, columns, local } = rows;
  const count = values.length;
  for (let i = 0; i < W.length; i++) {
    rows.load(i);
    const w = W[i]!;
    const j = rows.level();
    for (let a = 0; a < q; a++) {
      const weighted = w * z[a]!;
      const block = (j * q + a) * q;
      for (let b = 0; b <= a; b++) A.blocks[block + b]! += weighted * z[b]!;
      const edge = q * start[j]! + a * (start[j + 1]! - start[j]!);
      for (let k = 0; k < count; k++) A.border[edge + local[k]!]! += weighted * values[k]!;
    }
    for (let k = 0; k < (wide ? 0 : count); k++) {
      const weighted = w * values[k]!;
      const row = columns[k]! * r;
      for (let l = 0; l <= k; l++) A.corner[row + columns[l]!]! += weighted * values[l]!;
    }
  }
  for (let j = 0; j < J; j++) mirrorTriangle(A.blocks, q, j * q * q);
  if (!wide) mirrorTriangle(A.corner, r, 0);
  return A;
}

/** The reference fit's ridge: for each group term 1e-9 of the rows' total precision per level, for beta none. */
function groupRidge(
  groups: CrossProducts['groups'],
  borderOffsets: Int32Array,
  size: number,
  W: Float64Array,
): Float64Array {
  const total = W.reduce((sum, w) => sum + w, 0);
  const ridge = new Float64Array(size);
  groups.forEach(({ J, q }, f) => {
    ridge.fill((1e-9 * total) / J, borderOffsets[f]!, borderOffsets[f]! + J * q);
  });
  return ridge;
}

/**
 * The weighted residual sum of squares at x: rss_ref - 2 c'd + d' A d with d = x - x_ref. It passes over no rows and
 * allocates nothing. Its rounding error is about 1e-16 |d' D d|, D the diagonal of A.
 */
export function residualSumOfSquares(products: CrossProducts, x: Float64Array): number {
  const { reference, c, A, scratch, size } = products;
  let cross = 0;
  for (let i = 0; i < size; i++) {
    const d = x[i]! - reference[i]!;
    scratch[i] = d;
    cross += c[i]! * d;
  }
  return products.rss - 2 * cross + quadraticFormArrow(A, scratch);
}

/**
 * Collects u (one J_f x q_f array per group term, in the order of the design) and beta, user coordinates, in the
 * working vector `out`.
 */
export function gather(
  products: CrossProducts,
  u: readonly Float64Array[],
  beta: Float64Array,
  out: Float64Array,
): void {
  const { groups, borderOffsets, coordinates } = products;
  for (let f = 0; f < groups.length; f++) {
    out.set(u[f]!, borderOffsets[f]!);
    toWorking(coordinates.groups[f]!, out, borderOffsets[f]!, groups[f]!.J);
  }
  out.set(beta, borderOffsets[groups.length]!);
  toWorking(coordinates.beta, out, borderOffsets[groups.length]!);
}

/** Spreads the working vector x over u (one J_f x q_f array per group term) and beta, in user coordinates. */
export function scatter(
  products: ProductsOfRows,
  x: Float64Array,
  u: readonly Float64Array[],
  beta: Float64Array,
): void {
  const { groups, borderOffsets, coordinates, p } = products;
  for (let f = 0; f < groups.length; f++) {
    const { J, q } = groups[f]!;
    const from = borderOffsets[f]!;
    const into = u[f]!;
    for (let i = 0; i < J * q; i++) into[i] = x[from + i]!;
    toUser(coordinates.groups[f]!, into, 0, J);
  }
  const from = borderOffsets[groups.length]!;
  for (let k = 0; k < p; k++) beta[k] = x[from + k]!;
  toUser(coordinates.beta, beta);
}
