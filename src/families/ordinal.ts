import { cumulativeFamily } from './cumulativeFamily.ts';
import type { Family } from './family.ts';
import { logitLink } from './logitLink.ts';

/** Ordered answers with the cumulative logit link: the proportional-odds model. */
export const ordinal: Family = cumulativeFamily(
  {
    name: 'ordinal',
    link: 'logit',
    latentVariance: (Math.PI * Math.PI) / 3,
    words: {
      spellings: [],
      synonyms: [
        'cumulative',
        'clmm',
        'polr',
        'ordered',
        'ordered_logit',
        'ordered_logistic',
        'cumulative_logit',
        'likert',
      ],
      title: 'cumulative',
      noStandardError: 'its answers are levels, so that there is no known standard error',
      distribution: (_response, eta) => `ordered(P(y_i <= k) = inverse_logit(threshold_k - (${eta})))`,
    },
  },
  logitLink,
);
