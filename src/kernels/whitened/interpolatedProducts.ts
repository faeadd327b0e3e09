import { type Arrow, allocateArrow, copyArrow } from '../../linalg/arrow.ts';
import type { CrossProducts } from '../../products/crossProducts.ts';
import type { CellTable } from '../cells/cellTable.ts';
import type { PseudoObservations } from '../cells/pseudoObservations.ts';
import type { WeightedProducts } from '../cells/weightedProducts.ts';

/** The cross-products of the pseudo-observations fitted at one size s of the group-level variance. */
export interface Knot {
  /** The coordinate of the family's own parameter (`OwnAxis`); 0 in a model without. Knots of one value are a line. */
  readonly line: number;
  /** Log of the variance of the linear predictor that the group levels add. */
  readonly s: number;
  readonly A: Arrow;
  readonly c: Float64Array;
  readonly constant: number;
  /** J x q^3: sum_i l_i''' z_ia z_ib z_ic of each block. */
  readonly third: Float64Array;
  /** J x q x 3: the transforms of the blocks' coordinates (`blockTransforms`). */
  readonly skew: Float64Array;
  /** r x 3: the transforms of the border's coordinates (`borderTransforms`). */
  readonly borderSkew: Float64Array;
}

/**
 * Cross-products that follow the size of the group-level variance and the family's own parameter: between two knots of
 * a line, and between two lines, the sets of pseudo-observations are mixed.
 */
export interface InterpolatedProducts {
  readonly products: CrossProducts;
  readonly skew: Float64Array;
  readonly borderSkew: Float64Array;
  /**
   * Moves to size s and to the own parameter's coordinate `line`; beyond the outer knots they stay. Allocates nothing.
   */
  moveTo(s: number, line: number): void;
  /** The third derivatives where it last moved to. */
  third(): Float64Array;
}

/** Keeps the pseudo-observations that `weighted` was last filled with. */
export function knotAt(
  line: number,
  s: number,
  table: CellTable,
  weighted: WeightedProducts,
  pseudo: PseudoObservations,
): Knot {
  const { J, q, start, z } = table;
  const A = allocateArrow(weighted.products.pattern);
  copyArrow(weighted.products.A, A);
  const cube = q * q * q;
  const third = new Float64Array(J * cube);
  for (let j = 0; j < J; j += 1) {
    for (let i = start[j]!; i < start[j + 1]!; i += 1) {
      let at = j * cube;
      for (let a = 0; a < q; a += 1) {
        for (let b = 0; b < q; b += 1) {
          for (let c = 0; c < q; c += 1, at += 1) {
            third[at] = third[at]! + pseudo.third[i]! * z[i * q + a]! * z[i * q + b]! * z[i * q + c]!;
          }
        }
      }
    }
  }
  const skew = new Float64Array(3 * J * q);
  for (let k = 0; k < skew.length; k += 3) skew[k] = 1;
  const borderSkew = new Float64Array(3 * A.pattern.r);
  for (let k = 0; k < borderSkew.length; k += 3) borderSkew[k] = 1;
  return { line, s, A, c: Float64Array.from(weighted.products.c0), constant: pseudo.constant, third, skew, borderSkew };
}

/**
 * Cross-products with arrays of their own over a list of knots, by line and then in order of s; `like` gives their
 * shape.
 */
export function interpolatedProducts(knots: readonly Knot[], like: CrossProducts): InterpolatedProducts {
  const A = allocateArrow(like.pattern);
  const c = new Float64Array(like.size);
  const third = new Float64Array(knots[0]!.third.length);
  const skew = new Float64Array(knots[0]!.skew.length);
  const borderSkew = Float64Array.from(knots[0]!.borderSkew);
  const products = { ...like, A, c, c0: c, rss: 0, rss0: 0, scratch: new Float64Array(like.size) };
  const lines = linesOf(knots);
  const last = lines.length - 1;
  let atSize = Number.NaN;
  let atLine = Number.NaN;
  const lower = { low: knots[0]!, high: knots[0]!, t: 0 };
  const upper = { low: knots[0]!, high: knots[0]!, t: 0 };
  /** The place between the two lines. */
  let between = 0;
  const fillWith = (of: (knot: Knot) => Float64Array, out: Float64Array): void => {
    mix(of(lower.low), of(lower.high), lower.t, out);
    if (between > 0) mixInto(of(upper.low), of(upper.high), upper.t, between, out);
  };
  const heightOf = ({ low, high, t }: typeof lower): number => low.constant + t * (high.constant - low.constant);
  return {
    products,
    skew,
    borderSkew,
    third() {
      fillWith((knot) => knot.third, third);
      return third;
    },
    moveTo(s, line) {
      if (s === atSize && line === atLine) return;
      atSize = s;
      atLine = line;
      const place = Math.min(Math.max(line, lines[0]!.at), lines[last]!.at);
      let k = 0;
      while (k < last - 1 && lines[k + 1]!.at < place) k += 1;
      const above = lines[Math.min(k + 1, last)]!;
      between = above === lines[k] ? 0 : (place - lines[k]!.at) / (above.at - lines[k]!.at);
      moveAlong(lines[k]!.knots, s, lower);
      moveAlong(above.knots, s, upper);
      fillWith((knot) => knot.A.blocks, A.blocks);
      fillWith((knot) => knot.A.border, A.border);
      fillWith((knot) => knot.A.corner, A.corner);
      fillWith((knot) => knot.c, c);
      fillWith((knot) => knot.skew, skew);
      if (!A.pattern.sparse) fillWith((knot) => knot.borderSkew, borderSkew);
      const height = heightOf(lower);
      // -2 constant in place of the residual sum of squares: -rss / 2 is then the height of the pseudo-likelihood.
      products.rss0 = -2 * (between > 0 ? height + between * (heightOf(upper) - height) : height);
      products.rss = products.rss0;
    },
  };
}

interface Line {
  readonly at: number;
  readonly knots: readonly Knot[];
}

function linesOf(knots: readonly Knot[]): Line[] {
  return [...new Set(knots.map(({ line }) => line))].map((at) => ({
    at,
    knots: knots.filter(({ line }) => line === at),
  }));
}

/** The two knots of a line about size s, and the place between them. */
function moveAlong(knots: readonly Knot[], s: number, out: { low: Knot; high: Knot; t: number }): void {
  const last = knots.length - 1;
  const place = Math.min(Math.max(s, knots[0]!.s), knots[last]!.s);
  let k = 0;
  while (k < last - 1 && knots[k + 1]!.s < place) k += 1;
  const low = knots[k]!;
  const high = knots[Math.min(k + 1, last)]!;
  out.low = low;
  out.high = high;
  out.t = high === low ? 0 : (place - low.s) / (high.s - low.s);
}

function mix(low: Float64Array, high: Float64Array, t: number, out: Float64Array): void {
  for (let i = 0; i < out.length; i += 1) out[i] = low[i]! + t * (high[i]! - low[i]!);
}

/** out := out + share (low + t (high - low) - out). */
function mixInto(low: Float64Array, high: Float64Array, t: number, share: number, out: Float64Array): void {
  for (let i = 0; i < out.length; i += 1) {
    out[i] = out[i]! + share * (low[i]! + t * (high[i]! - low[i]!) - out[i]!);
  }
}
