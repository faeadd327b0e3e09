import { exp, log } from '../elementary.ts';
import { drawPoisson } from '../random/poisson.ts';
import { countCertainAt, logCountConstant, meanCount } from './countRows.ts';
import type { Family } from './family.ts';

/**
 * y ~ Poisson(exposure exp(eta)), the log link. With mu = exposure exp(eta)
 *   l = y (eta + log exposure) - mu - log y!, l' = y - mu, -l'' = mu, l''' = -mu,
 * of which y and exposure of rows of one eta add up.
 */
export const poisson: Family = {
  name: 'poisson',
  kind: 'counts',
  link: 'log',
  words: {
    spellings: [],
    synonyms: ['count', 'counts', 'log'],
    title: 'poisson',
    noStandardError: 'its variance follows from its mean, so that there is no known standard error',
    distribution: ({ exposure }, eta) => `poisson(${exposure === undefined ? '' : `${exposure}_i `}exp(${eta}))`,
  },
  parts: ['exposure', 'weights'],
  missingPart: () => null,
  sigma: null,
  parameter: null,
  conjugate: null,
  merge: 'sums',
  laplace: 'observed',
  search: null,
  latentVariance: null,
  linkOf: log,
  mean: exp,
  variance: (exposure, eta) => exposure * exp(eta),
  logConstant: logCountConstant,
  logLik(y, exposure, eta) {
    return y * eta - meanCount(exposure, eta) + logCountConstant(y, exposure);
  },
  derivatives(y, exposure, eta, _sigma, out) {
    const mu = meanCount(exposure, eta);
    out[0] = y * eta - mu;
    out[1] = y - mu;
    out[2] = mu;
    out[3] = -mu;
  },
  information(exposure, eta, _sigma, out) {
    const mu = meanCount(exposure, eta);
    out[0] = mu;
    out[1] = mu;
  },
  certainAt: countCertainAt,
  simulate: (exposure, eta, _sigma, rng) => drawPoisson(meanCount(exposure, eta), rng),
};
