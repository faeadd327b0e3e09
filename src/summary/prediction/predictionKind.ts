import { ModelError } from '../../errors.ts';
import type { Family } from '../../families/family.ts';
import { LINKS } from '../../families/link.ts';
import { optionError } from '../../input/optionError.ts';

/**
 * What is predicted of a row. 'mean': the mean of its response, in a logit or probit model the probability of success
 * (of one trial), of counts at the exposure of the row, of ordered answers the mean number of the level, 1 the lowest;
 * 'rate': the mean of a count at the exposure 1, exp(eta); 'probability': that of each level of an ordered answer, a
 * row for each, with its name as `answer`; 'linear': the linear predictor, the same as the mean in a gaussian or
 * Student-t model; 'odds': p / (1 - p); 'response': a new response with its noise, in a logit or probit model 0 or 1,
 * or the count of successes among the row's trials, or the number of a level.
 */
export type PredictionKind = 'mean' | 'rate' | 'probability' | 'linear' | 'odds' | 'response';

/** What a kind makes of eta; null where that is eta itself, and for responses. */
export function transformation(kind: PredictionKind, family: Family): ((eta: number) => number) | null {
  switch (kind) {
    case 'mean':
      return family.link === 'identity' || family.ordered ? null : family.mean;
    case 'rate':
      if (family.kind === 'counts') return family.mean;
      throw new ModelError('no-rate', 'kind', `kind: 'rate' is of counts, and the response is ${family.name}`);
    case 'probability':
      if (family.ordered) return null;
      throw new ModelError(
        'no-levels',
        'kind',
        `kind: 'probability' is of each level of an ordered answer, and the response is ${family.name}; 'mean' has the probability of success of a logit or probit model`,
      );
    case 'linear':
    case 'response':
      return null;
    case 'odds':
      if (!LINKS[family.link].odds || family.ordered) {
        throw new ModelError(
          'no-odds',
          'kind',
          `kind: 'odds' is of a logit or probit model of successes, and the response is ${family.name}`,
        );
      }
      // Both links are symmetric: 1 - mean(eta) is mean(-eta), without cancellation.
      return (eta) => family.mean(eta) / family.mean(-eta);
    default:
      throw optionError('kind', kind, "'mean', 'rate', 'probability', 'linear', 'odds' or 'response'");
  }
}
