import { correlationPairs } from '../design/correlationPairs.ts';
import type { GroupTerm } from '../design/design.ts';
import { ModelError } from '../errors.ts';
import { congruence } from '../linalg/congruence.ts';
import { inverseGamma } from '../random/inverseGamma.ts';
import type { Rng } from '../random/rng.ts';
import { createWishart } from '../random/wishart.ts';
import { solveCombinations } from './coefficientCombinations.ts';
import { horseshoes, horseshoeVariance } from './horseshoe.ts';
import type { IndependentMixture } from './mixturePrior.ts';
import type { BlockPrior, CoefficientPriors, ScalePrior } from './priors.ts';

/**
 * A standard deviation from its prior. `name` is for errors. Throws `improper-prior` for a flat prior and the limits of
 * the inverse gamma.
 */
export function drawScale(prior: ScalePrior, name: string, rng: Rng): number {
  switch (prior.distribution) {
    case 'flat':
      throw improper(name, 'flat');
    case 'halfT':
      return (prior.scale * Math.abs(rng.normal())) / Math.sqrt(rng.gamma(prior.df / 2, prior.df / 2));
    case 'halfCauchy':
      return (prior.scale * Math.abs(rng.normal())) / Math.sqrt(rng.gamma(0.5, 0.5));
    case 'halfNormal':
      return prior.scale * Math.abs(rng.normal());
    case 'exponential':
      return rng.exponential() / prior.rate;
    case 'uniform':
      return prior.low + (prior.high - prior.low) * rng.uniform();
    case 'inverseGamma':
      if (!(prior.scale > 0 && prior.shape > 0)) throw improper(name, `inverseGamma(${prior.shape}, ${prior.scale})`);
      return Math.sqrt(inverseGamma(prior.shape, prior.scale, rng));
  }
}

/**
 * The population-level coefficients from their priors, to `out` (length p): B beta is drawn and solved for beta, B
 * their `combinations`.
 * Throws `improper-prior` for a flat one.
 */
export function drawCoefficients(
  prior: CoefficientPriors,
  labels: readonly string[],
  rng: Rng,
  out: Float64Array,
): void {
  for (let c = 0; c < out.length; c++) {
    if (!Number.isFinite(prior.sd[c]!)) throw improper(`beta[${labels[c]}]`, 'flat');
    const mixture = prior.mixtures?.[c];
    if (mixture?.distribution === 'horseshoe') continue;
    out[c] = mixture ? drawMixture(mixture, rng) : prior.mean[c]! + prior.sd[c]! * rng.normal();
  }
  for (const { prior: own, columns } of horseshoes(prior)) {
    const tau = drawScale({ distribution: 'halfCauchy', scale: own.globalScale }, '', rng);
    const c2 = inverseGamma(own.slabDf / 2, (own.slabDf / 2) * own.slabScale * own.slabScale, rng);
    for (const c of columns) {
      const lambda = drawScale({ distribution: 'halfCauchy', scale: 1 }, '', rng);
      out[c] = Math.sqrt(horseshoeVariance(own, tau * lambda, c2)) * rng.normal();
    }
  }
  solveCombinations(prior.combinations, out);
}

function drawMixture(prior: IndependentMixture, rng: Rng): number {
  const { location, scale } = prior;
  if (prior.distribution === 'laplace') return location + scale * (rng.exponential() - rng.exponential());
  const df = prior.distribution === 'cauchy' ? 1 : prior.df;
  return location + (scale * rng.normal()) / Math.sqrt(rng.gamma(df / 2, df / 2));
}

/**
 * Sds (`tau`, length size) and correlation matrix (`R`, size x size, row-major) of one covariance block from its prior.
 * Separation: sds one by one, R from LKJ(eta) by canonical partial correlations, p_ij ~ Beta(a, a) on (-1, 1) with a =
 * eta + (size - j - 2)/2, j from 0 (Lewandowski, Kurowicka & Joe 2009, section 2.4); drawn about the means of the
 * columns where the prior is, and then taken to the columns as written. Huang & Wand (2013, eq. 2): a_k ~
 * InverseGamma(1/2, 1 / scale_k^2), then Sigma ~ InverseWishart(df + size - 1, 2 df diag(1 / a)). `names` are those of
 * the sds, for errors.
 */
export function drawBlock(
  prior: BlockPrior,
  names: readonly string[],
  rng: Rng,
  tau: Float64Array,
  R: Float64Array,
): void {
  const size = names.length;
  if (prior.kind === 'separation') {
    names.forEach((name, k) => {
      tau[k] = drawScale(prior.tau[k]!, name, rng);
    });
    drawLkj(prior.eta, size, rng, R);
    if (prior.about) asWritten(prior.about, size, tau, R);
    return;
  }
  const scale = new Float64Array(size * size);
  if (prior.kind === 'inverseWishart') scale.set(prior.scale);
  else {
    for (let k = 0; k < size; k++) {
      const precision = rng.gamma(0.5, 1) * prior.scale[k]! * prior.scale[k]!;
      scale[k * size + k] = 2 * prior.df * precision;
    }
  }
  const df = prior.kind === 'inverseWishart' ? prior.df : prior.df + size - 1;
  createWishart(size).inverseWishart(df, scale, rng, R);
  for (let k = 0; k < size; k++) tau[k] = Math.sqrt(R[k * size + k]!);
  for (let k = 0; k < size; k++) for (let l = 0; l < size; l++) R[k * size + l]! /= tau[k]! * tau[l]!;
}

/** From sds and correlations of deviations v to those of C v, in place. */
function asWritten(C: Float64Array, size: number, tau: Float64Array, R: Float64Array): void {
  const own = R.map((value, at) => value * tau[Math.floor(at / size)]! * tau[at % size]!);
  const Sigma = congruence(C, own, size);
  for (let k = 0; k < size; k++) tau[k] = Math.sqrt(Sigma[k * size + k]!);
  for (let k = 0; k < size; k++)
    for (let l = 0; l < size; l++) R[k * size + l] = Sigma[k * size + l]! / (tau[k]! * tau[l]!);
}

/**
 * Returns a function that draws the sds of a factor to `tau` (length q) and its correlations to `corr` (one for each
 * pair of a block), block by block.
 */
export function covarianceDraw(
  term: GroupTerm,
  priors: readonly BlockPrior[],
  rng: Rng,
  tau: Float64Array,
  corr: Float64Array,
): () => void {
  const names = term.labels.map((label) => `tau_${term.factor}[${label}]`);
  const pairs = correlationPairs(term.blocks);
  const matrices = term.blocks.map(({ size }) => new Float64Array(size * size));
  return () => {
    term.blocks.forEach(({ start, size }, b) => {
      drawBlock(priors[b]!, names.slice(start, start + size), rng, tau.subarray(start, start + size), matrices[b]!);
    });
    pairs.forEach(({ block, row, column }, pair) => {
      corr[pair] = matrices[block]![row * term.blocks[block]!.size + column]!;
    });
  };
}

/** A correlation matrix from LKJ(eta), size x size, to `R`. */
function drawLkj(eta: number, size: number, rng: Rng, R: Float64Array): void {
  const L = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    let rest2 = 1;
    for (let j = 0; j < i; j++) {
      const a = eta + (size - j - 2) / 2;
      const g = rng.gamma(a, 1);
      const partial = 2 * (g / (g + rng.gamma(a, 1))) - 1;
      L[i * size + j] = partial * Math.sqrt(rest2);
      rest2 *= 1 - partial * partial;
    }
    L[i * size + i] = Math.sqrt(rest2);
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      let sum = 0;
      for (let k = 0; k <= Math.min(i, j); k++) sum += L[i * size + k]! * L[j * size + k]!;
      R[i * size + j] = sum;
    }
  }
}

function improper(name: string, prior: string): ModelError {
  const instead = name.startsWith('beta')
    ? "normal(0, 10), or let simulatePrior put wide ones in the place of flat ones by { flat: 'wide' }"
    : 'halfT(3, 2.5)';
  return new ModelError(
    'improper-prior',
    name,
    `${name} has the prior ${prior}, from which nothing can be drawn; give it a proper prior, such as ${instead}`,
  );
}
