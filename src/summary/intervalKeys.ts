import { quantileKey } from '../../diagnostics/summarizeDraws.ts';
import { optionError } from '../input/optionError.ts';

/**
 * The probabilities of a central interval with the median between, and the keys they are reported by: 0.9 gives q5, q50
 * and q95.
 */
export interface IntervalKeys {
  readonly probs: readonly number[];
  readonly keys: readonly string[];
}

/** The interval of probability `level`. Throws `option` where that is no number between 0 and 1. */
export function intervalKeys(level: number): IntervalKeys {
  if (typeof level !== 'number' || !(level > 0 && level < 1)) {
    throw optionError('level', level, 'a number between 0 and 1');
  }
  const probs = [(1 - level) / 2, 0.5, (1 + level) / 2].map((p) => Number(p.toPrecision(12)));
  return { probs, keys: probs.map(quantileKey) };
}
