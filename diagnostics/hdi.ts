import { type Chains, checkProbability } from './chains.ts';
import { poolDraws } from './pooledDraws.ts';

/** An interval of draws, both ends included. */
export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Highest-density interval: the shortest interval from one draw to another that reaches over floor(S level) steps of
 * the sorted pooled draws; the lowest of several equally short ones. For a posterior with one mode (Hyndman 1996; ArviZ
 * and HDInterval agree). NaN at both ends when a draw is NaN or infinite. `level` is the share of the draws, default
 * 0.9.
 *
 * Throws DiagnosticsError `bad-argument` for a level outside [0, 1], and as every measure on unusable chains.
 */
export function hdi(chains: Chains, level = 0.9): Interval {
  checkProbability(level, 'level');
  const draws = poolDraws(chains);
  if (!draws.finite) return { lower: Number.NaN, upper: Number.NaN };
  const sorted = draws.sorted();
  const steps = Math.min(Math.floor(draws.size * level), draws.size - 1);
  let best = 0;
  for (let i = 1; i + steps < draws.size; i++) {
    if (sorted[i + steps]! - sorted[i]! < sorted[best + steps]! - sorted[best]!) best = i;
  }
  return { lower: sorted[best]!, upper: sorted[best + steps]! };
}
