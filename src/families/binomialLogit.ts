import { exp, log, log1p } from '../elementary.ts';
import { drawBinomial, logBinomialCoefficient } from '../random/binomial.ts';
import { logistic } from '../special/logistic.ts';
import { binaryInformation, certainOutcome } from './binaryInformation.ts';
import type { Family } from './family.ts';

/**
 * y ~ Binomial(trials, mu), mu = 1 / (1 + exp(-eta)). Everything is written in e = exp(-|eta|), which neither overflows
 * nor cancels: for eta >= 0, l = -(n - y) eta - n log(1 + e), l' = n e / (1 + e) - (n - y), -l'' = n e / (1 + e)^2,
 * l''' = n e (1 - e) / (1 + e)^3; for eta < 0 the same with successes and failures exchanged.
 */
export const binomialLogit: Family = {
  name: 'binomialLogit',
  kind: 'successes',
  link: 'logit',
  words: {
    spellings: ['binomial'],
    synonyms: ['bernoulli', 'logit', 'logistic', 'binary', 'bin'],
    title: 'binomial',
    noStandardError: 'its variance follows from its mean, so that there is no known standard error',
    distribution: ({ trials }, eta) =>
      trials === undefined ? `bernoulli(inverse_logit(${eta}))` : `binomial(${trials}_i, inverse_logit(${eta}))`,
  },
  parts: ['trials', 'weights'],
  missingPart: () => null,
  sigma: null,
  parameter: null,
  conjugate: 'polyaGamma',
  merge: 'sums',
  laplace: 'observed',
  search: null,
  latentVariance: (Math.PI * Math.PI) / 3,
  linkOf: (mean) => log(mean) - log1p(-mean),
  mean: logistic,
  variance(trials, eta) {
    const e = exp(-Math.abs(eta));
    return (trials * e) / ((1 + e) * (1 + e));
  },
  logConstant: (y, trials) => logBinomialCoefficient(trials, y),
  logLik(y, trials, eta) {
    const against = eta >= 0 ? trials - y : y;
    const distance = Math.abs(eta);
    return logBinomialCoefficient(trials, y) - against * distance - trials * log1p(exp(-distance));
  },
  derivatives(y, trials, eta, _sigma, out) {
    const positive = eta >= 0;
    const distance = positive ? eta : -eta;
    const e = exp(-distance);
    const against = positive ? trials - y : y;
    const share = e / (1 + e);
    const score = trials * share - against;
    const weight = (trials * share) / (1 + e);
    const third = (weight * (1 - e)) / (1 + e);
    out[0] = -against * distance - trials * log1p(e);
    out[1] = positive ? score : -score;
    out[2] = weight;
    out[3] = positive ? third : -third;
  },
  information(trials, eta, _sigma, out) {
    binaryInformation(binomialLogit.derivatives, trials, eta, out);
  },
  certainAt: certainOutcome,
  simulate: (trials, eta, _sigma, rng) => drawBinomial(trials, logistic(eta), logistic(-eta), rng),
};
