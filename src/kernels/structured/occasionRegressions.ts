import { cholesky } from '../../linalg/cholesky.ts';

/**
 * The covariance matrix Sigma of T residuals as the regression of each on those before it, e_t = b_t' e_<t + N(0, v_t),
 * in an order of the occasions that `place` says.
 */
export interface OccasionRegressions {
  /** Sigma, T x T, both triangles. */
  readonly Sigma: Float64Array;
  /** Row t: b_t, its first t entries. */
  readonly b: Float64Array;
  readonly v: Float64Array;
  /** Takes up sds and correlations (pairs a < b by rows) of occasions; false where Sigma is not positive definite. */
  take(sds: Float64Array, correlations: Float64Array): boolean;
  /** Writes them back. */
  give(sds: Float64Array, correlations: Float64Array): void;
  /** Fills Sigma from its row t on. */
  fill(t: number): void;
}

export function occasionRegressions(place: Int32Array): OccasionRegressions {
  const T = place.length;
  const Sigma = new Float64Array(T * T);
  const b = new Float64Array(T * T);
  const v = new Float64Array(T);
  const factor = new Float64Array(T * T);
  return {
    Sigma,
    b,
    v,
    take(sds, correlations) {
      let pair = 0;
      for (let i = 0; i < T; i += 1) {
        const row = place[i]!;
        Sigma[row * T + row] = sds[i]! * sds[i]!;
        for (let k = i + 1; k < T; k += 1) {
          const covariance = sds[i]! * sds[k]! * correlations[pair++]!;
          Sigma[row * T + place[k]!] = covariance;
          Sigma[place[k]! * T + row] = covariance;
        }
      }
      factor.set(Sigma);
      if (!cholesky(factor, T)) return false;
      for (let s = 0; s < T; s += 1) {
        v[s] = factor[s * T + s]! ** 2;
        // C_<s' b = c_s.
        for (let k = s - 1; k >= 0; k -= 1) {
          let sum = factor[s * T + k]!;
          for (let i = k + 1; i < s; i += 1) sum -= factor[i * T + k]! * b[s * T + i]!;
          b[s * T + k] = sum / factor[k * T + k]!;
        }
      }
      return true;
    },
    give(sds, correlations) {
      let pair = 0;
      for (let i = 0; i < T; i += 1) sds[i] = Math.sqrt(Sigma[place[i]! * T + place[i]!]!);
      for (let i = 0; i < T; i += 1) {
        for (let k = i + 1; k < T; k += 1) {
          correlations[pair++] = Sigma[place[i]! * T + place[k]!]! / (sds[i]! * sds[k]!);
        }
      }
    },
    fill(t) {
      for (let s = t; s < T; s += 1) {
        for (let i = 0; i < s; i += 1) {
          let sum = 0;
          for (let k = 0; k < s; k += 1) sum += Sigma[i * T + k]! * b[s * T + k]!;
          Sigma[s * T + i] = sum;
          Sigma[i * T + s] = sum;
        }
        let variance = v[s]!;
        for (let k = 0; k < s; k += 1) variance += b[s * T + k]! * Sigma[s * T + k]!;
        Sigma[s * T + s] = variance;
      }
    },
  };
}
