import type { Family } from './family.ts';

const success = new Float64Array(4);
const failure = new Float64Array(4);

/**
 * The expected information of n trials in their linear predictor, n mu'^2 / (mu (1 - mu)), and its derivative by eta,
 * to out[0] and out[1]: with s1 and s0 the scores of a row that is all successes and of one that is all failures, it is
 * -s1 s0 / n. With the logit link it is the observed weight -l''. Allocates nothing.
 */
export function binaryInformation(
  derivatives: Family['derivatives'],
  trials: number,
  eta: number,
  out: Float64Array,
): void {
  derivatives(trials, trials, eta, 1, success);
  derivatives(0, trials, eta, 1, failure);
  const scale = 1 / trials;
  out[0] = -scale * success[1]! * failure[1]!;
  out[1] = scale * (success[2]! * failure[1]! + success[1]! * failure[2]!);
}

/** `certainAt` of successes among trials: all are, or none. */
export function certainOutcome(successes: number, trials: number): -1 | 0 | 1 {
  if (successes === 0) return -1;
  return successes === trials ? 1 : 0;
}
