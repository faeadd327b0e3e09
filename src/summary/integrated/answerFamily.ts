import { ROW_PART } from '../../families/cumulativeFamily.ts';
import type { Family } from '../../families/family.ts';
import { familyOf } from '../../families/familyOf.ts';
import { IntervalPlace as At, INTERVAL_LENGTH } from '../../families/orderedLink.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { thresholdDraws } from '../thresholdDraws.ts';

/** A family of whole ordered answers, whose rows are levels counted from 0. */
export interface AnswerFamily {
  readonly family: Family;
  /** Takes the thresholds of draw s. */
  goTo(s: number): void;
}

/**
 * The family of an ordered response at the thresholds of a draw, of which a row is one answer and not its parts: with
 * b = eta - (the threshold below) and a = eta - (the threshold above) log P(y) = log(F(b) - F(a)), and by eta, which
 * moves both, its derivative is the sum of the scores and its curvature that of the weights of b and a. Null where the
 * response is not ordered.
 */
export function answerFamily(fit: Fit): AnswerFamily | null {
  const drawn = thresholdDraws(fit);
  if (!drawn) return null;
  const { link, count } = drawn;
  const parts = familyOf(fit.design);
  const thresholds = new Float64Array(count);
  const interval = new Float64Array(INTERVAL_LENGTH);
  const family: Family = {
    ...parts,
    derivatives(level, size, eta, sigma, out) {
      if (level === 0) parts.derivatives(ROW_PART.lowest, size, eta - thresholds[0]!, sigma, out);
      else if (level === count) parts.derivatives(ROW_PART.highest, size, eta - thresholds[count - 1]!, sigma, out);
      else {
        link.interval(eta - thresholds[level - 1]!, eta - thresholds[level]!, interval);
        out[0] = interval[At.l]!;
        out[1] = interval[At.scoreB]! + interval[At.scoreA]!;
        out[2] = interval[At.weightB]! + interval[At.weightA]!;
        out[3] = interval[At.thirdB]! + interval[At.thirdA]!;
      }
    },
  };
  return { family, goTo: (s) => drawn.at(s, thresholds) };
}
