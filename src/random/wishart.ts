import { cholesky, invertLower } from '../linalg/cholesky.ts';
import type { Rng } from './rng.ts';

/**
 * Draws of q x q matrices (row-major, both triangles). `df` > q - 1. Each returns false, with `out` unspecified, when
 * the scale is not positive definite. The workspace belongs to the object; a draw allocates nothing.
 */
export interface Wishart {
  /**
   * out ~ Wishart(df, scale): density proportional to |X|^((df - q - 1) / 2) exp(-tr(scale^-1 X) / 2), mean df scale.
   */
  wishart(df: number, scale: Float64Array, rng: Rng, out: Float64Array): boolean;
  /**
   * out ~ InverseWishart(df, scale): density proportional to |X|^(-(df + q + 1) / 2) exp(-tr(scale X^-1) / 2), mean
   * scale / (df - q - 1). Where `inverse` is given it receives out^-1, formed from the same factors.
   */
  inverseWishart(df: number, scale: Float64Array, rng: Rng, out: Float64Array, inverse?: Float64Array): boolean;
}

/** out := M M' for M q x q; `out` must not be `M`. */
function selfProduct(M: Float64Array, q: number, out: Float64Array): void {
  for (let i = 0; i < q; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < q; k++) sum += M[i * q + k]! * M[j * q + k]!;
      out[i * q + j] = sum;
      out[j * q + i] = sum;
    }
  }
}

/**
 * Draws by Bartlett's decomposition: A A' ~ Wishart(df, I) for A lower triangular, A_ii^2 ~ chi2(df - i), i = 0 .. q -
 * 1, and A_ij standard normal below (Smith & Hocking 1972, algorithm AS 53).
 */
export function createWishart(q: number): Wishart {
  const A = new Float64Array(q * q);
  const U = new Float64Array(q * q);
  const M = new Float64Array(q * q);

  function bartlett(df: number, rng: Rng): void {
    for (let i = 0; i < q; i++) {
      for (let j = 0; j < i; j++) A[i * q + j] = rng.normal();
      A[i * q + i] = Math.sqrt(2 * rng.gamma((df - i) / 2, 1));
    }
  }

  return {
    wishart(df, scale, rng, out) {
      U.set(scale);
      if (!cholesky(U, q)) return false;
      bartlett(df, rng);
      // M = U A is lower triangular; M M' ~ Wishart(df, U U').
      for (let i = 0; i < q; i++) {
        for (let j = 0; j < q; j++) {
          let sum = 0;
          for (let k = j; k <= i; k++) sum += U[i * q + k]! * A[k * q + j]!;
          M[i * q + j] = sum;
        }
      }
      selfProduct(M, q, out);
      return true;
    },
    inverseWishart(df, scale, rng, out, inverse) {
      U.set(scale);
      if (!cholesky(U, q)) return false;
      bartlett(df, rng);
      if (inverse !== undefined) {
        // out^-1 = (U^-T A) (U^-T A)' ~ Wishart(df, (U U')^-1).
        invertLower(U, q, out);
        for (let i = 0; i < q; i++) {
          for (let j = 0; j < q; j++) {
            let sum = 0;
            for (let k = Math.max(i, j); k < q; k++) sum += out[k * q + i]! * A[k * q + j]!;
            M[i * q + j] = sum;
          }
        }
        selfProduct(M, q, inverse);
      }
      // out = (U A^-T) (U A^-T)'.
      invertLower(A, q, A);
      for (let i = 0; i < q; i++) {
        for (let j = 0; j < q; j++) {
          let sum = 0;
          for (let k = 0, end = Math.min(i, j); k <= end; k++) sum += U[i * q + k]! * A[j * q + k]!;
          M[i * q + j] = sum;
        }
      }
      selfProduct(M, q, out);
      return true;
    },
  };
}
