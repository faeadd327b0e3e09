import type { Rng } from '../../../src/random/rng.ts';
import type { CoefficientFrame } from './coefficientFrame.ts';
import { negativeBinomialRow, poissonRow, type RowDerivatives } from './countRow.ts';
import { backFactor, logDiagonal, lowerFactor, solveFactor } from './lowerFactor.ts';
import type { PosteriorModel } from './posteriorModel.ts';

/**
 * Logit, probit or count rows given the covariances: an unbiased estimate of the likelihood with every coefficient
 * integrated out.
 */
export interface MarginalBinary {
  /** The factors L of the blocks (q x q each), to be filled before the call. */
  readonly factors: readonly Float64Array[];
  /** log of the estimate, up to a constant; one of its draws of the coefficients, picked by weight, to c. */
  logLikelihood(rng: Rng, c: Float64Array): number;
}

/** Draws of one estimate, and the degrees of freedom they have. */
const DRAWS = 16;
const DF = 8;

/**
 * Importance sampling about the mode (Newton steps to rounding) with a multivariate t on the curvature there. The
 * estimate has the right mean, so that a sampler that keeps it beside its state has the right posterior (Andrieu &
 * Roberts 2009): no error of Laplace's is left.
 */
export function marginalBinary(model: PosteriorModel, frame: CoefficientFrame): MarginalBinary {
  const { width, rows, gamma, start } = frame;
  const n = rows.length;
  const p = width - gamma;
  const factors = frame.blocks.map(({ q }) => new Float64Array(q * q));
  const rowFunction = rowOf(model);
  const derivatives = { value: 0, first: 0, second: 0 };
  const A = new Float64Array(width * width);
  const b = new Float64Array(width);
  const trial = new Float64Array(width);
  const mode = new Float64Array(width);
  const draws = Array.from({ length: DRAWS }, () => new Float64Array(width));
  const logWeights = new Float64Array(DRAWS);
  // C L row by row: the same places as the frame's rows.
  const values = rows.map(({ value }) => new Float64Array(value.length));

  const applyFactors = (): void => {
    for (let i = 0; i < n; i += 1) {
      const source = rows[i]!.value;
      const target = values[i]!;
      let a = 0;
      frame.blocks.forEach(({ q }, f) => {
        const L = factors[f]!;
        for (let k = 0; k < q; k += 1) {
          let sum = 0;
          for (let l = k; l < q; l += 1) sum += source[a + l]! * L[l * q + k]!;
          target[a + k] = sum;
        }
        a += q;
      });
      for (; a < source.length; a += 1) target[a] = source[a]!;
    }
  };
  const predictor = (i: number, c: Float64Array): number => {
    const { at } = rows[i]!;
    const value = values[i]!;
    let sum = start[i]!;
    for (let a = 0; a < at.length; a += 1) sum += value[a]! * c[at[a]!]!;
    return sum;
  };
  /** log p(y | c) + log p(c), up to a constant. */
  const logDensity = (c: Float64Array): number => {
    let sum = 0;
    for (let i = 0; i < n; i += 1) {
      rowFunction(model.y[i]!, model.trials[i]!, predictor(i, c), derivatives);
      sum += model.weights[i]! * derivatives.value;
    }
    for (let k = 0; k < gamma; k += 1) sum -= 0.5 * c[k]! * c[k]!;
    sum -= 0.5 * frame.priorSquares(c);
    return sum;
  };
  /** Gradient to b and minus the second derivative, factored, to A. */
  const curvature = (c: Float64Array): boolean => {
    A.fill(0);
    b.fill(0);
    for (let i = 0; i < n; i += 1) {
      rowFunction(model.y[i]!, model.trials[i]!, predictor(i, c), derivatives);
      const first = model.weights[i]! * derivatives.first;
      const second = model.weights[i]! * derivatives.second;
      const { at } = rows[i]!;
      const value = values[i]!;
      for (let a = 0; a < at.length; a += 1) {
        b[at[a]!]! += first * value[a]!;
        for (let d = 0; d <= a; d += 1) A[at[a]! * width + at[d]!]! -= second * value[a]! * value[d]!;
      }
    }
    for (let k = 0; k < gamma; k += 1) {
      A[k * width + k]! += 1;
      b[k]! -= c[k]!;
    }
    for (let k = 0; k < p; k += 1) {
      b[gamma + k]! += frame.side[k]!;
      for (let l = 0; l < p; l += 1) {
        A[(gamma + k) * width + gamma + l]! += frame.precision[k * p + l]!;
        b[gamma + k]! -= frame.precision[k * p + l]! * c[gamma + l]!;
      }
    }
    return lowerFactor(A, width);
  };
  const findMode = (): boolean => {
    mode.fill(0);
    let height = logDensity(mode);
    for (let step = 0; step < 100; step += 1) {
      if (!curvature(mode)) return false;
      const gradient = b.slice();
      solveFactor(A, width, b);
      let decrement = 0;
      for (let k = 0; k < width; k += 1) decrement += b[k]! * gradient[k]!;
      if (decrement < 1e-9) return true;
      let length = 1;
      for (; length > 1e-9; length /= 2) {
        for (let k = 0; k < width; k += 1) trial[k] = mode[k]! + length * b[k]!;
        const next = logDensity(trial);
        if (next >= height) {
          height = next;
          mode.set(trial);
          break;
        }
      }
      if (length <= 1e-9) return curvature(mode);
    }
    return true;
  };
  return {
    factors,
    logLikelihood(rng, c) {
      applyFactors();
      if (!findMode()) return -Infinity;
      const logDeterminant = logDiagonal(A, width);
      let largest = -Infinity;
      for (let d = 0; d < DRAWS; d += 1) {
        const z = draws[d]!;
        const stretch = Math.sqrt(DF / 2 / rng.gamma(DF / 2, 1));
        let square = 0;
        for (let k = 0; k < width; k += 1) {
          z[k] = stretch * rng.normal();
          square += z[k]! * z[k]!;
        }
        backFactor(A, width, z);
        for (let k = 0; k < width; k += 1) z[k]! += mode[k]!;
        logWeights[d] = logDensity(z) - logDeterminant + 0.5 * (DF + width) * Math.log1p(square / DF);
        largest = Math.max(largest, logWeights[d]!);
      }
      let total = 0;
      for (let d = 0; d < DRAWS; d += 1) total += Math.exp(logWeights[d]! - largest);
      let left = rng.uniform() * total - Math.exp(logWeights[0]! - largest);
      let picked = 0;
      while (picked < DRAWS - 1 && left > 0) {
        picked += 1;
        left -= Math.exp(logWeights[picked]! - largest);
      }
      c.set(draws[picked]!);
      return largest + Math.log(total / DRAWS);
    },
  };
}

function rowOf({ family, shape }: PosteriorModel): typeof logitRow {
  switch (family) {
    case 'binomialLogit':
      return logitRow;
    case 'bernoulliProbit':
      return probitRow;
    case 'poisson':
      return poissonRow;
    case 'negativeBinomial':
      if (shape !== undefined) return negativeBinomialRow(shape);
  }
  throw new Error(`no likelihood of ${family} rows without the shape`);
}

/** y successes of m trials with logit eta, but for the binomial coefficient. */
function logitRow(y: number, m: number, eta: number, out: RowDerivatives): void {
  const small = Math.exp(-Math.abs(eta));
  const probability = eta > 0 ? 1 / (1 + small) : small / (1 + small);
  out.value = y * eta - m * (Math.max(eta, 0) + Math.log1p(small));
  out.first = y - m * probability;
  out.second = (-m * small) / (1 + small) ** 2;
}

/** y successes of m trials with probability Phi(eta). */
function probitRow(y: number, m: number, eta: number, out: RowDerivatives): void {
  const x = Math.abs(eta);
  const density = Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI);
  // P(Z > x): by the series about 0, and by the continued fraction of Mills' ratio where that would cancel.
  let tail: number;
  let logTail: number;
  let hazard: number;
  if (x < 3) {
    let term = x;
    let sum = x;
    for (let k = 1; term > 1e-17 * sum; k += 1) {
      term *= (x * x) / (2 * k + 1);
      sum += term;
    }
    tail = 0.5 - density * sum;
    logTail = Math.log(tail);
    hazard = density / tail;
  } else {
    hazard = x;
    for (let k = Math.ceil(15 + 400 / (x * x)); k >= 1; k -= 1) hazard = x + k / hazard;
    tail = density / hazard;
    logTail = -0.5 * x * x - 0.5 * Math.log(2 * Math.PI) - Math.log(hazard);
  }
  const logRest = Math.log1p(-tail);
  const restHazard = density / (1 - tail);
  // Of P(Z < eta), which success has, and of P(Z > eta).
  const [logUp, up, logDown, down] =
    eta < 0 ? [logTail, hazard, logRest, restHazard] : [logRest, restHazard, logTail, hazard];
  out.value = y * logUp + (m - y) * logDown;
  out.first = y * up - (m - y) * down;
  out.second = -y * up * (up + eta) - (m - y) * down * (down - eta);
}
