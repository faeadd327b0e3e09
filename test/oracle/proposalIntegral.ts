import type { Proposal } from '../../src/proposals/proposal.ts';
import type { Rng } from '../../src/random/rng.ts';

/**
 * The integral of a density by N points of a proposal: the mean of their importance weights, its standard error, and
 * the share of effective points.
 */
export function proposalIntegral(
  density: (x: Float64Array) => number,
  proposal: Proposal,
  d: number,
  N: number,
  rng: Rng,
): { mean: number; error: number; efficiency: number } {
  const x = new Float64Array(d);
  let sum = 0;
  let squares = 0;
  for (let n = 0; n < N; n += 1) {
    proposal.draw(rng, x);
    const weight = Math.exp(density(x) - proposal.logDensity(x));
    sum += weight;
    squares += weight * weight;
  }
  const mean = sum / N;
  return { mean, error: Math.sqrt((squares / N - mean * mean) / N), efficiency: (sum * sum) / (squares * N) };
}
