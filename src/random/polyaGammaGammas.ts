import type { Rng } from './rng.ts';
import { INTERVALS, thorinQuadrature } from './thorinQuadrature.ts';

const PI2 = 9.869604401089358;
/** Below this |z| the mean is summed from its power series: the quotient would lose digits. */
const SERIES_BELOW = 0.03;

/** tanh(z / 2) / (2 z), the mean of PG(1, z), for z >= 0; `power` is exp(-z). */
export function polyaGammaMean(z: number, power: number): number {
  if (z < SERIES_BELOW) {
    const z2 = z * z;
    return 0.25 - (z2 / 48) * (1 - (z2 / 10) * (1 - (17 * z2) / 168));
  }
  return (1 - power) / (2 * z * (1 + power));
}

/**
 * A draw from PG(n, z), z >= 0, as a constant and m gammas with the first 2 m + 1 cumulants of PG(n, z) (see
 * thorinQuadrature); an approximation, close to PG(n, z) when n is not small: `polyaGamma` states from which n on each
 * m is used and how far it is off. `power` is exp(-z). The cost is that of m gammas, whatever n.
 */
export function polyaGammaGammas(n: number, z: number, power: number, m: number, rng: Rng): number {
  const { nodes, weights } = thorinQuadrature(m);
  const scale = 2 / (PI2 + z * z);
  const tau = Math.sqrt(PI2 * 0.5 * scale);
  const position = tau * INTERVALS;
  const row = Math.min(Math.floor(position), INTERVALS - 1);
  const part = position - row;
  let constant = polyaGammaMean(z, power);
  let sum = 0;
  for (let i = 0, low = row * m, high = low + m; i < m; i++, low++, high++) {
    const node = scale * (nodes[low]! + part * (nodes[high]! - nodes[low]!));
    const weight = (weights[low]! + part * (weights[high]! - weights[low]!)) / tau;
    constant -= weight * node;
    sum += node * rng.gamma(n * weight, 1);
  }
  return n * constant + sum;
}
