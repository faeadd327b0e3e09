import { exp, log } from '../elementary.ts';

/**
 * log sum_k exp(values[k]), the largest taken out first so that nothing overflows; -Infinity of no values, and where
 * all are.
 */
export function logSumExp(values: ArrayLike<number>): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < values.length; k += 1) if (values[k]! > top) top = values[k]!;
  if (!Number.isFinite(top)) return top;
  let sum = 0;
  for (let k = 0; k < values.length; k += 1) sum += exp(values[k]! - top);
  return top + log(sum);
}
