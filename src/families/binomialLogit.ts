import { exp, log, log1p } from '../elementary.ts';
import { drawBinomial, logBinomialCoefficient } from '../random/binomial.ts';
import type { Family } from './family.ts';

/**
 * y ~ Binomial(size, mu), mu = 1 / (1 + exp(-eta)). Everything is written in e = exp(-|eta|), which neither overflows nor cancels:
 * for eta >= 0, l = -(n - y) eta - n log(1 + e), l' = n e / (1 + e) - (n - y), -l'' = n e / (1 + e)^2, l''' = n e (1 - e) / (1 + e)^3;
 * for eta < 0 the same with successes and failures exchanged.
 */
export const binomialLogit: Family = {
  name: 'binomialLogit',
  link: 'logit',
  hasSigma: false,
  linkOf: (mean) => log(mean) - log1p(-mean),
  mean: probability,
  variance(size, eta) {
    const e = exp(-Math.abs(eta));
    return (size * e) / ((1 + e) * (1 + e));
  },
  logConstant: (y, size) => logBinomialCoefficient(size, y),
  logLik(y, size, eta) {
    const against = eta >= 0 ? size - y : y;
    const distance = Math.abs(eta);
    return logBinomialCoefficient(size, y) - against * distance - size * log1p(exp(-distance));
  },
  derivatives(y, size, eta, _sigma, out) {
    const positive = eta >= 0;
    const distance = positive ? eta : -eta;
    const e = exp(-distance);
    const against = positive ? size - y : y;
    const share = e / (1 + e);
    const score = size * share - against;
    const weight = (size * share) / (1 + e);
    const third = (weight * (1 - e)) / (1 + e);
    out[0] = -against * distance - size * log1p(e);
    out[1] = positive ? score : -score;
    out[2] = weight;
    out[3] = positive ? third : -third;
  },
  simulate: (size, eta, _sigma, rng) => drawBinomial(size, probability(eta), probability(-eta), rng),
};

function probability(eta: number): number {
  const e = exp(-Math.abs(eta));
  return eta >= 0 ? 1 / (1 + e) : e / (1 + e);
}
