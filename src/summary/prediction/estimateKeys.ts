import { ModelError } from '../../errors.ts';
import { familyOf } from '../../families/familyOf.ts';
import type { MaximumLikelihoodFit } from '../../likelihood/maximumLikelihoodFit.ts';

/** The keys of an estimate, of its standard error and of the ends of its interval. */
export const ESTIMATE_KEYS: readonly string[] = ['estimate', 'se', 'lower', 'upper'];

/** Throws `not-supported` for what takes draws: ordered answers, a seed, the draws themselves. */
export function checkEstimates(
  { design }: MaximumLikelihoodFit,
  options: { readonly draws?: boolean | undefined; readonly seed?: number | undefined },
): void {
  const family = familyOf(design);
  if (family.ordered) {
    throw refused(
      'predict',
      `predictions of ordered answers, whose thresholds are estimated with the coefficients, are made from draws, and the response is ${family.name}; predict from a fit of sample`,
    );
  }
  if (options.draws || options.seed !== undefined) {
    const name = options.draws ? 'draws' : 'seed';
    throw refused(name, 'a maximum likelihood fit has no draws; leave the option out, or predict from a fit of sample');
  }
}

function refused(place: string, sentence: string): ModelError {
  return new ModelError('not-supported', place, sentence);
}
