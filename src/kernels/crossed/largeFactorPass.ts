import { log } from '../../elementary.ts';
import { backwardSolve, cholesky, forwardSolve } from '../../linalg/cholesky.ts';
import type { Border } from './border.ts';
import { countClasses } from './countClasses.ts';
import type { LargeFactor } from './crossedLayout.ts';

/**
 * One large factor f given the others. With S_j = c_j - sum_o A_jo u_o, r_j = S_j - N_jw w, D_j = Z_j' W Z_j and the
 * relative factor Lambda,
 *   M_j = I + Lambda' D_j Lambda, u_j = Lambda e_j, e_j ~ N(M_j^-1 Lambda' r_j, sigma^2 M_j^-1).
 */
export interface LargeFactorPass {
  /** S from the others' coefficients in x; one pass over the cells. */
  shift(x: Float64Array, c: Float64Array): void;
  /** r from S and w. */
  residuals(w: Float64Array): void;
  /**
   * log of the integral over u_f of the likelihood and the prior of u_f: -sum log|M_j| / 2 + sum |L_j^-1 Lambda' r_j|^2
   * / (2 sigma^2); -Infinity where some M_j is not positive definite.
   */
  logIntegral(Lambda: Float64Array, sigma: number): number;
  /** Takes u_f out of the border: B -= sum T_j' T_j, b -= sum T_j' L_j^-1 Lambda' S_j, T_j = L_j^-1 Lambda' N_jw. */
  eliminate(Lambda: Float64Array, border: Border): void;
  /** Draws u_f given w into x, from J q standard normals z, by the factors of the last `eliminate` or `factor`. */
  draw(Lambda: Float64Array, sigma: number, w: Float64Array, z: Float64Array, x: Float64Array): void;
  /** The factors L_j of all M_j. */
  factor(Lambda: Float64Array): void;
  /**
   * z from which `draw` makes the u_f in x, sigma = 1: z_j = L_j' Lambda^-1 u_j - L_j^-1 Lambda' r_j, r as `residuals`
   * left it; `inverse` is Lambda^-1.
   */
  standardise(Lambda: Float64Array, inverse: Float64Array, x: Float64Array, z: Float64Array): void;
}

/**
 * The passes of one factor; its calls allocate nothing. With `fixed` the blocks stay as they are, and with one varying
 * column levels of equal ones are put together.
 */
export function largeFactorPass(factor: LargeFactor, fixed = true): LargeFactorPass {
  const { J, q, offset, blocks, others, start, columns, edge } = factor;
  const S = new Float64Array(J * q);
  const r = new Float64Array(J * q);
  const roots = new Float64Array(J * q * q);
  const widest = start.reduce((most, s, j) => (j === 0 ? most : Math.max(most, s - start[j - 1]!)), 0);
  const T = new Float64Array(q * widest);
  const t = new Float64Array(q);
  const e = new Float64Array(q);
  const M = new Float64Array(q * q);
  const classes = q === 1 && fixed ? countClasses(blocks) : null;

  /** out (from `at`) := M_j, q x q, lower triangle. */
  const fill = (Lambda: Float64Array, j: number, out: Float64Array, at: number): void => {
    const block = j * q * q;
    for (let a = 0; a < q; a += 1) {
      for (let b = 0; b <= a; b += 1) {
        let sum = a === b ? 1 : 0;
        for (let k = 0; k < q; k += 1) {
          const left = Lambda[k * q + a]!;
          if (left === 0) continue;
          for (let l = 0; l < q; l += 1) sum += left * blocks[block + k * q + l]! * Lambda[l * q + b]!;
        }
        out[at + a * q + b] = sum;
      }
    }
  };
  /** t := Lambda' v_j. */
  const turn = (Lambda: Float64Array, v: Float64Array, j: number): void => {
    for (let a = 0; a < q; a += 1) {
      let sum = 0;
      for (let k = 0; k < q; k += 1) sum += Lambda[k * q + a]! * v[j * q + k]!;
      t[a] = sum;
    }
  };

  return {
    shift(x, c) {
      for (let i = 0; i < J * q; i += 1) S[i] = c[offset + i]!;
      for (let o = 0; o < others.length; o += 1) {
        const { start: from, columns: at, values } = others[o]!.rows;
        for (let i = 0; i < J * q; i += 1) {
          let sum = 0;
          for (let s = from[i]!, end = from[i + 1]!; s < end; s += 1) sum += values[s]! * x[at[s]!]!;
          S[i] = S[i]! - sum;
        }
      }
    },
    residuals(w) {
      r.set(S);
      for (let j = 0; j < J; j += 1) {
        const width = start[j + 1]! - start[j]!;
        for (let a = 0; a < q; a += 1) {
          const row = q * start[j]! + a * width;
          let sum = 0;
          for (let k = 0; k < width; k += 1) sum += edge[row + k]! * w[columns[start[j]! + k]!]!;
          r[j * q + a] = r[j * q + a]! - sum;
        }
      }
      classes?.squares(r);
    },
    logIntegral(Lambda, sigma) {
      if (classes) return classes.logIntegral(Lambda[0]! * Lambda[0]!, sigma);
      if (q === 1) return scalarLogIntegral(blocks, r, Lambda[0]! * Lambda[0]!, sigma);
      let logRoot = 0;
      let square = 0;
      for (let j = 0; j < J; j += 1) {
        fill(Lambda, j, M, 0);
        if (!cholesky(M, q)) return -Infinity;
        turn(Lambda, r, j);
        forwardSolve(M, q, t);
        let product = 1;
        for (let a = 0; a < q; a += 1) {
          product *= M[a * q + a]!;
          square += t[a]! * t[a]!;
        }
        logRoot += log(product);
      }
      return (0.5 * square) / (sigma * sigma) - logRoot;
    },
    eliminate(Lambda, { B, b, W }) {
      for (let j = 0; j < J; j += 1) {
        const first = start[j]!;
        const width = start[j + 1]! - first;
        const root = j * q * q;
        fill(Lambda, j, roots, root);
        if (!cholesky(roots, q, root))
          throw new Error('the precision of the effects of a level is not positive definite');
        turn(Lambda, S, j);
        forwardSolve(roots, q, t, root);
        for (let a = 0; a < q; a += 1) {
          const inverse = 1 / roots[root + a * q + a]!;
          for (let k = 0; k < width; k += 1) {
            let sum = 0;
            for (let l = 0; l < q; l += 1) sum += Lambda[l * q + a]! * edge[q * first + l * width + k]!;
            for (let l = 0; l < a; l += 1) sum -= roots[root + a * q + l]! * T[l * width + k]!;
            T[a * width + k] = sum * inverse;
          }
        }
        for (let a = 0; a < q; a += 1) {
          for (let k = 0; k < width; k += 1) {
            const value = T[a * width + k]!;
            const column = columns[first + k]!;
            const row = column * W;
            b[column] = b[column]! - value * t[a]!;
            for (let l = 0; l <= k; l += 1) {
              const at = row + columns[first + l]!;
              B[at] = B[at]! - value * T[a * width + l]!;
            }
          }
        }
      }
    },
    draw(Lambda, sigma, w, z, x) {
      this.residuals(w);
      for (let j = 0; j < J; j += 1) {
        const root = j * q * q;
        turn(Lambda, r, j);
        forwardSolve(roots, q, t, root);
        for (let a = 0; a < q; a += 1) t[a] = t[a]! + sigma * z[j * q + a]!;
        backwardSolve(roots, q, t, root);
        for (let a = 0; a < q; a += 1) {
          let sum = 0;
          for (let k = 0; k < q; k += 1) sum += Lambda[a * q + k]! * t[k]!;
          x[offset + j * q + a] = sum;
        }
      }
    },
    factor(Lambda) {
      for (let j = 0; j < J; j += 1) {
        const root = j * q * q;
        fill(Lambda, j, roots, root);
        if (!cholesky(roots, q, root))
          throw new Error('the precision of the effects of a level is not positive definite');
      }
    },
    standardise(Lambda, inverse, x, z) {
      for (let j = 0; j < J; j += 1) {
        const root = j * q * q;
        for (let a = 0; a < q; a += 1) {
          let sum = 0;
          for (let k = 0; k < q; k += 1) sum += inverse[a * q + k]! * x[offset + j * q + k]!;
          e[a] = sum;
        }
        turn(Lambda, r, j);
        forwardSolve(roots, q, t, root);
        for (let a = 0; a < q; a += 1) {
          let sum = -t[a]!;
          for (let b = a; b < q; b += 1) sum += roots[root + b * q + a]! * e[b]!;
          z[j * q + a] = sum;
        }
      }
    },
  };
}

/** `logIntegral` of levels with one varying column; what is a product stays one, and costs no logarithm. */
function scalarLogIntegral(D: Float64Array, r: Float64Array, gamma: number, sigma: number): number {
  let product = 1;
  let logs = 0;
  let square = 0;
  for (let j = 0; j < D.length; j += 1) {
    const d = 1 + gamma * D[j]!;
    product *= d;
    if (product > 1e150) {
      logs += log(product);
      product = 1;
    }
    square += (r[j]! * r[j]!) / d;
  }
  return (0.5 * gamma * square) / (sigma * sigma) - 0.5 * (logs + log(product));
}
