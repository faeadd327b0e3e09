import type { CoefficientFrame } from './coefficientFrame.ts';
import { backFactor, logDiagonal, lowerFactor, solveFactor } from './lowerFactor.ts';
import type { PosteriorModel } from './posteriorModel.ts';
import { stackedRows } from './stackedRows.ts';

/** Gaussian rows given the covariances and sigma: every coefficient integrated out with dense algebra. */
export interface MarginalGaussian {
  /** The factors L of the blocks (q x q each), to be filled before the calls below. */
  readonly factors: readonly Float64Array[];
  /** The precision of each row in units of 1 / sigma^2, and its response; the model's at first. */
  setRows(weights: ArrayLike<number>, response: ArrayLike<number>): void;
  /** log p(y | factors, sigma), up to a constant; -Infinity where it cannot be computed. */
  logLikelihood(sigma: number): number;
  /** A draw of c given factors and sigma, after `logLikelihood` of the same. */
  draw(normal: () => number, c: Float64Array): void;
  /** C c of the last call, row by row: the linear predictor less its start. */
  predictor(c: Float64Array, eta: Float64Array): void;
}

/** The least share of a diagonal entry that may be left by elimination before its digits count as lost. */
const LEAST_LEFT = 1e-7;

/**
 * With A = C'WC / sigma^2 + prior precision, b = C'Wr / sigma^2 + prior side and c = A^-1 b:
 * -(n log sigma^2 + log |A| + sum_i w_i (r_i - (C c)_i)^2 / sigma^2 + e'e + the priors' squares) / 2, sums of squares
 * straight from rows and priors. Where elimination leaves few digits of A (sds far above sigma, columns far from zero)
 * the same from an orthogonal factor of the rows themselves, those of the priors below them.
 */
export function marginalGaussian(model: PosteriorModel, frame: CoefficientFrame): MarginalGaussian {
  const { width, rows, gamma, start } = frame;
  const n = rows.length;
  const p = width - gamma;
  const residual = new Float64Array(n);
  const factors = frame.blocks.map(({ q }) => new Float64Array(q * q));
  const G = new Float64Array(width * width);
  const h = new Float64Array(width);
  const H = new Float64Array(width * width);
  const A = new Float64Array(width * width);
  const c = new Float64Array(width);
  const b = new Float64Array(width);
  const full = new Float64Array(width);
  const eta = new Float64Array(n);
  const w = new Float64Array(n);
  const diagonal = new Float64Array(width);

  const setRows = (weights: ArrayLike<number>, response: ArrayLike<number>): void => {
    for (let i = 0; i < n; i += 1) residual[i] = response[i]! - start[i]!;
    G.fill(0);
    h.fill(0);
    rows.forEach(({ at, value }, i) => {
      w[i] = weights[i]!;
      for (let a = 0; a < at.length; a += 1) {
        const scaled = w[i]! * value[a]!;
        h[at[a]!]! += scaled * residual[i]!;
        for (let d = 0; d < at.length; d += 1) G[at[a]! * width + at[d]!]! += scaled * value[d]!;
      }
    });
  };
  setRows(model.weights, model.y);

  const whole = n + gamma + frame.priorRows.length;
  const stacked = stackedRows(whole, width);
  const M = new Float64Array(whole * width);
  const side = new Float64Array(whole);
  let exact = false;
  /** The rows W^(1/2) C Lambda / sigma, those of e ~ N(0, I), those of the normal priors. */
  const fromRows = (sigma: number): number => {
    M.fill(0);
    side.fill(0);
    rows.forEach(({ at, value }, i) => {
      const root = Math.sqrt(w[i]!) / sigma;
      side[i] = root * residual[i]!;
      for (let a = 0; a < at.length; a += 1) M[i * width + at[a]!] = root * value[a]!;
    });
    // Each row of a block's deviations times its factor.
    frame.blocks.forEach(({ q }, f) => {
      const L = factors[f]!;
      const end = frame.from[f + 1] ?? gamma;
      for (let i = 0; i < n; i += 1) {
        for (let j = i * width + frame.from[f]!; j < i * width + end; j += q) {
          for (let l = 0; l < q; l += 1) {
            let sum = 0;
            for (let k = l; k < q; k += 1) sum += M[j + k]! * L[k * q + l]!;
            M[j + l] = sum;
          }
        }
      }
    });
    for (let k = 0; k < gamma; k += 1) M[(n + k) * width + k] = 1;
    frame.priorRows.forEach(({ row, rest }, m) => {
      const at = n + gamma + m;
      for (let k = 0; k < p; k += 1) M[at * width + gamma + k] = row[k]!;
      side[at] = rest;
    });
    const found = stacked.solve(M, side, c);
    exact = true;
    return found ? -n * Math.log(sigma) - found.logRoot - 0.5 * found.squares : -Infinity;
  };

  /** out := Lambda x (`transposed`: Lambda'x) on `length` columns of a matrix or on a vector, block by block. */
  const apply = (x: Float64Array, out: Float64Array, stride: number, transposed: boolean): void => {
    frame.blocks.forEach(({ q }, f) => {
      const L = factors[f]!;
      const end = frame.from[f + 1] ?? gamma;
      for (let j = frame.from[f]!; j < end; j += q) {
        for (let k = 0; k < q; k += 1) {
          for (let s = 0; s < stride; s += 1) {
            let sum = 0;
            if (transposed) for (let l = k; l < q; l += 1) sum += L[l * q + k]! * x[(j + l) * stride + s]!;
            else for (let l = 0; l <= k; l += 1) sum += L[k * q + l]! * x[(j + l) * stride + s]!;
            out[(j + k) * stride + s] = sum;
          }
        }
      }
    });
    for (let s = gamma * stride; s < width * stride; s += 1) out[s] = x[s]!;
  };
  const predictor = (coefficients: Float64Array, out: Float64Array): void => {
    apply(coefficients, full, 1, false);
    for (let i = 0; i < n; i += 1) {
      const { at, value } = rows[i]!;
      let sum = 0;
      for (let a = 0; a < at.length; a += 1) sum += value[a]! * full[at[a]!]!;
      out[i] = sum;
    }
  };
  const logLikelihood = (sigma: number): number => {
    const precision = 1 / (sigma * sigma);
    // Lambda'G Lambda: once to the rows, then, turned over, to the columns.
    apply(G, H, width, true);
    for (let i = 0; i < width; i += 1) for (let j = 0; j < i; j += 1) swap(H, i * width + j, j * width + i);
    apply(H, A, width, true);
    apply(h, b, 1, true);
    for (let k = 0; k < width * width; k += 1) A[k]! *= precision;
    for (let k = 0; k < width; k += 1) b[k]! *= precision;
    for (let k = 0; k < gamma; k += 1) A[k * width + k]! += 1;
    for (let k = 0; k < p; k += 1) {
      b[gamma + k]! += frame.side[k]!;
      for (let l = 0; l < p; l += 1) A[(gamma + k) * width + gamma + l]! += frame.precision[k * p + l]!;
    }
    exact = false;
    for (let k = 0; k < width; k += 1) diagonal[k] = A[k * width + k]!;
    if (!lowerFactor(A, width)) return fromRows(sigma);
    for (let k = 0; k < width; k += 1) if (A[k * width + k]! ** 2 < LEAST_LEFT * diagonal[k]!) return fromRows(sigma);
    c.set(b);
    solveFactor(A, width, c);
    predictor(c, eta);
    let squares = 0;
    for (let i = 0; i < n; i += 1) squares += w[i]! * (residual[i]! - eta[i]!) ** 2;
    let sum = squares * precision;
    for (let k = 0; k < gamma; k += 1) sum += c[k]! * c[k]!;
    sum += frame.priorSquares(c);
    return -n * Math.log(sigma) - logDiagonal(A, width) - 0.5 * sum;
  };
  return {
    factors,
    setRows,
    logLikelihood,
    draw(normal, out) {
      for (let k = 0; k < width; k += 1) out[k] = normal();
      if (exact) stacked.deviate(out);
      else backFactor(A, width, out);
      for (let k = 0; k < width; k += 1) out[k]! += c[k]!;
    },
    predictor,
  };
}

function swap(M: Float64Array, a: number, b: number): void {
  const kept = M[a]!;
  M[a] = M[b]!;
  M[b] = kept;
}
