import { cholesky, choleskySolve } from '../../linalg/cholesky.ts';
import type { Rng } from '../../random/rng.ts';
import { createWishart } from '../../random/wishart.ts';
import type { OccasionPattern } from '../../residual/correlation.ts';

/** The squares and products of residuals e_j of all groups j, as if none lacked an occasion before its last one. */
export interface MonotoneSums {
  /** Groups whose last occasion is t or later. */
  readonly counts: Float64Array;
  /** Of each t: sum of e_j e_j' over these groups and occasions 0 .. t, (t + 1) x (t + 1), both triangles. */
  readonly sums: readonly Float64Array[];
  /**
   * Fills `sums` given those of the rows there are (by the bases of `patterns`), what groups lack drawn given the
   * covariance Sigma (T x T, both triangles) of the residuals.
   */
  draw(byBase: Float64Array, Sigma: Float64Array, rng: Rng): void;
}

/** A pivot below this share of its diagonal is rounding: the sums of fewer groups than occasions have no full rank. */
const ROUNDING = 1e-13;

/**
 * What groups lack between occasions that they have is drawn without a pass over them. With E (m x k) the residuals of
 * a pattern's m groups, S = E' E = L L' and B, V the regression of what they lack on E,
 *   H = E B' + N,  N_j ~ N(0, V),   E = Q L' with Q' Q = I,
 * so that E' H = S B' + L M and H' H = B S B' + B L M + (B L M)' + M' M + R, M = Q' N with independent rows N(0, V),
 * as many as S has rank, and R the squares of m less so many others. What comes after a group's last occasion is not
 * needed and not drawn (Liu 1993, monotone data augmentation).
 */
export function monotoneSums(patterns: readonly OccasionPattern[], T: number): MonotoneSums {
  const parts = patterns.map(({ occasions, count, from }) => {
    const last = occasions.reduce((most, t) => Math.max(most, t), 0);
    const lacking = Int32Array.from({ length: last + 1 }, (_, t) => t).filter((t) => !occasions.includes(t));
    const h = lacking.length;
    return {
      ...{ occasions, count, from, last, lacking },
      squares: h > 0 ? createWishart(h) : null,
      V: new Float64Array(h * h),
      R: new Float64Array(h * h),
    };
  });
  const counts = new Float64Array(T);
  const sums = Array.from({ length: T }, (_, t) => new Float64Array((t + 1) * (t + 1)));
  for (const { last, count } of parts) for (let t = 0; t <= last; t += 1) counts[t]! += count;
  const S = new Float64Array(T * T);
  const L = new Float64Array(T * T);
  const B = new Float64Array(T * T);
  const C = new Float64Array(T * T);
  const M = new Float64Array(T * T);
  const cross = new Float64Array(T * T);
  const noise = new Float64Array(T);

  /** Adds to the sums of the pattern's last occasion. */
  const add = (last: number, a: number, b: number, value: number): void => {
    const sum = sums[last]!;
    sum[a * (last + 1) + b]! += value;
    if (a !== b) sum[b * (last + 1) + a]! += value;
  };

  /** A row N(0, V) of length h, C the factor of V. */
  const drawNoise = (h: number, rng: Rng): void => {
    for (let i = h - 1; i >= 0; i -= 1) noise[i] = rng.normal();
    for (let i = h - 1; i >= 0; i -= 1) {
      let sum = 0;
      for (let l = 0; l <= i; l += 1) sum += C[i * h + l]! * noise[l]!;
      noise[i] = sum;
    }
  };

  return {
    counts,
    sums,
    draw(byBase, Sigma, rng) {
      for (const sum of sums) sum.fill(0);
      for (const { occasions, count, from, last, lacking, squares, V, R } of parts) {
        const k = occasions.length;
        const h = lacking.length;
        let at = from;
        for (let a = 0; a < k; a += 1) {
          for (let b = 0; b <= a; b += 1) {
            // A pair of two rows stands for both of its products.
            const value = a === b ? Math.max(0, byBase[at]!) : 0.5 * byBase[at]!;
            at += 1;
            S[a * k + b] = value;
            S[b * k + a] = value;
            add(last, occasions[a]!, occasions[b]!, value);
          }
        }
        if (h === 0) continue;
        // B = Sigma_ho Sigma_oo^-1, V = Sigma_hh - B Sigma_oh.
        for (let a = 0; a < k; a += 1) {
          for (let b = 0; b <= a; b += 1) L[a * k + b] = Sigma[occasions[a]! * T + occasions[b]!]!;
        }
        if (!cholesky(L, k)) throw new Error('the covariance of the residuals is not positive definite');
        for (let i = 0; i < h; i += 1) {
          for (let a = 0; a < k; a += 1) B[i * k + a] = Sigma[lacking[i]! * T + occasions[a]!]!;
          choleskySolve(L, k, B, 0, i * k);
          for (let l = 0; l <= i; l += 1) {
            let sum = Sigma[lacking[i]! * T + lacking[l]!]!;
            for (let a = 0; a < k; a += 1) sum -= B[i * k + a]! * Sigma[lacking[l]! * T + occasions[a]!]!;
            V[i * h + l] = sum;
            V[l * h + i] = sum;
          }
        }
        C.set(V);
        if (!cholesky(C, h)) throw new Error('the covariance of the residuals is not positive definite');
        const rank = Math.min(count, semidefiniteRoot(S, k, L));
        // R of `spread` groups at once, where that is a Wishart distribution with a density.
        const spread = count - rank >= h ? count - rank : 0;
        if (spread > 0) squares!.wishart(spread, V, rng, R);
        else R.fill(0);
        for (let j = 0; j < count - spread; j += 1) {
          drawNoise(h, rng);
          for (let i = 0; i < h; i += 1) {
            if (j < rank) M[j * h + i] = noise[i]!;
            for (let l = 0; l <= i; l += 1) R[i * h + l]! += noise[i]! * noise[l]!;
          }
        }
        // cross = L M (k x h).
        for (let a = 0; a < k; a += 1) {
          for (let i = 0; i < h; i += 1) {
            let sum = 0;
            for (let l = 0; l < rank; l += 1) sum += L[a * k + l]! * M[l * h + i]!;
            cross[a * h + i] = sum;
          }
        }
        for (let i = 0; i < h; i += 1) {
          for (let a = 0; a < k; a += 1) {
            let sum = cross[a * h + i]!;
            for (let b = 0; b < k; b += 1) sum += S[a * k + b]! * B[i * k + b]!;
            add(last, lacking[i]!, occasions[a]!, sum);
            // (S B')_ai, and then with the noise, give B S B' and both of the mixed products below.
            M[a * h + i] = sum;
          }
        }
        for (let i = 0; i < h; i += 1) {
          for (let l = 0; l <= i; l += 1) {
            let sum = R[i * h + l]!;
            for (let a = 0; a < k; a += 1) {
              sum += B[i * k + a]! * M[a * h + l]! + B[l * k + a]! * cross[a * h + i]!;
            }
            add(last, lacking[i]!, lacking[l]!, sum);
          }
        }
      }
      // A group that reaches t has the occasions before.
      for (let t = T - 2; t >= 0; t -= 1) {
        const here = sums[t]!;
        const next = sums[t + 1]!;
        for (let a = 0; a <= t; a += 1) {
          for (let b = 0; b <= t; b += 1) here[a * (t + 1) + b]! += next[a * (t + 2) + b]!;
        }
      }
    },
  };
}

/** L L' = S (k x k), S without full rank too: the rank, as many columns of L being filled. */
function semidefiniteRoot(S: Float64Array, k: number, L: Float64Array): number {
  let rank = 0;
  for (let b = 0; b < k; b += 1) {
    let pivot = S[b * k + b]!;
    for (let l = 0; l < rank; l += 1) pivot -= L[b * k + l]! * L[b * k + l]!;
    if (!(pivot > ROUNDING * S[b * k + b]!)) continue;
    const root = Math.sqrt(pivot);
    for (let a = 0; a < k; a += 1) {
      let sum = a < b ? 0 : S[a * k + b]!;
      for (let l = 0; a >= b && l < rank; l += 1) sum -= L[a * k + l]! * L[b * k + l]!;
      L[a * k + rank] = sum / root;
    }
    rank += 1;
  }
  return rank;
}
