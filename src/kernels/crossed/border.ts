import { log } from '../../elementary.ts';
import { backwardSolve, cholesky } from '../../linalg/cholesky.ts';
import type { WorkingCoefficientPrior } from '../../priors/workingCoefficientPrior.ts';
import type { CrossProducts } from '../../products/crossProducts.ts';
import type { CrossedLayout } from './crossedLayout.ts';

/**
 * The border w = (u of the small factors, beta) with one large factor integrated out. `B` (W x W, lower triangle) and
 * `b` are its precision and right side times sigma^2 without priors; in relative coordinates w = G e, G =
 * diag(Lambda_g, I),
 *   P = G' B G + diag(I, sigma^2 V^-1), h = G' b + (0, sigma^2 V^-1 m), e ~ N(P^-1 h, sigma^2 P^-1).
 */
export interface Border {
  readonly W: number;
  readonly B: Float64Array;
  readonly b: Float64Array;
  /**
   * Forms and factors P; gives log of the integral over e, |L^-1 h|^2 / (2 sigma^2) - log|P| / 2, up to what does not
   * depend on Lambda_g; -Infinity where P is not positive definite.
   */
  factor(Lambda: readonly Float64Array[], sigma: number): number;
  /** w := G L^-T (L^-1 h + sigma z) by the last factor, z of length W. */
  draw(Lambda: readonly Float64Array[], sigma: number, z: Float64Array, w: Float64Array): void;
}

/**
 * The border of a layout; `Lambda` has the relative factors of the small factors, in their order. Its calls allocate
 * nothing.
 */
export function border(
  { small, places }: CrossedLayout,
  { groups, p }: CrossProducts,
  prior: WorkingCoefficientPrior,
): Border {
  const W = places.length;
  const B = new Float64Array(W * W);
  const b = new Float64Array(W);
  const P = new Float64Array(W * W);
  const h = new Float64Array(W);
  const sizes = small.map((f) => groups[f]!);
  const others = W - p;
  const widest = sizes.reduce((most, { q }) => Math.max(most, q), 1);
  const held = new Float64Array(widest);

  /** v := G' v, or G v, for the W entries of v that start at `at` and are `step` apart. */
  const scale = (
    Lambda: readonly Float64Array[],
    v: Float64Array,
    at: number,
    step: number,
    transpose: boolean,
  ): void => {
    let k = 0;
    for (let g = 0; g < sizes.length; g += 1) {
      const { J, q } = sizes[g]!;
      const L = Lambda[g]!;
      for (let j = 0; j < J; j += 1, k += q) {
        for (let a = 0; a < q; a += 1) held[a] = v[at + (k + a) * step]!;
        for (let a = 0; a < q; a += 1) {
          let sum = 0;
          for (let c = 0; c < q; c += 1) sum += (transpose ? L[c * q + a]! : L[a * q + c]!) * held[c]!;
          v[at + (k + a) * step] = sum;
        }
      }
    }
  };

  return {
    W,
    B,
    b,
    factor(Lambda, sigma) {
      for (let i = 0; i < W; i += 1)
        for (let k = 0; k <= i; k += 1) {
          P[i * W + k] = B[i * W + k]!;
          P[k * W + i] = B[i * W + k]!;
        }
      h.set(b);
      if (others > 0) {
        for (let i = 0; i < W; i += 1) scale(Lambda, P, i * W, 1, true);
        for (let i = 0; i < W; i += 1) scale(Lambda, P, i, W, true);
        scale(Lambda, h, 0, 1, true);
        for (let k = 0; k < others; k += 1) P[k * W + k] = P[k * W + k]! + 1;
      }
      if (!prior.flat) {
        const s2 = sigma * sigma;
        for (let a = 0; a < p; a += 1) {
          for (let c = 0; c < p; c += 1) {
            const precision = s2 * prior.precision[a * p + c]!;
            const at = (others + a) * W + others + c;
            P[at] = P[at]! + precision;
            h[others + a] = h[others + a]! + precision * prior.mean[c]!;
          }
        }
      }
      if (!cholesky(P, W)) return -Infinity;
      let square = 0;
      let logRoot = 0;
      for (let i = 0; i < W; i += 1) {
        let sum = h[i]!;
        for (let k = 0; k < i; k += 1) sum -= P[i * W + k]! * h[k]!;
        h[i] = sum / P[i * W + i]!;
        square += h[i]! * h[i]!;
        logRoot += log(P[i * W + i]!);
      }
      return (0.5 * square) / (sigma * sigma) - logRoot;
    },
    draw(Lambda, sigma, z, w) {
      for (let i = 0; i < W; i += 1) w[i] = h[i]! + sigma * z[i]!;
      backwardSolve(P, W, w);
      if (others > 0) scale(Lambda, w, 0, 1, false);
    },
  };
}
