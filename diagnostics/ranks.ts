import type { Chains } from './chains.ts';
import { type PooledDraws, poolDraws } from './pooledDraws.ts';

/** `ranks` of draws already pooled, M x N row-major. NaN throughout when a draw is NaN. */
export function ranksOf(draws: PooledDraws): Float64Array {
  const out = new Float64Array(draws.size);
  if (!draws.ordered) return out.fill(Number.NaN);
  const { sorted, order } = draws.ordering();
  for (let k = 0; k < draws.size; ) {
    let end = k;
    while (end < draws.size && sorted[end] === sorted[k]) end++;
    for (let j = k; j < end; j++) out[order[j]!] = (k + 1 + end) / 2;
    k = end;
  }
  return out;
}

/**
 * Ranks 1 .. S of the draws among the draws of all chains, one array per chain; equal draws share their average rank.
 * NaN throughout when a draw is NaN; infinities are ranked. Throws DiagnosticsError on unusable chains.
 */
export function ranks(chains: Chains): Float64Array[] {
  const draws = poolDraws(chains);
  const all = ranksOf(draws);
  const { drawCount } = draws.unsplit;
  return chains.map((_, c) => all.slice(c * drawCount, (c + 1) * drawCount));
}
