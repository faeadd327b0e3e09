import { exp, log, log1p } from '../../src/elementary.ts';
import type { Family, FamilyName } from '../../src/families/family.ts';
import { tryFamily } from '../../src/families/familyOf.ts';
import { logGamma } from '../../src/special/logGamma.ts';

/**
 * Geometric counts with the log link: y ~ the sum of `exposure` counts of failures before a success, each of mean mu =
 * exp(eta), the negative binomial with shape `exposure` and mean exposure mu. With p = mu / (1 + mu) and a = y +
 * exposure
 *   l = y eta - a log(1 + exp(eta)), l' = y - a p, -l'' = a p (1 - p), l''' = a p (1 - p) (2 p - 1), E(-l'') = exposure
 *   p.
 * It is no family of the package: one file that shows what a family of a new kind takes.
 */
export const geometric: Family = {
  name: 'geometric' as FamilyName,
  kind: 'counts',
  link: 'log',
  words: {
    spellings: [],
    synonyms: [],
    title: 'geometric',
    noStandardError: 'its variance follows from its mean, so that there is no known standard error',
    distribution: (_response, eta) => `geometric(exp(${eta}))`,
  },
  parts: ['weights'],
  missingPart: () => null,
  sigma: null,
  parameter: null,
  conjugate: null,
  merge: 'sums',
  laplace: 'expected',
  search: null,
  latentVariance: null,
  linkOf: log,
  mean: exp,
  variance: (exposure, eta) => exposure * exp(eta) * (1 + exp(eta)),
  logConstant: (y, exposure) => logGamma(y + exposure) - logGamma(exposure) - logGamma(y + 1),
  logLik(y, exposure, eta) {
    return geometric.logConstant(y, exposure) + y * eta - (y + exposure) * softplus(eta);
  },
  derivatives(y, exposure, eta, _sigma, out) {
    const a = y + exposure;
    const p = probability(eta);
    const rest = probability(-eta);
    out[0] = y * eta - a * softplus(eta);
    // y - a p without cancellation for large eta.
    out[1] = y * rest - exposure * p;
    out[2] = a * p * rest;
    out[3] = a * p * rest * (p - rest);
  },
  information(exposure, eta, _sigma, out) {
    const p = probability(eta);
    out[0] = exposure * p;
    out[1] = exposure * p * probability(-eta);
  },
  certainAt: (y) => (y === 0 ? -1 : 0),
  simulate(exposure, eta, _sigma, rng) {
    // log p = -log(1 + 1 / mu).
    const rate = softplus(-eta);
    let sum = 0;
    for (let k = 0; k < exposure; k++) sum += Math.floor(rng.exponential() / rate);
    return sum;
  },
};

function probability(eta: number): number {
  const e = exp(-Math.abs(eta));
  return eta >= 0 ? 1 / (1 + e) : e / (1 + e);
}

function softplus(eta: number): number {
  return Math.max(eta, 0) + log1p(exp(-Math.abs(eta)));
}

/** Runs what needs the family with it known, and forgets it. */
export function withFamily<T>(run: () => T, family: Family = geometric): T {
  const forget = tryFamily(family);
  try {
    return run();
  } finally {
    forget();
  }
}
