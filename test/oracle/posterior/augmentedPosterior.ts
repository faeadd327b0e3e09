import type { Rng } from '../../../src/random/rng.ts';
import { type CoefficientFrame, coefficientFrame } from './coefficientFrame.ts';
import { lowerFactor } from './lowerFactor.ts';
import { marginalGaussian } from './marginalGaussian.ts';
import { writtenValues } from './posteriorDensity.ts';
import type { PosteriorModel } from './posteriorModel.ts';
import { scaleDensity } from './scaleDensity.ts';
import { wideReference } from './wideReference.ts';

export interface ChainLength {
  readonly warmup: number;
  readonly draws: number;
  readonly thin: number;
}

/** Latent variables that make the rows normal, y*_i ~ N(eta_i, sigma^2 / w*_i) given them. */
export interface Augmentation {
  /** w* and y* as they stand; `update` changes them in place. */
  readonly weights: Float64Array;
  readonly response: Float64Array;
  /** Draws the latent variables anew given the linear predictor (length n) and sigma (1 without one). */
  update(eta: Float64Array, sigma: number): void;
  /** Parameters of its own, to be recorded after sigma. */
  own(): number[];
}

/**
 * One chain from a wide start for rows that are normal given latent variables: theta (covariances, sigma) given them by
 * walks on the density with every coefficient integrated out; coefficients given both, exactly; then the latent
 * variables. Slow, with nothing to fit but the size of the walk during the warm-up.
 */
export function augmentedPosterior(
  model: PosteriorModel,
  augment: (model: PosteriorModel, frame: CoefficientFrame, rng: Rng) => Augmentation,
  rng: Rng,
  { warmup, draws, thin }: ChainLength,
): number[][] {
  const frame = coefficientFrame(model, true);
  const rows = marginalGaussian(model, frame);
  const { blocks, width, start } = frame;
  const latent = augment(model, frame, rng);
  const scaled = model.sigma !== null;
  const dim = blocks.reduce((sum, block) => sum + block.dim, 0) + (scaled ? 1 : 0);
  const sigmaOf = (theta: Float64Array): number => (scaled ? Math.exp(theta[dim - 1]!) : 1);
  const c = new Float64Array(width);
  const eta = Float64Array.from(start);
  const logDensity = (theta: Float64Array): number => {
    if (!theta.every((value) => Math.abs(value) < 60)) return -Infinity;
    const sigma = sigmaOf(theta);
    let sum = model.sigma ? scaleDensity(model.sigma, sigma) + theta[dim - 1]! : 0;
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
  rows.setRows(latent.weights, latent.response);
  for (let tries = 0; tries < 2000; tries += 1) {
    reference.draw(rng, theta);
    if (logDensity(theta) > -Infinity) break;
  }
  const history: Float64Array[] = [];
  let walk = new Float64Array(dim * dim);
  for (let k = 0; k < dim; k += 1) walk[k * dim + k] = 0.3;
  const z = new Float64Array(dim);
  const out: number[][] = [];
  for (let sweep = 0; sweep < warmup + draws * thin; sweep += 1) {
    rows.setRows(latent.weights, latent.response);
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
    for (let i = 0; i < eta.length; i += 1) eta[i]! += start[i]!;
    latent.update(eta, sigmaOf(theta));
    if (sweep < warmup) {
      history.push(theta);
      if (sweep % 300 === 299) walk = covarianceFactor(history.slice(history.length / 2), dim) ?? walk;
    } else if ((sweep - warmup) % thin === 0) {
      const values = writtenValues(model, frame, theta, c, rows.factors);
      if (scaled) values.push(sigmaOf(theta));
      values.push(...latent.own());
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
