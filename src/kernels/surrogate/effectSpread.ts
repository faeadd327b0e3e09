import type { FactorRows } from './crossedRows.ts';

/** The effects of one factor as far as its covariance reads them: the sums of squares and products of their columns. */
export interface EffectSpread {
  /** Takes the sums of the effects in x. */
  read(x: Float64Array): void;
  /**
   * sum_j log N(u_j; 0, Sigma), up to a constant, sigma = 1: J log |det A| - sum_j |A u_j|^2 / 2, A = `inverse` that of
   * the relative factor, which is not triangular, and `logDeterminant` log |det A|, as `FactorCovariance.inverse` gives
   * both.
   */
  logDensity(inverse: Float64Array, logDeterminant: number): number;
}

/** The spread of the effects of a factor, working coordinates; its calls allocate nothing. */
export function effectSpread({ J, q, offset }: FactorRows): EffectSpread {
  const S = new Float64Array(q * q);
  return {
    read(x) {
      S.fill(0);
      for (let j = offset; j < offset + J * q; j += q) {
        for (let a = 0; a < q; a += 1)
          for (let b = 0; b < q; b += 1) S[a * q + b] = S[a * q + b]! + x[j + a]! * x[j + b]!;
      }
    },
    logDensity(inverse, logDeterminant) {
      let square = 0;
      for (let a = 0; a < q; a += 1) {
        for (let b = 0; b < q; b += 1) {
          let row = 0;
          for (let k = 0; k < q; k += 1) row += S[b * q + k]! * inverse[a * q + k]!;
          square += inverse[a * q + b]! * row;
        }
      }
      const density = J * logDeterminant - 0.5 * square;
      return Number.isNaN(density) ? -Infinity : density;
    },
  };
}
