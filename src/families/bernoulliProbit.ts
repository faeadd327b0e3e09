import { drawBinomial, logBinomialCoefficient } from '../random/binomial.ts';
import { normalQuantile } from '../special/distributionFunctions.ts';
import { logNormalCdf, logNormalCdfDerivatives, normalCdf } from '../special/normalTail.ts';
import { binaryInformation, certainOutcome } from './binaryInformation.ts';
import type { Family } from './family.ts';

const failure = new Float64Array(4);

/**
 * P(success) = Phi(eta), Phi the standard normal distribution function. A row of the user's has one trial; a cell of
 * merged rows has `trials` of them, y successes: l = y log Phi(eta) + (trials - y) log Phi(-eta).
 */
export const bernoulliProbit: Family = {
  name: 'bernoulliProbit',
  kind: 'successes',
  link: 'probit',
  words: {
    spellings: ['probit'],
    synonyms: ['bernoulli_probit', 'binary_probit'],
    title: 'bernoulli',
    noStandardError: 'its variance follows from its mean, so that there is no known standard error',
    distribution: (_response, eta) => `bernoulli(Phi(${eta}))`,
  },
  parts: ['weights'],
  missingPart: () => null,
  sigma: null,
  parameter: null,
  conjugate: 'latentNormal',
  merge: 'sums',
  laplace: 'expected',
  search: null,
  latentVariance: 1,
  linkOf: normalQuantile,
  mean: normalCdf,
  variance: (trials, eta) => trials * normalCdf(eta) * normalCdf(-eta),
  logConstant: (y, trials) => logBinomialCoefficient(trials, y),
  logLik(y, trials, eta) {
    // A product with 0 would be NaN where the other tail underflows.
    const successes = y > 0 ? y * logNormalCdf(eta) : 0;
    const failures = y < trials ? (trials - y) * logNormalCdf(-eta) : 0;
    return logBinomialCoefficient(trials, y) + successes + failures;
  },
  derivatives(y, trials, eta, _sigma, out) {
    out.fill(0, 0, 4);
    if (y > 0) {
      logNormalCdfDerivatives(eta, out);
      out[0] = y * out[0]!;
      out[1] = y * out[1]!;
      out[2] = -y * out[2]!;
      out[3] = y * out[3]!;
    }
    if (y < trials) {
      const m = trials - y;
      logNormalCdfDerivatives(-eta, failure);
      out[0] = out[0]! + m * failure[0]!;
      out[1] = out[1]! - m * failure[1]!;
      out[2] = out[2]! - m * failure[2]!;
      out[3] = out[3]! - m * failure[3]!;
    }
  },
  information(trials, eta, _sigma, out) {
    binaryInformation(bernoulliProbit.derivatives, trials, eta, out);
  },
  certainAt: certainOutcome,
  simulate: (trials, eta, _sigma, rng) => drawBinomial(trials, normalCdf(eta), normalCdf(-eta), rng),
};
