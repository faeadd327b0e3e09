import type { Rng } from './rng.ts';

/**
 * A draw from InverseGamma(shape, scale), density proportional to x^(-shape - 1) exp(-scale / x): scale / Gamma(shape,
 * 1).
 */
export function inverseGamma(shape: number, scale: number, rng: Rng): number {
  return scale / rng.gamma(shape, 1);
}
