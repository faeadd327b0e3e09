import type { FlatDirection } from './flatDirections.ts';
import type { LikelihoodMethod, MaximumLikelihoodFit } from './maximumLikelihoodFit.ts';
import { unidentifiedSentences } from './unidentified.ts';

/** What a fit says of its flat directions, and of parameters beyond them that its rows say nothing of. */
export function identification(
  flat: readonly FlatDirection[],
  method: LikelihoodMethod,
  beyond: MaximumLikelihoodFit['unidentified'] = [],
): Pick<MaximumLikelihoodFit, 'identified' | 'unidentified'> {
  const sentences = unidentifiedSentences(flat, method);
  return {
    identified: flat.length + beyond.length === 0,
    unidentified: [...flat.map(({ parameters }, k) => ({ parameters, message: sentences[k]! })), ...beyond],
  };
}

/** The sentences of a fit: what is not identified, and how many optima there are. */
export function fitMessages(flat: readonly FlatDirection[], method: LikelihoodMethod, optima: number): string[] {
  const messages = unidentifiedSentences(flat, method);
  if (optima > 1) {
    messages.push(
      `the searches ended in ${optima} optima of the ${method} criterion; the best of them is given, and what the data say of these covariances is divided`,
    );
  }
  return messages;
}
