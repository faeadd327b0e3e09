import { exp, log, log1p } from '../elementary.ts';
import { drawPoisson } from '../random/poisson.ts';
import { logRisingFactorial, risingFactorialSlope } from '../special/risingFactorial.ts';
import { countCertainAt, LARGEST_MEAN, logCountConstant, meanCount } from './countRows.ts';
import type { Family } from './family.ts';

/** Below this share of the shape a difference is taken by its series. */
const SMALL = 1e-3;

/**
 * y ~ NegativeBinomial of mean mu = exposure exp(eta) and variance mu + mu^2 / shape (NB2; Cameron & Trivedi 2013,
 * section 3.3): a Poisson count whose mean is multiplied by Gamma(shape, shape). With m = mu / shape
 *   l = log(shape^(y) / shape^y) + y log mu - (y + shape) log(1 + m) - log y!, shape^(y) the rising factorial,
 *   l' = (y - mu) / (1 + m), -l'' = mu (1 + y / shape) / (1 + m)^2, l''' = l'' (1 - m) / (1 + m).
 * At shape = Infinity, which it is unless given, it is the Poisson distribution. l is concave in eta.
 */
export const negativeBinomial: Family = {
  name: 'negativeBinomial',
  kind: 'counts',
  link: 'log',
  words: {
    spellings: ['negbinomial'],
    synonyms: ['nb', 'nb2', 'nbinom', 'nbinom2', 'negative_binomial', 'neg_binomial_2', 'negbin', 'negative.binomial'],
    title: 'negative binomial',
    noStandardError: 'its variance follows from its mean and its shape, so that there is no known standard error',
    distribution: ({ exposure, shape }, eta) =>
      `negative_binomial(mean ${exposure === undefined ? '' : `${exposure}_i `}exp(${eta}), shape ${typeof shape === 'number' ? shape : 'shape'})`,
  },
  parts: ['shape', 'exposure', 'weights'],
  missingPart: (has) => (has('shape') ? null : 'give shape (its prior, or its number)'),
  sigma: null,
  parameter: 'shape',
  conjugate: null,
  merge: 'equal',
  laplace: 'observed',
  latentVariance: null,
  search: {
    fromCoordinate: (v) => 1 / (v * v),
    toCoordinate: (shape) => 1 / Math.sqrt(shape),
    orthogonal: true,
    varianceSlope: (exposure, eta) => (exposure * exp(eta)) ** 2,
    simpler: 'the counts vary about their means no more than those of the family poisson, whose fit this is',
    derivatives(y, exposure, eta, v, out) {
      const shape = 1 / (v * v);
      const m = ratio(exposure, eta, shape);
      const mean = heldMean(exposure, eta, shape);
      const rest = 1 / (1 + m);
      // mu^2 (log(1 + m) - m / (1 + m)) / m^2.
      const curved =
        m > SMALL ? shape * (shape * logOnePlus(exposure, eta, shape) - mean) : mean * mean * seriesOfLog(m);
      // By 1 / shape = v^2.
      const byInverse = risingFactorialSlope(y, shape) + curved - y * mean;
      out[0] = 2 * v * byInverse;
      out[1] = -2 * v * mean * (y * rest - mean);
      out[2] = 2 * v * mean * rest * (y - 2 * mean * (1 + y / shape));
    },
  },
  linkOf: log,
  mean: exp,
  variance(exposure, eta, _sigma, shape = Infinity) {
    const mu = meanCount(exposure, eta);
    return mu + mu * (mu / shape);
  },
  logConstant: logCountConstant,
  logLik(y, exposure, eta, _sigma, shape = Infinity) {
    return logFactor(y, exposure, eta, shape) + logCountConstant(y, exposure);
  },
  derivatives(y, exposure, eta, _sigma, out, shape = Infinity) {
    const m = ratio(exposure, eta, shape);
    const mean = heldMean(exposure, eta, shape);
    const rest = 1 / (1 + m);
    const weight = mean * (1 + y / shape) * rest;
    out[0] = logFactor(y, exposure, eta, shape);
    out[1] = y * rest - mean;
    out[2] = weight;
    out[3] = -weight * (rest - mean / shape);
  },
  information(exposure, eta, _sigma, out, shape = Infinity) {
    const mean = heldMean(exposure, eta, shape);
    out[0] = mean;
    out[1] = mean / (1 + ratio(exposure, eta, shape));
  },
  certainAt: countCertainAt,
  simulate(exposure, eta, _sigma, rng, shape = Infinity) {
    const mixing = shape < Infinity ? rng.gamma(shape, shape) : 1;
    return drawPoisson(Math.min(mixing * meanCount(exposure, eta), LARGEST_MEAN), rng);
  },
};

/** l less its constant: the rising factorial, y eta, and -(y + shape) log(1 + m), which is -mu at Infinity. */
function logFactor(y: number, exposure: number, eta: number, shape: number): number {
  const mixed = shape < Infinity ? (y + shape) * logOnePlus(exposure, eta, shape) : meanCount(exposure, eta);
  return logRisingFactorial(y, shape) + y * eta - mixed;
}

/** m = mu / shape, which may be Infinity. */
function ratio(exposure: number, eta: number, shape: number): number {
  return (exposure * exp(eta)) / shape;
}

/** mu / (1 + m), which tends to the shape as mu grows. */
function heldMean(exposure: number, eta: number, shape: number): number {
  const m = ratio(exposure, eta, shape);
  return m > 1 ? shape / (1 + 1 / m) : meanCount(exposure, eta) / (1 + m);
}

/** log(1 + m), where m is Infinity too. */
function logOnePlus(exposure: number, eta: number, shape: number): number {
  const m = ratio(exposure, eta, shape);
  return m < Infinity ? log1p(m) : eta + log(exposure) - log(shape);
}

/** (log(1 + m) - m / (1 + m)) (1 + m)^2 / m^2 by its series, which is 1/2 at 0. */
function seriesOfLog(m: number): number {
  const series = 1 / 2 - m * (2 / 3 - m * (3 / 4 - m * (4 / 5 - (m * 5) / 6)));
  return series * (1 + m) * (1 + m);
}
