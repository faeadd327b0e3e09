import type { GroupTerm } from '../../design/design.ts';
import type { CoordinateMap } from '../../products/coordinates.ts';
import type { State } from '../kernel.ts';
import { correlationFactor } from './correlationFactor.ts';

/**
 * Reads a factor's covariance from the state as a relative factor in working coordinates: out = T^-1 Lambda, so that
 * Sigma = sigma^2 T out out' T'. Returns a function that allocates nothing.
 */
export function relativeFactor(
  term: GroupTerm,
  map: CoordinateMap,
): (state: State, sigma: number, out: Float64Array) => void {
  const read = correlationFactor(term);
  const Lambda = new Float64Array(term.q * term.q);
  return (state, sigma, out) => {
    read(state, sigma, Lambda);
    toWorkingFactor(map, Lambda, out);
  };
}

/** out := T^-1 Lambda for a lower triangular factor on the user's scale (q x q, row-major); `out` is not triangular. */
export function toWorkingFactor(map: CoordinateMap, Lambda: Float64Array, out: Float64Array): void {
  const q = map.k;
  for (let a = 0; a < q; a += 1) {
    for (let b = 0; b < q; b += 1) {
      let sum = 0;
      for (let k = Math.max(a, b); k < q; k += 1) sum += map.inverse[a * q + k]! * Lambda[k * q + b]!;
      out[a * q + b] = sum;
    }
  }
}
