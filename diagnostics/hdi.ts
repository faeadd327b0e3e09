import { type Chains, checkProbability } from './chains.ts';
import { poolDraws } from './pooledDraws.ts';

/** An interval of draws, both ends included. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Highest-density interval: the shortest interval from one draw to another that reaches over floor(S p) steps of the
 * sorted pooled draws; the lowest of several equally short ones. For a posterior with one mode (Hyndman 1996; ArviZ and
 * HDInterval agree). NaN at both ends when a draw is NaN or infinite. `probability` defaults to 0.95.
 *
 * Throws DiagnosticsError `bad-argument` for a probability outside [0, 1], and as every measure on unusable chains.
 */
export function hdi(chains: Chains, probability = 0.95): Interval {
  checkProbability(probability, 'probability');
  const draws = poolDraws(chains);
  if (!draws.finite) return { low: Number.NaN, high: Number.NaN };
  const sorted = draws.sorted();
  const steps = Math.min(Math.floor(draws.size * probability), draws.size - 1);
  let best = 0;
  for (let i = 1; i + steps < draws.size; i++) {
    if (sorted[i + steps]! - sorted[i]! < sorted[best + steps]! - sorted[best]!) best = i;
  }
  return { low: sorted[best]!, high: sorted[best + steps]! };
}
