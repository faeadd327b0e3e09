import { levelProbabilities, meanLevel } from '../../families/orderedLink.ts';
import type { ThresholdDraws } from '../thresholdDraws.ts';

/** The probability of each level at the draws `eta` of a row's linear predictor: an array of draws a level. */
export function levelDraws({ link, count, at }: ThresholdDraws, eta: Float64Array): Float64Array[] {
  const out = Array.from({ length: count + 1 }, () => new Float64Array(eta.length));
  const thresholds = new Float64Array(count);
  const each = new Float64Array(count + 1);
  for (let s = 0; s < eta.length; s++) {
    at(s, thresholds);
    levelProbabilities(link, eta[s]!, thresholds, each);
    for (let k = 0; k <= count; k++) out[k]![s] = each[k]!;
  }
  return out;
}

/** Replaces the draws of a row's linear predictor by those of the mean number of its level, 1 the lowest, in place. */
export function meanLevels({ link, count, at }: ThresholdDraws, eta: Float64Array): void {
  const thresholds = new Float64Array(count);
  for (let s = 0; s < eta.length; s++) {
    at(s, thresholds);
    eta[s] = meanLevel(link, eta[s]!, thresholds);
  }
}
