import { exp, log } from '../../elementary.ts';
import { backwardSolve, cholesky, choleskySolve, logDeterminant } from '../../linalg/cholesky.ts';
import { logScaleDensity, type ScalePrior } from '../../priors/priors.ts';
import { logConcave } from '../../proposals/logConcave.ts';
import { slice } from '../../proposals/slice.ts';
import type { Rng } from '../../random/rng.ts';
import { LEAST_LEFT } from '../../residual/correlation.ts';
import type { OccasionRegressions } from './occasionRegressions.ts';

/** Steps to the variance about which the proposal is laid. */
const ROUNDS = 3;
/** First brackets of slices, in sds. */
const BRACKET = 3;
const LEAST_STEEPNESS = 1;

/**
 * Metropolis steps of one of the regressions that are a covariance matrix of residuals, given the others. With
 * correlations lkj(eta) and the prior f of each sd s_t = sqrt(Sigma_tt) the prior density of all (b, v) is
 *   prod_t f(s_t) s_t^-kappa v_t^(T - t + eta - 2),   kappa = T + 2 eta - 2,   t = 0 .. T - 1,
 * the determinants of (s_t, R) -> Cholesky factor -> (b, v) included.
 */
export interface OccasionStep {
  /**
   * Moves (b_t, v_t) and with them Sigma, given n groups whose residuals at 0 .. t have the squares and products G, and
   * `typical`, about the variance of each occasion by the rows. Returns whether the proposal was accepted.
   */
  step(t: number, n: number, G: Float64Array, typical: Float64Array, rng: Rng): boolean;
}

/**
 * Given the others, (b_t, v_t) has the normal likelihood of its regression times a function of the variances from t on,
 *   s_s^2 = D_s^2 (b' Sigma_<t b + v) + 2 D_s b' h_s + w_s,   h_s = Sigma_<t g_s,
 * where e_s = g_s' e_<t + D_s e_t + later terms. log s_s^2 by its tangent at the typical variance makes a normal
 * proposal of b given v, and one of log v that is log-concave; the exact prior is in the ratio. Then log v, and b along
 * one direction, by slices, so that a poor proposal holds no chain.
 */
export function occasionStep(regressions: OccasionRegressions, eta: number, prior: ScalePrior): OccasionStep {
  const { Sigma, b, v } = regressions;
  const T = v.length;
  const kappa = T + 2 * eta - 2;
  const g = new Float64Array(T * T);
  const h = new Float64Array(T * T);
  const D = new Float64Array(T);
  const w = new Float64Array(T);
  const P = new Float64Array(T * T);
  const mean = new Float64Array(T);
  const linear = new Float64Array(T);
  const proposed = new Float64Array(T);
  const direction = new Float64Array(T);
  const image = new Float64Array(T);
  const along = new Float64Array(T);
  const draw = logConcave();

  /** log f(s) - kappa log s by the variance. */
  const ofVariance = (variance: number): number => {
    if (!(variance > 0)) return Number.NEGATIVE_INFINITY;
    return logScaleDensity(prior, Math.sqrt(variance)) - 0.5 * kappa * log(variance);
  };
  /** How steeply its tangent there falls, at least a little: few groups make no proposal without end. */
  const steepness = (variance: number): number => {
    const step = 1e-3;
    const fall = (ofVariance(variance * exp(-step)) - ofVariance(variance * exp(step))) / step;
    return fall < Number.POSITIVE_INFINITY ? Math.max(LEAST_STEEPNESS, fall) : kappa;
  };

  // Of the regression at hand.
  let t = 0;
  let G: Float64Array = Sigma;
  /** Power of v in the density of log v; of its proposal, less what integrating b takes. */
  let power = 0;
  let a0 = 0;
  /** Of the proposal of log v: the squares left, and how fast it falls in v. */
  let left = 0;
  let pull = 0;

  /** G's squares of e_t - x' e_<t. */
  const squaresLeft = (x: Float64Array, from: number): number => {
    const m = t + 1;
    let sum = G[t * m + t]!;
    for (let i = 0; i < t; i += 1) {
      let row = -2 * G[t * m + i]!;
      for (let k = 0; k < t; k += 1) row += G[i * m + k]! * x[from + k]!;
      sum += row * x[from + i]!;
    }
    return Math.max(0, sum);
  };
  /** x' Sigma_<t y. */
  const product = (x: Float64Array, xFrom: number, y: Float64Array, yFrom: number): number => {
    let sum = 0;
    for (let i = 0; i < t; i += 1) {
      let row = 0;
      for (let k = 0; k < t; k += 1) row += Sigma[i * T + k]! * y[yFrom + k]!;
      sum += row * x[xFrom + i]!;
    }
    return sum;
  };
  const dot = (x: Float64Array, xFrom: number, y: Float64Array, yFrom: number): number => {
    let sum = 0;
    for (let i = 0; i < t; i += 1) sum += x[xFrom + i]! * y[yFrom + i]!;
    return sum;
  };

  /** log density of (b_t, log v_t) given what they come to. */
  const height = (variance: number, squares: number, explained: number, cross: (s: number) => number): number => {
    let sum = power * log(variance) - (0.5 * squares) / variance;
    if (!(variance > LEAST_LEFT * (explained + variance))) return Number.NEGATIVE_INFINITY;
    for (let s = t; s < T; s += 1) {
      const d = D[s]!;
      sum += ofVariance(d * d * (explained + variance) + 2 * d * cross(s) + w[s]!);
    }
    return sum;
  };

  /** Where the regressions after t lead from e_<t and e_t, and what their variances have besides. */
  const trace = (): void => {
    for (let s = t; s < T; s += 1) {
      D[s] = s === t ? 1 : b[s * T + t]!;
      for (let i = 0; i < t; i += 1) g[s * T + i] = s === t ? 0 : b[s * T + i]!;
      for (let r = t + 1; r < s; r += 1) {
        const coefficient = b[s * T + r]!;
        D[s]! += coefficient * D[r]!;
        for (let i = 0; i < t; i += 1) g[s * T + i]! += coefficient * g[r * T + i]!;
      }
      for (let i = 0; i < t; i += 1) {
        let sum = 0;
        for (let k = 0; k < t; k += 1) sum += Sigma[i * T + k]! * g[s * T + k]!;
        h[s * T + i] = sum;
      }
    }
    // The variance of what comes in after t, and of g' e_<t: free of (b_t, v_t).
    const spread = product(b, t * T, b, t * T) + v[t]!;
    for (let s = t; s < T; s += 1) {
      const d = D[s]!;
      const own = d * d * spread + 2 * d * dot(h, s * T, b, t * T);
      w[s] = s === t ? 0 : Math.max(v[s]!, Sigma[s * T + s]! - own);
    }
  };

  /** The factor of P = G_<t / v + pull Sigma_<t, and its mean. */
  const normal = (variance: number): boolean => {
    const m = t + 1;
    for (let i = 0; i < t; i += 1) {
      for (let k = 0; k <= i; k += 1) P[i * t + k] = G[i * m + k]! / variance + pull * Sigma[i * T + k]!;
      mean[i] = G[t * m + i]! / variance + linear[i]!;
    }
    if (!cholesky(P, t)) return false;
    choleskySolve(P, t, mean);
    return true;
  };
  /** log density of the proposal of (b, log v), after `normal` at this v. */
  const proposalDensity = (x: Float64Array, from: number, variance: number): number => {
    for (let i = 0; i < t; i += 1) image[i] = x[from + i]! - mean[i]!;
    let quadratic = 0;
    for (let i = 0; i < t; i += 1) {
      // L' (x - mean).
      let sum = 0;
      for (let k = i; k < t; k += 1) sum += P[k * t + i]! * image[k]!;
      quadratic += sum * sum;
    }
    return ofLogVariance(log(variance)) + 0.5 * logDeterminant(P, t) - 0.5 * quadratic;
  };
  const ofLogVariance = (x: number): number => -a0 * x - 0.5 * (left * exp(-x) + pull * exp(x));
  const slope = (x: number): number => -a0 + 0.5 * (left * exp(-x) - pull * exp(x));
  const curvature = (x: number): number => -0.5 * (left * exp(-x) + pull * exp(x));

  const crossAtState = (s: number): number => dot(h, s * T, b, t * T);
  const crossProposed = (s: number): number => dot(h, s * T, proposed, 0);
  let explained = 0;
  let squares = 0;
  const ofV = (x: number): number => height(exp(x), squares, explained, crossAtState);
  // Along b + z direction.
  let lengths = 0;
  let meets = 0;
  let bend = 0;
  let tilt = 0;
  let z = 0;
  const crossAlong = (s: number): number => dot(h, s * T, b, t * T) + z * along[s]!;
  const ofZ = (at: number): number => {
    z = at;
    const squaresThere = Math.max(0, squares + at * (tilt + at * bend));
    return height(v[t]!, squaresThere, explained + at * (2 * meets + at * lengths), crossAlong);
  };

  return {
    step(occasion, groups, products, typical, rng) {
      t = occasion;
      G = products;
      // Of log v.
      power = T - t + eta - 1 - 0.5 * groups;
      trace();
      pull = 0;
      linear.fill(0, 0, t);
      for (let s = t; s < T; s += 1) {
        const rate = (D[s]! * steepness(typical[s]!)) / typical[s]!;
        pull += rate * D[s]!;
        for (let i = 0; i < t; i += 1) linear[i]! -= rate * h[s * T + i]!;
      }
      a0 = -power - 0.5 * t;
      left = typical[t]!;
      let guess = typical[t]!;
      let fits = true;
      for (let round = 0; fits && round < ROUNDS; round += 1) {
        fits = normal(guess);
        if (!fits) break;
        left = Math.max(squaresLeft(mean, 0), LEAST_LEFT * typical[t]!);
        guess = left / (a0 + Math.sqrt(a0 * a0 + pull * left));
        if (a0 < 0) guess = (-a0 + Math.sqrt(a0 * a0 + pull * left)) / pull;
      }
      let accepted = false;
      if (fits && normal(v[t]!)) {
        explained = product(b, t * T, b, t * T);
        const here = height(v[t]!, squaresLeft(b, t * T), explained, crossAtState) - proposalDensity(b, t * T, v[t]!);
        const variance = exp(draw(ofLogVariance, slope, curvature, log(guess), rng));
        if (normal(variance)) {
          for (let i = 0; i < t; i += 1) proposed[i] = rng.normal();
          backwardSolve(P, t, proposed);
          for (let i = 0; i < t; i += 1) proposed[i]! += mean[i]!;
          const there =
            height(variance, squaresLeft(proposed, 0), product(proposed, 0, proposed, 0), crossProposed) -
            proposalDensity(proposed, 0, variance);
          if (there >= here || rng.uniform() < exp(there - here)) {
            v[t] = variance;
            for (let i = 0; i < t; i += 1) b[t * T + i] = proposed[i]!;
            accepted = true;
          }
        }
      }
      squares = squaresLeft(b, t * T);
      explained = product(b, t * T, b, t * T);
      const sd = 1 / Math.sqrt(Math.max(1, -curvature(log(guess))));
      v[t] = exp(slice(ofV, log(v[t]!), BRACKET * sd, rng));
      if (t > 0 && normal(v[t]!)) {
        let length = 0;
        for (let i = 0; i < t; i += 1) {
          direction[i] = rng.normal();
          length += direction[i]! ** 2;
        }
        for (let i = 0; i < t; i += 1) direction[i]! /= Math.sqrt(length);
        backwardSolve(P, t, direction);
        lengths = product(direction, 0, direction, 0);
        meets = product(direction, 0, b, t * T);
        const m = t + 1;
        tilt = 0;
        bend = 0;
        for (let i = 0; i < t; i += 1) {
          let row = -G[t * m + i]!;
          let own = 0;
          for (let k = 0; k < t; k += 1) {
            row += G[i * m + k]! * b[t * T + k]!;
            own += G[i * m + k]! * direction[k]!;
          }
          tilt += 2 * row * direction[i]!;
          bend += own * direction[i]!;
        }
        for (let s = t; s < T; s += 1) along[s] = dot(h, s * T, direction, 0);
        const moved = slice(ofZ, 0, BRACKET, rng);
        for (let i = 0; i < t; i += 1) b[t * T + i]! += moved * direction[i]!;
      }
      regressions.fill(t);
      return accepted;
    },
  };
}
