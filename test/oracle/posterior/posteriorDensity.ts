import type { Rng } from '../../../src/random/rng.ts';
import type { WrittenCovariance } from './blockCoordinates.ts';
import { type CoefficientFrame, coefficientFrame } from './coefficientFrame.ts';
import { marginalBinary } from './marginalBinary.ts';
import { marginalGaussian } from './marginalGaussian.ts';
import type { PosteriorModel } from './posteriorModel.ts';
import { scaleDensity } from './scaleDensity.ts';
import type { TemperedTarget } from './temperedSampler.ts';
import { wideReference } from './wideReference.ts';

/** Which columns the coordinates of a block are about: its numeric columns' means, or their zeros. */
export type Coordinates = 'centred' | 'written';

/** Covariances as written, a block after another, and the residual sd. */
export interface WrittenParameters {
  readonly blocks: readonly WrittenCovariance[];
  readonly sigma: number | null;
}

/**
 * The posterior of the covariances and sigma (theta) of Gaussian, logit or probit rows, every coefficient integrated
 * out.
 */
export interface PosteriorDensity extends TemperedTarget {
  readonly frame: CoefficientFrame;
  /**
   * Names of the variables that `record` gives, in its order, as the product names them; `height` last with Gaussian
   * rows.
   */
  readonly names: readonly string[];
  /** Every variable at theta, with coefficients drawn given it (or those carried). */
  record(theta: Float64Array, carried: Float64Array, rng: Rng): number[];
  /**
   * log p(theta | y) with respect to d log tau d R d log sigma on the columns as written, up to a constant; Gaussian
   * rows alone.
   */
  height(parameters: WrittenParameters): number;
}

/** The family must not be studentT, whose rows need auxiliaries (`augmentedPosterior`). */
export function posteriorDensity(model: PosteriorModel, coordinates: Coordinates): PosteriorDensity {
  const frame = coefficientFrame(model, coordinates === 'centred');
  const { blocks, width } = frame;
  const gaussian = model.family === 'gaussian';
  const rows = gaussian ? marginalGaussian(model, frame) : null;
  const binary = gaussian ? null : marginalBinary(model, frame);
  const factors = (rows ?? binary)!.factors;
  const offsets: number[] = [];
  let dim = 0;
  for (const block of blocks) {
    offsets.push(dim);
    dim += block.dim;
  }
  const sigmaAt = dim;
  if (model.sigma) dim += 1;
  const reference = wideReference(model, frame);
  const sigmaOf = (theta: Float64Array): number => (model.sigma ? Math.exp(theta[sigmaAt]!) : 1);

  const logPrior = (theta: Float64Array): number => {
    let sum = 0;
    blocks.forEach((block, b) => {
      sum += block.logPrior(theta, offsets[b]!);
    });
    if (model.sigma) sum += scaleDensity(model.sigma, sigmaOf(theta)) + theta[sigmaAt]!;
    return sum;
  };
  const inRange = (theta: Float64Array): boolean => theta.every((value) => Math.abs(value) < 60);
  const fillFactors = (theta: Float64Array): void => {
    blocks.forEach((block, b) => {
      block.factor(theta, offsets[b]!, factors[b]!);
    });
  };
  /** log p(theta) p(y | theta) with respect to the written parameters. */
  const heightAt = (theta: Float64Array): number => {
    const prior = logPrior(theta);
    if (!(prior > -Infinity)) return -Infinity;
    fillFactors(theta);
    return prior + rows!.logLikelihood(sigmaOf(theta));
  };
  const c = new Float64Array(width);
  return {
    frame,
    dim,
    carried: gaussian ? 0 : width,
    names: variableNames(model, gaussian),
    drawReference: reference.draw,
    logReference: reference.logDensity,
    logTarget(theta, rng, carried) {
      if (!inRange(theta)) return -Infinity;
      let value = logPrior(theta);
      if (!(value > -Infinity)) return -Infinity;
      blocks.forEach((block, b) => {
        value += block.logJacobian(theta, offsets[b]!);
      });
      fillFactors(theta);
      const likelihood = rows ? rows.logLikelihood(sigmaOf(theta)) : binary!.logLikelihood(rng, carried);
      return Number.isNaN(likelihood) ? -Infinity : value + likelihood;
    },
    record(theta, carried, rng) {
      const height = rows ? heightAt(theta) : 0;
      if (rows) rows.draw(rng.normal, c);
      else {
        fillFactors(theta);
        c.set(carried);
      }
      const out = writtenValues(model, frame, theta, c, factors);
      if (model.sigma) out.push(sigmaOf(theta));
      if (rows) out.push(height);
      return out;
    },
    height(parameters) {
      const theta = new Float64Array(dim);
      const known = blocks.every((block, b) => block.fromWritten(parameters.blocks[b]!, theta, offsets[b]!));
      if (!known) return Number.NaN;
      if (parameters.sigma !== null) theta[sigmaAt] = Math.log(parameters.sigma);
      return heightAt(theta);
    },
  };
}

/** The names of beta, of every tau, corr and u of a block after another, of sigma, as the product prints them. */
export function variableNames(model: PosteriorModel, withHeight: boolean): string[] {
  return [
    ...model.labels.map((label) => `beta[${label}]`),
    ...model.blocks.flatMap(({ factor, labels, levels }) => [
      ...labels.map((label) => `tau_${factor}[${label}]`),
      ...labels.flatMap((label, a) => labels.slice(0, a).map((before) => `corr_${factor}[${before},${label}]`)),
      ...levels.flatMap((level) => labels.map((label) => `u_${factor}[${level},${label}]`)),
    ]),
    ...(model.sigma ? ['sigma'] : []),
    ...(withHeight ? ['height'] : []),
  ];
}

/** The values of beta, tau, corr and u at theta and standardised coefficients c, in the order of `variableNames`. */
export function writtenValues(
  model: PosteriorModel,
  frame: CoefficientFrame,
  theta: Float64Array,
  c: Float64Array,
  factors: readonly Float64Array[],
): number[] {
  const out = frame.beta(c);
  let at = 0;
  frame.blocks.forEach((block, b) => {
    const { q } = block;
    const { tau, corr } = block.written(theta, at);
    out.push(...tau, ...corr);
    const L = factors[b]!;
    for (let j = 0; j < model.blocks[b]!.J; j += 1) {
      const e = frame.from[b]! + j * q;
      const deviations = tau.map((_, k) => {
        let sum = 0;
        for (let l = 0; l <= k; l += 1) sum += L[k * q + l]! * c[e + l]!;
        return sum;
      });
      out.push(...block.writtenDeviations(deviations));
    }
    at += block.dim;
  });
  return out;
}
