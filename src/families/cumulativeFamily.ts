import { ModelError } from '../errors.ts';
import type { Family, FamilyWords } from './family.ts';
import type { OrderedLink } from './orderedLink.ts';

/**
 * The parts that `thresholdRows` makes of ordered answers, as the y of a row. Of the lowest level the row at eta less
 * the first threshold, of the highest that at eta less the last; of a level between a row at eta less the threshold
 * below it (`above`), followed by one at eta less that above it (`below`) and one at their difference (`gap`); and the
 * `space` between the thresholds of a level that nobody gave.
 */
export const ROW_PART = { lowest: 0, highest: 1, above: 2, below: 3, gap: 4, space: 5 } as const;

const one = new Float64Array(4);

/**
 * A cumulative model of ordered answers: P(y <= k) = F(threshold_k - eta), no intercept, which the thresholds stand for
 * (McCullagh 1980; Agresti 2010, chapter 3). Functions that take a row alone know the lowest and the highest level;
 * levels between have `ordered.interval`, which the passes over all rows use.
 */
export function cumulativeFamily(
  own: Pick<Family, 'name' | 'link'> & { readonly latentVariance: number; readonly words: FamilyWords },
  ordered: OrderedLink,
): Family {
  const family: Family = {
    ...own,
    kind: 'ordered',
    parts: ['threshold', 'levels', 'weights'],
    missingPart: (has) => (has('threshold') ? null : 'give threshold (the prior of the thresholds)'),
    sigma: null,
    parameter: null,
    conjugate: null,
    merge: 'equal',
    laplace: 'observed',
    search: null,
    ordered,
    linkOf: () => notOfOneNumber(own.name),
    mean: () => notOfOneNumber(own.name),
    variance: () => notOfOneNumber(own.name),
    logConstant: () => 0,
    logLik(y, size, eta, sigma) {
      family.derivatives(y, size, eta, sigma, one);
      return one[0]!;
    },
    derivatives(part, _size, eta, _sigma, out) {
      switch (part) {
        case ROW_PART.highest:
          ordered.logCdf(eta, out);
          out[2] = -out[2]!;
          return;
        case ROW_PART.lowest:
          ordered.logCdf(-eta, out);
          out[1] = -out[1]!;
          out[2] = -out[2]!;
          out[3] = -out[3]!;
          return;
        case ROW_PART.space:
          out.fill(0, 0, 4);
          if (!(eta > 0)) out[0] = -Infinity;
          return;
        default:
          throw new ModelError(
            'unsupported-family',
            own.name,
            `${own.name}: a level between two thresholds is no row by itself`,
          );
      }
    },
    information: () => notOfOneNumber(own.name),
    certainAt(y, last) {
      // The likelihood rises with the distances of the parts from their thresholds, and with these from one another.
      if (last === 1) return y === ROW_PART.lowest || y === ROW_PART.below ? -1 : 1;
      if (y === 0) return -1;
      return y === last ? 1 : 0;
    },
    simulate: () => notOfOneNumber(own.name),
  };
  return family;
}

/** What has no meaning without the thresholds. */
function notOfOneNumber(name: string): never {
  throw new ModelError(
    'not-supported',
    name,
    `${name}: an ordered answer has a probability of each level, which its thresholds and eta decide together`,
  );
}
