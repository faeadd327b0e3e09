import { backwardSolve, forwardSolve, multiplyLower } from '../linalg/cholesky.ts';
import type { Rng } from './rng.ts';

/** out ~ N(mean, L L') (length n): mean + L z, L the lower Cholesky factor (n x n, row-major) of the covariance. */
export function multivariateNormal(
  mean: ArrayLike<number>,
  factor: Float64Array,
  n: number,
  rng: Rng,
  out: Float64Array,
  offset = 0,
): void {
  for (let i = 0; i < n; i++) out[offset + i] = rng.normal();
  multiplyLower(factor, n, out, 0, offset);
  for (let i = 0; i < n; i++) out[offset + i]! += mean[i]!;
}

/**
 * out ~ N(P^-1 h, P^-1) (length n): L^-T (L^-1 h + z), L the lower Cholesky factor (n x n, row-major) of the precision P
 * (Rue & Held 2005, algorithm 2.5). `h` is left as it is.
 */
export function normalFromPrecision(
  factor: Float64Array,
  h: ArrayLike<number>,
  n: number,
  rng: Rng,
  out: Float64Array,
): void {
  for (let i = 0; i < n; i++) out[i] = h[i]!;
  forwardSolve(factor, n, out);
  for (let i = 0; i < n; i++) out[i]! += rng.normal();
  backwardSolve(factor, n, out);
}
