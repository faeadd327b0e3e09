import { drawBinomial, logBinomialCoefficient } from '../random/binomial.ts';
import { normalQuantile } from '../special/distributionFunctions.ts';
import { logNormalCdf, logNormalCdfDerivatives, normalCdf } from '../special/normalTail.ts';
import type { Family } from './family.ts';

const failure = new Float64Array(4);

/**
 * P(success) = Phi(eta), Phi the standard normal distribution function. A row of the user's has one trial; a cell of merged rows
 * has `size` of them, y successes: l = y log Phi(eta) + (size - y) log Phi(-eta).
 */
export const bernoulliProbit: Family = {
  name: 'bernoulliProbit',
  link: 'probit',
  hasSigma: false,
  linkOf: normalQuantile,
  mean: normalCdf,
  variance: (size, eta) => size * normalCdf(eta) * normalCdf(-eta),
  logConstant: (y, size) => logBinomialCoefficient(size, y),
  logLik(y, size, eta) {
    // A product with 0 would be NaN where the other tail underflows.
    const successes = y > 0 ? y * logNormalCdf(eta) : 0;
    const failures = y < size ? (size - y) * logNormalCdf(-eta) : 0;
    return logBinomialCoefficient(size, y) + successes + failures;
  },
  derivatives(y, size, eta, _sigma, out) {
    out.fill(0, 0, 4);
    if (y > 0) {
      logNormalCdfDerivatives(eta, out);
      out[0] = y * out[0]!;
      out[1] = y * out[1]!;
      out[2] = -y * out[2]!;
      out[3] = y * out[3]!;
    }
    if (y < size) {
      const m = size - y;
      logNormalCdfDerivatives(-eta, failure);
      out[0] = out[0]! + m * failure[0]!;
      out[1] = out[1]! - m * failure[1]!;
      out[2] = out[2]! - m * failure[2]!;
      out[3] = out[3]! - m * failure[3]!;
    }
  },
  simulate: (size, eta, _sigma, rng) => drawBinomial(size, normalCdf(eta), normalCdf(-eta), rng),
};
