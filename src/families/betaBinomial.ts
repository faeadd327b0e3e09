import { exp, log, log1p } from '../elementary.ts';
import { drawBinomial, logBinomialCoefficient } from '../random/binomial.ts';
import { logistic } from '../special/logistic.ts';
import { logRisingFactorial } from '../special/risingFactorial.ts';
import { logRisingShares } from '../special/risingShares.ts';
import { RisingPlace as At, RISING_LENGTH, risingSums } from '../special/risingSums.ts';
import { betaBinomialInformation } from './betaBinomialInformation.ts';
import { certainOutcome } from './binaryInformation.ts';
import { binomialLogit } from './binomialLogit.ts';
import type { Family } from './family.ts';

const successes = new Float64Array(RISING_LENGTH);
const failures = new Float64Array(RISING_LENGTH);
const total = new Float64Array(RISING_LENGTH);

/**
 * y ~ BetaBinomial(trials n, mean mu = 1 / (1 + exp(-eta)), precision phi): a binomial count whose chance is Beta(a,
 * b), a = mu phi, b = nu phi, nu = 1 - mu; its variance is n mu nu (phi + n) / (phi + 1) (Skellam 1948; glmmTMB's
 * betabinomial). With r_k = a / (a + k), k < y, and s_k = b / (b + k), k < n - y,
 *   l = sum_k log(mu + k / phi) + sum_k log(nu + k / phi) - sum_{k < n} log(1 + k / phi) + log binomial coefficient,
 *   l' = nu sum r - mu sum s,
 *   -l'' = mu nu (sum r^2 + sum s^2) - (nu - mu)(nu sum r (1 - r) - mu sum s (1 - s)).
 * At phi = Infinity, which it is unless given, it is the binomial distribution; a row of one trial is so whatever phi
 * is. l is concave in mu and not in eta: -l'' is below 0 far from y / n, to the side where eta is large.
 */
export const betaBinomial: Family = {
  name: 'betaBinomial',
  kind: 'successes',
  link: 'logit',
  words: {
    spellings: ['betabinomial'],
    synonyms: ['beta-binomial', 'beta_binomial', 'betabin', 'bb', 'beta'],
    title: 'beta-binomial',
    noStandardError: 'its variance follows from its mean and its precision, so that there is no known standard error',
    distribution: ({ trials, precision }, eta) =>
      `beta_binomial(${trials}_i, mean inverse_logit(${eta}), precision ${typeof precision === 'number' ? precision : 'precision'})`,
  },
  parts: ['precision', 'trials', 'weights'],
  missingPart(has) {
    if (!has('precision')) return 'give precision (its prior, or its number)';
    return has('trials')
      ? null
      : 'give trials, how many trials a row has: a row of one trial is a binomial one, whatever the precision';
  },
  sigma: null,
  parameter: 'precision',
  conjugate: null,
  merge: 'equal',
  laplace: 'observed',
  latentVariance: (Math.PI * Math.PI) / 3,
  search: {
    fromCoordinate: (v) => 1 / (v * v),
    toCoordinate: (precision) => 1 / Math.sqrt(precision),
    orthogonal: false,
    varianceSlope: (trials, eta) => (trials - 1) * binomialLogit.variance(trials, eta, 1),
    unidentified: 'no row has more than one trial, and rows of one trial are binomial whatever the precision',
    simpler: 'the successes vary about their means no more than those of the family binomialLogit, whose fit this is',
    derivatives(y, trials, eta, v, out) {
      out.fill(0, 0, 3);
      if (v === 0) return;
      const precision = 1 / (v * v);
      const mu = logistic(eta);
      const nu = logistic(-eta);
      risingSums(y, mu * precision, successes);
      risingSums(trials - y, nu * precision, failures);
      risingSums(trials, precision, total);
      // By v: r changes by -2 r (1 - r) / v, and log(mu + k v^2) by 2 (1 - r) / v.
      const scale = 2 / v;
      const rest = nu * successes[At.rest]! - mu * failures[At.rest]!;
      const cubed = nu * successes[At.r2rest]! - mu * failures[At.r2rest]!;
      out[0] = scale * (successes[At.none]! + failures[At.none]! - total[At.none]!);
      out[1] = -scale * rest;
      out[2] = scale * ((nu - mu) * (rest - 2 * cubed) - 2 * mu * nu * (successes[At.r2rest]! + failures[At.r2rest]!));
    },
  },
  linkOf: binomialLogit.linkOf,
  mean: binomialLogit.mean,
  variance(trials, eta, _sigma, precision = Infinity) {
    const beyond = precision < Infinity ? (trials - 1) / (precision + 1) : 0;
    return binomialLogit.variance(trials, eta, 1) * (1 + beyond);
  },
  logConstant: (y, trials) => logBinomialCoefficient(trials, y),
  logLik: (y, trials, eta, _sigma, precision = Infinity) =>
    logBinomialCoefficient(trials, y) + logFactor(y, trials, eta, precision),
  derivatives(y, trials, eta, _sigma, out, precision = Infinity) {
    const mu = logistic(eta);
    const nu = logistic(-eta);
    risingSums(y, mu * precision, successes);
    risingSums(trials - y, nu * precision, failures);
    const spread = mu * nu;
    const tilt = nu - mu;
    const squares = successes[At.r2]! + failures[At.r2]!;
    const rest = nu * successes[At.rest]! - mu * failures[At.rest]!;
    const cubed = nu * successes[At.r2rest]! - mu * failures[At.r2rest]!;
    const turned =
      nu * nu * (successes[At.rest]! - 2 * successes[At.r2rest]!) +
      mu * mu * (failures[At.rest]! - 2 * failures[At.r2rest]!) -
      spread * (successes[At.rest]! + failures[At.rest]!);
    out[0] = logFactor(y, trials, eta, precision);
    out[1] = nu * successes[At.r]! - mu * failures[At.r]!;
    out[2] = spread * squares - tilt * rest;
    out[3] = tilt * turned - spread * (tilt * squares + 2 * cubed + 2 * rest);
  },
  information: betaBinomialInformation,
  stepInformation(trials, eta, precision = Infinity) {
    const spread = binomialLogit.variance(trials, eta, 1);
    return precision < Infinity ? (spread * (precision + 1)) / (precision + trials) : spread;
  },
  certainAt: certainOutcome,
  simulate(trials, eta, _sigma, rng, precision = Infinity) {
    const mu = logistic(eta);
    const nu = logistic(-eta);
    if (!(precision < Infinity)) return drawBinomial(trials, mu, nu, rng);
    // The log odds of a chance Beta(a, b), each of its two gammas of shape a as one of a + 1 times U^(1 / a): where a
    // and b are small both would underflow.
    const large = log(rng.gamma(mu * precision + 1, 1)) - log(rng.gamma(nu * precision + 1, 1));
    const odds = large + (rng.exponential() / nu - rng.exponential() / mu) / precision;
    return drawBinomial(trials, logistic(odds), logistic(-odds), rng);
  },
};

/** l less its constant. */
function logFactor(y: number, trials: number, eta: number, precision: number): number {
  const e = exp(-Math.abs(eta));
  const near = -log1p(e);
  const far = -Math.abs(eta) + near;
  return (
    logRisingShares(y, logistic(eta), eta >= 0 ? near : far, precision) +
    logRisingShares(trials - y, logistic(-eta), eta >= 0 ? far : near, precision) -
    logRisingFactorial(trials, precision)
  );
}
