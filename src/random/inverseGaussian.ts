import type { Rng } from './rng.ts';

/**
 * A draw from InverseGaussian(mean, shape): density sqrt(shape / (2 pi x^3)) exp(-shape (x - mean)^2 / (2 mean^2 x)),
 * variance mean^3 / shape. An infinite mean gives the Levy distribution, its limit. Michael, Schucany & Haas (1976),
 * with the smaller root written as a quotient of positive terms, so that no digits cancel. A mean of 0 (one that has
 * underflowed) gives 0.
 */
export function inverseGaussian(mean: number, shape: number, rng: Rng): number {
  if (mean === 0) return 0;
  const normal = rng.normal();
  const y = 0.5 * normal * normal;
  const rate = shape / mean;
  const root = shape / (rate + y + Math.sqrt((rate + rate + y) * y));
  return rng.uniform() * (mean + root) > mean ? mean * (mean / root) : root;
}
