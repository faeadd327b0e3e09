import { quantileOfSorted } from '../../diagnostics/quantile.ts';

/**
 * Mean, standard deviation (denominator S - 1; 0 for a single draw) and type-7 quantiles of the draws of one quantity.
 */
export interface DrawSummary {
  readonly mean: number;
  readonly sd: number;
  /** One per probability. */
  readonly quantiles: readonly number[];
}

/** The probabilities of q5, q50 and q95. */
const defaultProbs: readonly number[] = [0.05, 0.5, 0.95];

/** Summary of S draws; two passes, so that a large mean costs no digits. Draws are left as they are. */
export function drawSummary(draws: Float64Array, probs: readonly number[] = defaultProbs): DrawSummary {
  const mean = drawMean(draws);
  let squares = 0;
  for (let s = 0; s < draws.length; s++) {
    const d = draws[s]! - mean;
    squares += d * d;
  }
  const sorted = probs.length > 0 ? Float64Array.from(draws).sort() : draws;
  return {
    mean,
    sd: draws.length > 1 ? Math.sqrt(squares / (draws.length - 1)) : 0,
    quantiles: probs.map((p) => quantileOfSorted(sorted, p)),
  };
}

/** The mean of S draws. */
export function drawMean(draws: Float64Array): number {
  let sum = 0;
  for (let s = 0; s < draws.length; s++) sum += draws[s]!;
  return sum / draws.length;
}
