import { log } from '../elementary.ts';
import { LOG_SQRT_2PI } from '../special/normalPoints.ts';
import type { Family } from './family.ts';

/**
 * y ~ N(eta, sigma^2 / precision), `precision` the weight of the row (1 / se^2 with sigma = 1 where standard errors are
 * known).
 */
export const gaussian: Family = {
  name: 'gaussian',
  kind: 'numbers',
  link: 'identity',
  words: {
    spellings: [],
    synonyms: ['normal', 'lmer', 'linear', 'identity'],
    title: 'gaussian',
    noStandardError: null,
    distribution: (_response, eta, scale) => `normal(${eta}, ${scale})`,
  },
  parts: ['sigma', 'se', 'weights', 'residual', 'sigmaTerms', 'sigmaBy'],
  missingPart: (has) =>
    has('sigma') === has('se')
      ? 'give one of sigma (the prior of the residual sd) and se (the known standard error of each row)'
      : null,
  sigma: 'sd',
  parameter: null,
  conjugate: 'normal',
  merge: null,
  laplace: 'observed',
  search: null,
  latentVariance: null,
  linkOf: (mean) => mean,
  mean: (eta) => eta,
  variance: (precision, _eta, sigma) => (sigma * sigma) / precision,
  logConstant: (_y, precision) => 0.5 * log(precision) - LOG_SQRT_2PI,
  logLik(y, precision, eta, sigma) {
    const z = (y - eta) / sigma;
    return 0.5 * (log(precision) - precision * z * z) - LOG_SQRT_2PI - log(sigma);
  },
  derivatives(y, precision, eta, sigma, out) {
    const z = (y - eta) / sigma;
    out[0] = -0.5 * precision * z * z - log(sigma);
    out[1] = (precision * z) / sigma;
    out[2] = precision / (sigma * sigma);
    out[3] = 0;
  },
  information(precision, _eta, sigma, out) {
    out[0] = precision / (sigma * sigma);
    out[1] = 0;
  },
  certainAt: () => 0,
  simulate: (precision, eta, sigma, rng) => eta + (sigma / Math.sqrt(precision)) * rng.normal(),
};
