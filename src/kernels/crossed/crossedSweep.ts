import type { WorkingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import type { CrossProducts } from '../../products/crossProducts.ts';
import { type Border, border } from './border.ts';
import type { CrossedLayout } from './crossedLayout.ts';
import { type LargeFactorPass, largeFactorPass } from './largeFactorPass.ts';

/** The coefficients of a crossed model and the draws of them, one large factor with the border at a time. */
export interface CrossedSweep {
  readonly layout: CrossedLayout;
  /** (u, beta - beta_ref), working coordinates, in the order of the cross-products. */
  readonly x: Float64Array;
  readonly w: Float64Array;
  readonly passes: readonly LargeFactorPass[];
  readonly border: Border;
  /** Copies the border's part of x to w. */
  readBorder(): void;
  /** |y - sum_o Z_o u_o - [Z_g X] w|^2 with the k-th large factor's effects left out, from the cross-products. */
  restOfSquares(k: number): number;
  /** After `shift` of the k-th pass: takes its effects, and those of the other large factors, out of the border. */
  formBorder(k: number, Lambda: Float64Array): void;
  /**
   * After the border has been factored: draws w and the k-th large factor's effects from standard normals into x; z has
   * W + J q of them.
   */
  draw(
    k: number,
    Lambda: Float64Array,
    small: readonly Float64Array[],
    sigma: number,
    zBorder: Float64Array,
    z: Float64Array,
  ): void;
}

/**
 * The sweep of a layout about the right side c = [Z X]' W r0 with r0' W r0 = rss; with `fixed` the blocks of the layout
 * stay as they are.
 */
export function crossedSweep(
  layout: CrossedLayout,
  products: CrossProducts,
  prior: WorkingCoefficientPrior,
  c: Float64Array,
  rss: number,
  fixed = true,
): CrossedSweep {
  const { large, places, corner } = layout;
  const W = places.length;
  const x = new Float64Array(products.size);
  const w = new Float64Array(W);
  const passes = large.map((factor) => largeFactorPass(factor, fixed));
  const joint = border(layout, products, prior);

  return {
    layout,
    x,
    w,
    passes,
    border: joint,
    readBorder() {
      for (let k = 0; k < W; k += 1) w[k] = x[places[k]!]!;
    },
    restOfSquares(left) {
      let sum = rss;
      for (let k = 0; k < W; k += 1) {
        let row = -2 * c[places[k]!]!;
        for (let l = 0; l < W; l += 1) row += corner[k * W + l]! * w[l]!;
        sum += row * w[k]!;
      }
      for (let k = 0; k < large.length; k += 1) {
        if (k === left) continue;
        const { J, q, offset, blocks, start, columns, edge, others } = large[k]!;
        for (let j = 0; j < J; j += 1) {
          const first = start[j]!;
          const width = start[j + 1]! - first;
          for (let a = 0; a < q; a += 1) {
            const i = j * q + a;
            let row = -2 * c[offset + i]!;
            for (let b = 0; b < q; b += 1) row += blocks[i * q + b]! * x[offset + j * q + b]!;
            const at = q * first + a * width;
            for (let l = 0; l < width; l += 1) row += 2 * edge[at + l]! * w[columns[first + l]!]!;
            sum += row * x[offset + i]!;
          }
        }
        for (let o = 0; o < others.length; o += 1) {
          if (others[o]!.f === large[left]!.f) continue;
          const { start: from, columns: at, values } = others[o]!.rows;
          for (let i = 0; i < J * q; i += 1) {
            let row = 0;
            for (let s = from[i]!, end = from[i + 1]!; s < end; s += 1) row += values[s]! * x[at[s]!]!;
            sum += row * x[offset + i]!;
          }
        }
      }
      return sum;
    },
    formBorder(own, Lambda) {
      joint.B.set(corner);
      for (let k = 0; k < W; k += 1) joint.b[k] = c[places[k]!]!;
      for (let k = 0; k < large.length; k += 1) {
        if (k === own) continue;
        const { J, q, offset, start, columns, edge } = large[k]!;
        for (let j = 0; j < J; j += 1) {
          const first = start[j]!;
          const width = start[j + 1]! - first;
          for (let a = 0; a < q; a += 1) {
            const u = x[offset + j * q + a]!;
            const at = q * first + a * width;
            for (let l = 0; l < width; l += 1) {
              const column = columns[first + l]!;
              joint.b[column] = joint.b[column]! - edge[at + l]! * u;
            }
          }
        }
      }
      passes[own]!.eliminate(Lambda, joint);
    },
    draw(k, Lambda, small, sigma, zBorder, z) {
      joint.draw(small, sigma, zBorder, w);
      for (let l = 0; l < W; l += 1) x[places[l]!] = w[l]!;
      passes[k]!.draw(Lambda, sigma, w, z, x);
    },
  };
}
