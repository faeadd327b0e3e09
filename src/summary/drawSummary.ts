import { unsortedQuantiles } from '../../diagnostics/unsortedQuantiles.ts';

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
  return {
    mean,
    sd: draws.length > 1 ? Math.sqrt(squares / (draws.length - 1)) : 0,
    quantiles: unsortedQuantiles(draws, probs),
  };
}

/** Mean, sd and the ends of a central interval, `probs` its ends and the median, by the names answers have. */
export function drawAnswer(
  draws: Float64Array,
  probs: readonly number[],
): { readonly estimate: number; readonly se: number; readonly lower: number; readonly upper: number } {
  const { mean, sd, quantiles } = drawSummary(draws, probs);
  return { estimate: mean, se: sd, lower: quantiles[0]!, upper: quantiles[2]! };
}

/** The mean of S draws. */
export function drawMean(draws: Float64Array): number {
  let sum = 0;
  for (let s = 0; s < draws.length; s++) sum += draws[s]!;
  return sum / draws.length;
}
