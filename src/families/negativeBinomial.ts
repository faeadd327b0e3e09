import { exp, log, log1p } from '../elementary.ts';
import { drawPoisson } from '../random/poisson.ts';
import { logGamma } from '../special/logGamma.ts';
import { logRisingFactorial, risingFactorialSlope } from '../special/risingFactorial.ts';
import type { Family } from './family.ts';

/** Beyond it a mean says no more than that no count is near, and sums of it must stay numbers. */
const LARGEST_MEAN = 1e290;
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
    derivatives(y, exposure, eta, v, out) {
      const mu = meanCount(exposure, eta);
      const shape = 1 / (v * v);
      const m = mu / shape;
      const mean = mu / (1 + m);
      // By 1 / shape = v^2.
      const byInverse = risingFactorialSlope(y, shape) + mu * mu * curvatureOfLog(m) - y * mean;
      out[0] = 2 * v * byInverse;
      out[1] = (-2 * v * (y - mu) * mean) / (1 + m);
      out[2] = (2 * v * mean * (y - 2 * mean * (1 + y / shape))) / (1 + m);
    },
  },
  linkOf: log,
  mean: exp,
  variance(exposure, eta, _sigma, shape = Infinity) {
    const mu = meanCount(exposure, eta);
    return mu + mu * (mu / shape);
  },
  logConstant: (y, exposure) => (y > 0 ? y * log(exposure) : 0) - logGamma(y + 1),
  logLik(y, exposure, eta, _sigma, shape = Infinity) {
    return logFactor(y, exposure, eta, shape) + negativeBinomial.logConstant(y, exposure);
  },
  derivatives(y, exposure, eta, _sigma, out, shape = Infinity) {
    const mu = meanCount(exposure, eta);
    const m = mu / shape;
    const weight = (mu / (1 + m)) * ((1 + y / shape) / (1 + m));
    out[0] = logFactor(y, exposure, eta, shape);
    out[1] = (y - mu) / (1 + m);
    out[2] = weight;
    out[3] = -weight * ((1 - m) / (1 + m));
  },
  information(exposure, eta, _sigma, out, shape = Infinity) {
    const mu = meanCount(exposure, eta);
    const m = mu / shape;
    out[0] = mu / (1 + m);
    out[1] = mu / (1 + m) / (1 + m);
  },
  certainAt: (y) => (y === 0 ? -1 : 0),
  simulate(exposure, eta, _sigma, rng, shape = Infinity) {
    const mixing = shape < Infinity ? rng.gamma(shape, shape) : 1;
    return drawPoisson(Math.min(mixing * meanCount(exposure, eta), LARGEST_MEAN), rng);
  },
};

/** l less its constant: the rising factorial, y eta, and -(y + shape) log(1 + mu / shape), which is -mu at Infinity. */
function logFactor(y: number, exposure: number, eta: number, shape: number): number {
  const mu = meanCount(exposure, eta);
  const mixed = shape < Infinity ? (y + shape) * log1p(mu / shape) : mu;
  return logRisingFactorial(y, shape) + y * eta - mixed;
}

/** (log(1 + m) - m / (1 + m)) / m^2, which is 1/2 at 0. */
function curvatureOfLog(m: number): number {
  if (m > SMALL) return (log1p(m) - m / (1 + m)) / m / m;
  return 1 / 2 - m * (2 / 3 - m * (3 / 4 - m * (4 / 5 - (m * 5) / 6)));
}

function meanCount(exposure: number, eta: number): number {
  return Math.min(exposure * exp(eta), LARGEST_MEAN);
}
