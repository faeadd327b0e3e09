import { exp, log } from '../elementary.ts';
import { logGamma } from '../special/logGamma.ts';

/** Beyond it a mean says no more than that no count is near, and sums of it must stay numbers. */
export const LARGEST_MEAN = 1e290;

/** The mean of a count, exposure exp(eta). */
export function meanCount(exposure: number, eta: number): number {
  return Math.min(exposure * exp(eta), LARGEST_MEAN);
}

/** What the log-likelihood of a count has beside its terms in eta: y log exposure - log y!. */
export function logCountConstant(y: number, exposure: number): number {
  return (y > 0 ? y * log(exposure) : 0) - logGamma(y + 1);
}

/** `certainAt` of a count: 0 is ever more likely as eta falls. */
export function countCertainAt(y: number): -1 | 0 {
  return y === 0 ? -1 : 0;
}
