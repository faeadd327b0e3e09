import { log } from '../../elementary.ts';
import type { FactorCovariance } from '../crossed/factorCovariance.ts';

/** The effects of one factor as far as its covariance reads them: the sums of squares and products of their columns. */
export interface EffectSpread {
  /** Takes the sums of the effects in x. */
  read(x: Float64Array): void;
  /**
   * log p(Sigma) + sum_j log N(u_j; 0, Sigma), up to a constant, at the coordinates of the covariance; `inverse` and
   * `Lambda` (q x q) are overwritten by its relative factor and the inverse of it.
   */
  logDensity(inverse: Float64Array, Lambda: Float64Array): number;
}

/** The spread of J x q effects that start at `offset` in x, working coordinates, sigma = 1. */
export function effectSpread(covariance: FactorCovariance, J: number, q: number, offset: number): EffectSpread {
  const S = new Float64Array(q * q);
  return {
    read(x) {
      S.fill(0);
      for (let j = offset; j < offset + J * q; j += q) {
        for (let a = 0; a < q; a += 1)
          for (let b = 0; b < q; b += 1) S[a * q + b] = S[a * q + b]! + x[j + a]! * x[j + b]!;
      }
    },
    logDensity(inverse, Lambda) {
      const height = covariance.logPrior();
      if (height === -Infinity) return height;
      covariance.factor(1, Lambda);
      covariance.inverse(inverse);
      let logs = 0;
      let square = 0;
      for (let a = 0; a < q; a += 1) {
        logs += log(inverse[a * q + a]!);
        for (let b = 0; b < q; b += 1) {
          let row = 0;
          for (let k = 0; k < q; k += 1) row += S[b * q + k]! * inverse[a * q + k]!;
          square += inverse[a * q + b]! * row;
        }
      }
      const density = height + J * logs - 0.5 * square;
      return Number.isNaN(density) ? -Infinity : density;
    },
  };
}
