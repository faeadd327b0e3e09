import { polyaGammaFill } from '../../random/polyaGamma.ts';
import type { Rng } from '../../random/rng.ts';
import { truncatedNormalAbove, truncatedNormalBelow } from '../../random/truncatedNormal.ts';
import type { CellTable } from '../cells/cellTable.ts';

/**
 * A draw of the auxiliaries of every cell given its linear predictor, which makes its likelihood exp(kappa eta - omega
 * eta^2 / 2): fills omega and kappa (length n). Allocates nothing.
 */
export type Augment = (table: CellTable, eta: Float64Array, omega: Float64Array, kappa: Float64Array, rng: Rng) => void;

/** Logit: omega ~ PG(n, eta), kappa = y - n / 2 (Polson, Scott & Windle 2013, theorem 1). */
export const polyaGammaAugmentation: Augment = ({ n, y, size }, eta, omega, kappa, rng) => {
  polyaGammaFill(size, eta, omega, rng);
  for (let i = 0; i < n; i += 1) kappa[i] = y[i]! - 0.5 * size[i]!;
};

/**
 * Probit: each trial's latent z ~ N(eta, 1), above 0 for a success and below for a failure (Albert & Chib 1993); omega
 * = n, kappa the sum of the cell's z.
 */
export const albertChibAugmentation: Augment = ({ n, y, size }, eta, omega, kappa, rng) => {
  for (let i = 0; i < n; i += 1) {
    let sum = 0;
    const trials = size[i]!;
    const successes = y[i]!;
    for (let t = 0; t < trials; t += 1) {
      sum += t < successes ? truncatedNormalAbove(eta[i]!, 1, 0, rng) : truncatedNormalBelow(eta[i]!, 1, 0, rng);
    }
    omega[i] = trials;
    kappa[i] = sum;
  }
};
