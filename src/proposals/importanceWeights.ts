import { exp } from '../elementary.ts';

/** Importance weights of many points, up to a factor, and what they sum to. */
export interface ImportanceWeights {
  readonly weights: Float64Array;
  readonly sum: number;
  /** (sum w)^2 / sum w^2: as many points of equal weight would say as much (Kong 1992). */
  readonly effective: number;
}

/**
 * Weights exp(power (logs[n] - largest of logs)); a power below 1 tempers them. Minus infinity is weight 0, NaN is not
 * taken.
 */
export function importanceWeights(logs: Float64Array, power = 1): ImportanceWeights {
  const weights = new Float64Array(logs.length);
  let top = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < logs.length; n += 1) if (logs[n]! > top) top = logs[n]!;
  let sum = 0;
  let squares = 0;
  for (let n = 0; n < logs.length; n += 1) {
    const weight = exp(power * (logs[n]! - top));
    weights[n] = weight;
    sum += weight;
    squares += weight * weight;
  }
  return { weights, sum, effective: (sum * sum) / squares };
}
