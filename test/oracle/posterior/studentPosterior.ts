import type { Rng } from '../../../src/random/rng.ts';
import { coefficientFrame } from './coefficientFrame.ts';
import { logDegreesDensity } from './degreesDensity.ts';
import { lowerFactor } from './lowerFactor.ts';
import { marginalGaussian } from './marginalGaussian.ts';
import { variableNames, writtenValues } from './posteriorDensity.ts';
import type { PosteriorModel } from './posteriorModel.ts';
import { scaleDensity } from './scaleDensity.ts';
import { wideReference } from './wideReference.ts';

export interface StudentOptions {
  readonly warmup: number;
  readonly draws: number;
  readonly thin: number;
}

/** Names of what `studentPosterior` draws, in its order. */
export function studentNames(model: PosteriorModel): string[] {
  return [...variableNames(model, false), ...(typeof model.nu === 'number' ? [] : ['nu'])];
}

/**
 * One chain from a wide start for Student-t rows as a scale mixture of normals, y_i ~ N(eta_i, sigma^2 / (w_i
 * lambda_i)), lambda_i ~ gamma(nu/2, nu/2): (theta) given lambda by walks on the density with every coefficient
 * integrated out; coefficients given both, exactly; nu given the coefficients with lambda integrated out; lambda
 * given all. Slow, with nothing to fit but the size of the walk during the warm-up.
 */
export function studentPosterior(model: PosteriorModel, rng: Rng, { warmup, draws, thin }: StudentOptions): number[][] {
  const frame = coefficientFrame(model, true);
  const rows = marginalGaussian(model, frame);
  const { blocks, width, start } = frame;
  const n = model.y.length;
  const dim = blocks.reduce((sum, block) => sum + block.dim, 0) + 1;
  const prior = model.nu!;
  let nu = typeof prior === 'number' ? prior : 2 + 20 * rng.uniform();
  const lambda = new Float64Array(n).fill(1);
  const c = new Float64Array(width);
  const eta = new Float64Array(n);
  const logDensity = (theta: Float64Array): number => {
    if (!theta.every((value) => Math.abs(value) < 60)) return -Infinity;
    const sigma = Math.exp(theta[dim - 1]!);
    let sum = scaleDensity(model.sigma!, sigma) + theta[dim - 1]!;
    let at = 0;
    blocks.forEach((block, b) => {
      sum += block.logPrior(theta, at) + block.logJacobian(theta, at);
      block.factor(theta, at, rows.factors[b]!);
      at += block.dim;
    });
    if (!(sum > -Infinity)) return -Infinity;
    const value = sum + rows.logLikelihood(sigma);
    return Number.isNaN(value) ? -Infinity : value;
  };
  const reference = wideReference(model, frame);
  let theta = new Float64Array(dim);
  for (let tries = 0; tries < 2000; tries += 1) {
    reference.draw(rng, theta);
    if (logDensity(theta) > -Infinity) break;
  }
  const history: Float64Array[] = [];
  let walk = new Float64Array(dim * dim);
  for (let k = 0; k < dim; k += 1) walk[k * dim + k] = 0.3;
  const z = new Float64Array(dim);
  const out: number[][] = [];
  const weights = new Float64Array(n);
  for (let sweep = 0; sweep < warmup + draws * thin; sweep += 1) {
    for (let i = 0; i < n; i += 1) weights[i] = model.weights[i]! * lambda[i]!;
    rows.setWeights(weights);
    let now = logDensity(theta);
    for (const size of [1, 0.3, 1.8]) {
      for (let k = 0; k < dim; k += 1) z[k] = rng.normal();
      const next = theta.slice();
      const step = (2.38 / Math.sqrt(dim)) * size;
      for (let k = 0; k < dim; k += 1) for (let l = 0; l <= k; l += 1) next[k]! += step * walk[k * dim + l]! * z[l]!;
      const value = logDensity(next);
      if (Math.log(rng.uniform()) < value - now) {
        theta = next;
        now = value;
      }
    }
    logDensity(theta);
    rows.draw(rng.normal, c);
    rows.predictor(c, eta);
    const sigma = Math.exp(theta[dim - 1]!);
    const square = (i: number) => (model.weights[i]! * (model.y[i]! - start[i]! - eta[i]!) ** 2) / (sigma * sigma);
    if (typeof prior !== 'number') {
      const height = (value: number): number => {
        let sum = logDegreesDensity(prior, value) + Math.log(value - 1);
        for (let i = 0; i < n; i += 1) {
          sum +=
            logGamma((value + 1) / 2) -
            logGamma(value / 2) -
            0.5 * Math.log(value) -
            ((value + 1) / 2) * Math.log1p(square(i) / value);
        }
        return sum;
      };
      for (const size of [0.3, 1, 2]) {
        const next = 1 + (nu - 1) * Math.exp(size * rng.normal());
        if (Math.log(rng.uniform()) < height(next) - height(nu)) nu = next;
      }
    }
    for (let i = 0; i < n; i += 1) lambda[i] = rng.gamma((nu + 1) / 2, (nu + square(i)) / 2);
    if (sweep < warmup) {
      history.push(theta);
      if (sweep % 300 === 299) walk = covarianceFactor(history.slice(history.length / 2), dim) ?? walk;
    } else if ((sweep - warmup) % thin === 0) {
      const values = writtenValues(model, frame, theta, c, rows.factors);
      values.push(sigma);
      if (typeof prior !== 'number') values.push(nu);
      out.push(values);
    }
  }
  return out;
}

function covarianceFactor(points: readonly Float64Array[], dim: number): Float64Array<ArrayBuffer> | null {
  const mean = Array.from({ length: dim }, (_, k) => points.reduce((sum, x) => sum + x[k]!, 0) / points.length);
  const L = new Float64Array(dim * dim);
  for (const x of points) {
    for (let k = 0; k < dim; k += 1) {
      for (let l = 0; l <= k; l += 1) L[k * dim + l]! += ((x[k]! - mean[k]!) * (x[l]! - mean[l]!)) / points.length;
    }
  }
  for (let k = 0; k < dim; k += 1) L[k * dim + k]! += 1e-4;
  return lowerFactor(L, dim) ? L : null;
}

/** log Gamma(x), x > 0: Stirling's series after moving x above 10. */
function logGamma(x: number): number {
  let shift = 0;
  let at = x;
  for (; at < 10; at += 1) shift += Math.log(at);
  const inverse = 1 / (at * at);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / at;
  return (at - 0.5) * Math.log(at) - at + 0.9189385332046727 + series - shift;
}
