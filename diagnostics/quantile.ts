import { type Chains, checkProbability } from './chains.ts';
import { type PooledDraws, poolDraws } from './pooledDraws.ts';

/** Type-7 quantile of `sorted` ascending values, not checked. */
export function quantileOfSorted(sorted: ArrayLike<number>, probability: number): number {
  const at = (sorted.length - 1) * probability;
  const below = Math.floor(at);
  const low = sorted[below]!;
  const high = sorted[Math.ceil(at)]!;
  // Equal neighbours are returned as they are, so that the indicator x <= quantile holds for them to the last bit.
  return low === high ? low : (1 - (at - below)) * low + (at - below) * high;
}

/** `quantile` of draws already pooled, for one checked probability. */
export function quantileOf(draws: PooledDraws, probability: number): number {
  return draws.ordered ? quantileOfSorted(draws.sorted(), probability) : Number.NaN;
}

/**
 * Quantile of the draws pooled over chains, by linear interpolation between order statistics: with h = (S - 1) p,
 * (1 - frac h) x_(floor h) + frac h x_(ceil h) counting from 0 (Hyndman & Fan 1996, type 7; R's default). An array of
 * probabilities gives an array. NaN when a draw is NaN; infinities are ordinary order statistics.
 *
 * Throws DiagnosticsError `bad-argument` for a probability outside [0, 1], and as every measure on unusable chains.
 */
export function quantile(chains: Chains, probability: number): number;
export function quantile(chains: Chains, probabilities: readonly number[]): number[];
export function quantile(chains: Chains, probability: number | readonly number[]): number | number[] {
  const draws = poolDraws(chains);
  const one = (p: number) => quantileOf(draws, checkProbability(p, 'probability'));
  const several = (given: typeof probability): given is readonly number[] => Array.isArray(given);
  return several(probability) ? probability.map(one) : one(probability);
}
