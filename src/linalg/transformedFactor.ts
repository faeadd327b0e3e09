import { triangularFactor } from './triangularFactor.ts';

/**
 * The sds and the lower Cholesky factor of the correlations of T Sigma T', Sigma = diag(tau) L L' diag(tau): `tau`
 * starts at `offset`, T, L and `out` are size x size, row-major, L lower triangular. It is made from T diag(tau) L by
 * rotations: nothing is squared, so that correlations next to -1, as a column far from its origin has them, keep their
 * digits. An sd of 0 has a row of zeros. Allocates nothing.
 */
export function transformedFactor(
  T: Float64Array,
  size: number,
  tau: Float64Array,
  offset: number,
  L: Float64Array,
  sds: Float64Array,
  out: Float64Array,
): void {
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < size; j += 1) {
      let sum = 0;
      for (let k = j; k < size; k += 1) sum += T[i * size + k]! * tau[offset + k]! * L[k * size + j]!;
      out[i * size + j] = sum;
    }
  }
  triangularFactor(out, size);
  for (let k = 0; k < size; k += 1) {
    let square = 0;
    for (let j = 0; j <= k; j += 1) square += out[k * size + j]! * out[k * size + j]!;
    const sd = Math.sqrt(square);
    sds[k] = sd;
    for (let j = 0; j <= k; j += 1) out[k * size + j] = sd > 0 ? out[k * size + j]! / sd : 0;
  }
}
