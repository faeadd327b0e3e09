import { ModelError } from '../../errors.ts';
import type { Family } from '../../families/family.ts';
import { LINKS } from '../../families/link.ts';
import { optionError } from '../../input/optionError.ts';

/**
 * What is predicted of a row. 'mean': the mean of its response, in a logit or probit model the probability of success
 * (of one trial), of counts at the exposure of the row; 'rate': the mean of a count at the exposure 1, exp(eta);
 * 'linear': the linear predictor, the same as the mean in a gaussian or Student-t model; 'odds': p / (1 - p);
 * 'response': a new response with its noise, in a logit or probit model 0 or 1, or the count of successes among the
 * row's trials.
 */
export type PredictionKind = 'mean' | 'rate' | 'linear' | 'odds' | 'response';

/** What a kind makes of eta; null where that is eta itself, and for responses. */
export function transformation(kind: PredictionKind, family: Family): ((eta: number) => number) | null {
  switch (kind) {
    case 'mean':
      return family.link === 'identity' ? null : family.mean;
    case 'rate':
      if (family.kind === 'counts') return family.mean;
      throw new ModelError('no-rate', 'kind', `kind: 'rate' is of counts, and the response is ${family.name}`);
    case 'linear':
    case 'response':
      return null;
    case 'odds':
      if (!LINKS[family.link].odds) {
        throw new ModelError(
          'no-odds',
          'kind',
          `kind: 'odds' is of a logit or probit model, and the response is ${family.name}`,
        );
      }
      // Both links are symmetric: 1 - mean(eta) is mean(-eta), without cancellation.
      return (eta) => family.mean(eta) / family.mean(-eta);
    default:
      throw optionError('kind', kind, "'mean', 'rate', 'linear', 'odds' or 'response'");
  }
}
