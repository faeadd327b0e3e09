import { type Arrow, allocateArrow, copyArrow } from '../../linalg/arrow.ts';
import type { CrossProducts } from '../../products/crossProducts.ts';
import type { CellTable } from '../cells/cellTable.ts';
import type { PseudoObservations } from '../cells/gaussianApproximation.ts';
import type { WeightedProducts } from '../cells/weightedProducts.ts';

/** The cross-products of the pseudo-observations fitted at one size s of the group-level variance. */
export interface Knot {
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

/** Cross-products that follow the size of the group-level variance: between two knots the two sets of pseudo-observations are mixed. */
export interface InterpolatedProducts {
  readonly products: CrossProducts;
  readonly skew: Float64Array;
  readonly borderSkew: Float64Array;
  /** Moves to size s; beyond the outer knots they stay. Allocates nothing. */
  moveTo(s: number): void;
  /** The third derivatives where it last moved to. */
  third(): Float64Array;
}

/** Keeps the pseudo-observations that `weighted` was last filled with. */
export function knotAt(s: number, table: CellTable, weighted: WeightedProducts, pseudo: PseudoObservations): Knot {
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
  return { s, A, c: Float64Array.from(weighted.products.c0), constant: pseudo.constant, third, skew, borderSkew };
}

/** Cross-products with arrays of their own over a list of knots in order of s; `like` gives their shape. */
export function interpolatedProducts(knots: readonly Knot[], like: CrossProducts): InterpolatedProducts {
  const A = allocateArrow(like.pattern);
  const c = new Float64Array(like.size);
  const third = new Float64Array(knots[0]!.third.length);
  const skew = new Float64Array(knots[0]!.skew.length);
  const borderSkew = new Float64Array(knots[0]!.borderSkew.length);
  const products = { ...like, A, c, c0: c, rss: 0, rss0: 0, scratch: new Float64Array(like.size) };
  let at = Number.NaN;
  let low = knots[0]!;
  let high = low;
  let t = 0;
  const fill = (): void => {
    mix(low.A.blocks, high.A.blocks, t, A.blocks);
    mix(low.A.border, high.A.border, t, A.border);
    mix(low.A.corner, high.A.corner, t, A.corner);
    mix(low.c, high.c, t, c);
    mix(low.skew, high.skew, t, skew);
    mix(low.borderSkew, high.borderSkew, t, borderSkew);
    // -2 constant in place of the residual sum of squares: -rss / 2 is then the height of the pseudo-likelihood.
    products.rss0 = -2 * (low.constant + t * (high.constant - low.constant));
    products.rss = products.rss0;
  };
  return {
    products,
    skew,
    borderSkew,
    third() {
      mix(low.third, high.third, t, third);
      return third;
    },
    moveTo(s) {
      const last = knots.length - 1;
      const place = Math.min(Math.max(s, knots[0]!.s), knots[last]!.s);
      if (place === at) return;
      at = place;
      let k = 0;
      while (k < last - 1 && knots[k + 1]!.s < place) k += 1;
      low = knots[k]!;
      high = knots[Math.min(k + 1, last)]!;
      t = high === low ? 0 : (place - low.s) / (high.s - low.s);
      fill();
    },
  };
}

function mix(low: Float64Array, high: Float64Array, t: number, out: Float64Array): void {
  for (let i = 0; i < out.length; i += 1) out[i] = low[i]! + t * (high[i]! - low[i]!);
}
