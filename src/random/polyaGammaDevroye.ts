import { exp } from '../elementary.ts';
import { inverseGaussian } from './inverseGaussian.ts';
import { beyondJacobiRatio, underJacobiRatio } from './jacobiRatio.ts';
import type { Rng } from './rng.ts';

const CELLS_PER_UNIT = 64;
const CELLS = 256;
/** Far above the rounding error of the product, far below the width of a cell. */
const ROUNDING = 1e-12;

/**
 * R_1 at y = 1 / x is the product of (1 - exp(-4 m y))^3 over m >= 1 (Jacobi's identity), hence increasing in y: its
 * values at the edges of a cell enclose it. Entry i is R_1 at y = i / 64, entry 256 at y = 4, where 1 - R_1 = 3.4e-7.
 */
function ratioAtEdges(): Float64Array {
  const table = new Float64Array(CELLS + 1);
  for (let i = 1; i <= CELLS; i++) {
    const q = exp((-4 * i) / CELLS_PER_UNIT);
    let product = 1;
    for (let power = q; power > 1e-18; power *= q) product *= 1 - power;
    table[i] = product * product * product;
  }
  return table;
}

const edges = ratioAtEdges();

/**
 * A draw from PG(1, z), exact: Devroye's series method (Polson, Scott & Windle 2013, section 4; Devroye 2009) for J*(1,
 * |z| / 2), a quarter of which is PG(1, z). The proposal is the first term of the series on the whole line, an inverse
 * Gaussian with mean 2 / |z| and shape 1, where the paper changes to an exponential at 0.64: no normal distribution
 * function is needed, and a proposal is accepted with probability 1 / (1 + exp(-|z|)), at least one half. The
 * acceptance test is decided by a table of bounds and, within a cell of it, by the series.
 */
export function polyaGammaDevroye(z: number, rng: Rng): number {
  const mean = 2 / Math.abs(z);
  for (;;) {
    const x = inverseGaussian(mean, 1, rng);
    const u = rng.uniform();
    const cell = CELLS_PER_UNIT / x;
    if (cell >= CELLS) {
      if (u < edges[CELLS]! - ROUNDING || underJacobiRatio(u, 1, x)) return 0.25 * x;
      continue;
    }
    if (beyondJacobiRatio(1, x)) continue;
    const i = Math.floor(cell);
    if (u > edges[i + 1]! + ROUNDING) continue;
    if (u < edges[i]! - ROUNDING || underJacobiRatio(u, 1, x)) return 0.25 * x;
  }
}
