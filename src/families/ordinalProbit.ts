import { cumulativeFamily } from './cumulativeFamily.ts';
import type { Family } from './family.ts';
import { probitLink } from './probitLink.ts';

/** Ordered answers with the cumulative probit link. */
export const ordinalProbit: Family = cumulativeFamily(
  {
    name: 'ordinalProbit',
    link: 'probit',
    latentVariance: 1,
    words: {
      spellings: ['ordinal-probit'],
      synonyms: ['cumulative_probit', 'ordered_probit', 'oprobit', 'ordinal_probit'],
      title: 'cumulative',
      noStandardError: 'its answers are levels, so that there is no known standard error',
      distribution: (_response, eta) => `ordered(P(y_i <= k) = Phi(threshold_k - (${eta})))`,
    },
  },
  probitLink,
);
