import { log } from '../elementary.ts';
import type { Rng } from './rng.ts';
import { logGamma } from './special.ts';

/** A draw from InverseGamma(shape, scale), density proportional to x^(-shape - 1) exp(-scale / x): scale / Gamma(shape, 1). */
export function inverseGamma(shape: number, scale: number, rng: Rng): number {
  return scale / rng.gamma(shape, 1);
}

/** Log density of InverseGamma(shape, scale) at x > 0. */
export function logInverseGammaDensity(x: number, shape: number, scale: number): number {
  return shape * log(scale) - logGamma(shape) - (shape + 1) * log(x) - scale / x;
}
