import { inverseGaussian } from './inverseGaussian.ts';
import { beyondJacobiRatio, underJacobiRatio } from './jacobiRatio.ts';
import { polyaGammaDevroye } from './polyaGammaDevroye.ts';
import type { Rng } from './rng.ts';

/**
 * A draw from PG(n, z) for any n > 0, exact, by one series rejection: the alternate method of Windle, Polson & Scott
 * (2014, section 3) with the first term of the series as proposal on the whole line, an inverse Gaussian with mean 2 n
 * / |z| and shape n^2. That bound holds for n below 1 too, and a proposal is accepted with probability (1 +
 * exp(-|z|))^-n: certain for small n or large |z|, hopeless for n much above exp(|z|).
 */
export function polyaGammaAlternate(n: number, z: number, rng: Rng): number {
  const mean = (2 * n) / Math.abs(z);
  const shape = n * n;
  for (;;) {
    const x = inverseGaussian(mean, shape, rng);
    if (!beyondJacobiRatio(n, x) && underJacobiRatio(rng.uniform(), n, x)) return 0.25 * x;
  }
}

/** Above this log(1 + exp(-|z|)) unit pieces, decided by table, are cheaper than equal pieces of the best size. */
const UNIT_PIECES = 0.5;

/**
 * A draw from PG(n, z) for any n > 0, exact, as a sum of independent pieces. A piece of size h takes (1 + exp(-|z|))^h
 * proposals, so that the best size is 1 / log(1 + exp(-|z|)): `decay` is that logarithm. Cost: about e n `decay`
 * proposals, at least 1.
 */
export function polyaGammaPieces(n: number, z: number, decay: number, rng: Rng): number {
  if (decay > UNIT_PIECES && n > 1) {
    const units = Math.floor(n);
    let sum = units < n ? polyaGammaAlternate(n - units, z, rng) : 0;
    for (let i = 0; i < units; i++) sum += polyaGammaDevroye(z, rng);
    return sum;
  }
  const pieces = Math.max(1, Math.ceil(n * decay));
  let sum = 0;
  for (let i = 0; i < pieces; i++) sum += polyaGammaAlternate(n / pieces, z, rng);
  return sum;
}
