import type { ScalePrior } from '../../../src/priors/priors.ts';
import { createRng, type Rng } from '../../../src/random/rng.ts';
import type { PosteriorModel } from './posteriorModel.ts';

/** Draws of one number with their weights. */
export interface WeightedDraws {
  readonly values: Float64Array;
  /** Their sum is 1. */
  readonly weights: Float64Array;
}

/**
 * The posterior of beta and of the sds of a small logit or probit model whose rows say little: everything is drawn from
 * its prior, and weighted by the likelihood p(y | u, beta). No step of a chain, no approximation: nothing sticks in a
 * tail. `effective` is (sum w)^2 / sum w^2. Blocks are of one column with a prior on its sd, or of any number with an
 * inverse Wishart of diagonal scale; every coefficient has a normal prior.
 */
export function priorImportance(
  model: PosteriorModel,
  count: number,
  seed: number,
): { readonly draws: ReadonlyMap<string, WeightedDraws>; readonly effective: number } {
  const rng = createRng([seed, 71]);
  const { X, y, trials, blocks, coefficients, labels } = model;
  const names = [
    ...labels.map((label) => `beta[${label}]`),
    ...blocks.flatMap(({ factor, labels: own }) => own.map((label) => `tau_${factor}[${label}]`)),
  ];
  const values = names.map(() => new Float64Array(count));
  const logs = new Float64Array(count);
  const eta = new Float64Array(y.length);
  for (let n = 0; n < count; n += 1) {
    eta.set(model.offset);
    coefficients.forEach(({ mean, sd }, k) => {
      const beta = mean + sd * rng.normal();
      values[k]![n] = beta;
      for (let i = 0; i < eta.length; i += 1) eta[i]! += beta * X[i]![k]!;
    });
    let at = labels.length;
    for (const { prior, J, index, Z, labels: own } of blocks) {
      const q = own.length;
      // Sigma = F F'.
      const F =
        prior.kind === 'inverseWishart'
          ? inverseWishartFactor(prior.df, prior.scale, q, rng)
          : [[sdOf(prior.kind === 'separation' ? prior.tau[0]! : { distribution: 'flat' }, rng)]];
      for (let k = 0; k < q; k += 1, at += 1) values[at]![n] = Math.hypot(...F[k]!);
      const u = Array.from({ length: J }, () => {
        const z = own.map(() => rng.normal());
        return F.map((row) => row.reduce((sum, value, k) => sum + value * z[k]!, 0));
      });
      for (let i = 0; i < eta.length; i += 1) {
        for (let k = 0; k < q; k += 1) eta[i]! += u[index[i]!]![k]! * Z[i]![k]!;
      }
    }
    for (let i = 0; i < eta.length; i += 1) {
      logs[n]! += y[i]! * logChance(model.family, eta[i]!) + (trials[i]! - y[i]!) * logChance(model.family, -eta[i]!);
    }
  }
  const largest = logs.reduce((most, value) => Math.max(most, value), -Infinity);
  const weights = logs.map((value) => Math.exp(value - largest));
  const sum = weights.reduce((total, value) => total + value, 0);
  const squares = weights.reduce((total, value) => total + value * value, 0);
  const shares = weights.map((value) => value / sum);
  return {
    draws: new Map(names.map((name, k) => [name, { values: values[k]!, weights: shares }])),
    effective: (sum * sum) / squares,
  };
}

/** The share of the distribution below x. */
export function weightBelow({ values, weights }: WeightedDraws, x: number): number {
  let sum = 0;
  for (let n = 0; n < values.length; n += 1) if (values[n]! <= x) sum += weights[n]!;
  return sum;
}

function logChance(family: PosteriorModel['family'], eta: number): number {
  if (family === 'binomialLogit') return Math.min(eta, 0) - Math.log1p(Math.exp(-Math.abs(eta)));
  if (family !== 'bernoulliProbit') throw new Error(`no weights for ${family}`);
  // Mills' ratio by its continued fraction in the lower tail, the series about 0 elsewhere.
  if (eta < -3) {
    let ratio = -eta;
    for (let k = 60; k >= 1; k -= 1) ratio = -eta + k / ratio;
    return -0.5 * eta * eta - 0.5 * Math.log(2 * Math.PI) - Math.log(ratio);
  }
  if (eta > 8) return 0;
  const x = Math.abs(eta);
  let term = x;
  let sum = x;
  for (let k = 1; term > 1e-17 * sum; k += 1) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
  }
  const half = (sum * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
  return Math.log(Math.min(1, 0.5 + (eta < 0 ? -half : half)));
}

function sdOf(prior: ScalePrior, rng: Rng): number {
  switch (prior.distribution) {
    case 'halfNormal':
      return prior.scale * Math.abs(rng.normal());
    case 'halfCauchy':
      return Math.abs(prior.scale * Math.tan(Math.PI * (rng.uniform() - 0.5)));
    case 'halfT':
      return (prior.scale * Math.abs(rng.normal())) / Math.sqrt((2 * rng.gamma(prior.df / 2, 1)) / prior.df);
    case 'exponential':
      return rng.exponential() / prior.rate;
    case 'uniform':
      return prior.low + (prior.high - prior.low) * rng.uniform();
    case 'inverseGamma':
      return Math.sqrt(prior.scale / rng.gamma(prior.shape, 1));
    case 'flat':
      throw new Error('a flat prior has no draws');
  }
}

/** F with F F' ~ inverse Wishart(df, diagonal scale): F = D A^-T, A A' ~ Wishart(df, I) by Bartlett, D the roots. */
function inverseWishartFactor(df: number, scale: Float64Array, q: number, rng: Rng): number[][] {
  const A = Array.from({ length: q }, (_, i) =>
    Array.from({ length: q }, (_each, j) =>
      j < i ? rng.normal() : j === i ? Math.sqrt(2 * rng.gamma((df - i) / 2, 1)) : 0,
    ),
  );
  // Columns of A^-1 by forward substitution.
  const inverse = A.map(() => new Array<number>(q).fill(0));
  for (let c = 0; c < q; c += 1) {
    for (let i = c; i < q; i += 1) {
      let sum = i === c ? 1 : 0;
      for (let k = c; k < i; k += 1) sum -= A[i]![k]! * inverse[k]![c]!;
      inverse[i]![c] = sum / A[i]![i]!;
    }
  }
  return A.map((_, i) => inverse.map((row) => Math.sqrt(scale[i * q + i]!) * row[i]!));
}
