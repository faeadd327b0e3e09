import { studentQuantile } from '../../special/distributionFunctions.ts';
import { drawAnswer } from '../drawSummary.ts';
import { intervalKeys } from '../intervalKeys.ts';
import type { ModelFit } from '../modelFit.ts';
import { thinnedFit } from '../thinnedFit.ts';
import type { EffectPoints } from './effectPoints.ts';
import type { EffectScale } from './effectScale.ts';
import { partCost, partDraws } from './partDraws.ts';
import { partErrors, partEstimates } from './partEstimates.ts';
import type { EffectGroups } from './pointSums.ts';

/** A number with its uncertainty; null where it is not estimable. */
export interface PartAnswer {
  /** Posterior mean, or the estimate. */
  readonly estimate: number | null;
  /** Posterior sd, or the standard error by the delta method. */
  readonly se: number | null;
  /** Central credible interval, or confidence interval. */
  readonly lower: number | null;
  readonly upper: number | null;
  /** Degrees of freedom of the interval of a maximum likelihood fit, Infinity of the normal; null of draws. */
  readonly df: number | null;
}

/** What is asked of parts. */
export interface PartQuestion {
  readonly parts: number;
  readonly groups: EffectGroups;
  readonly scale: EffectScale;
  readonly level: number;
  /** Whether parts are means, whose intervals stay on the scale of the response, and not differences. */
  readonly means: boolean;
}

export interface PartAnswers {
  readonly answers: readonly PartAnswer[];
  readonly notes: readonly string[];
  /** Parts x S, row-major; null of a maximum likelihood fit. */
  readonly draws: Float64Array | null;
}

/** What stands where a part is not estimable. */
export const NO_ANSWER: PartAnswer = { estimate: null, se: null, lower: null, upper: null, df: null };

/** Every part of merged points with its uncertainty. */
export function partAnswers(fit: ModelFit, points: EffectPoints, question: PartQuestion): PartAnswers {
  const { parts, groups, scale, level, means } = question;
  if (fit.kind === 'maximumLikelihood') {
    const found = partEstimates(fit, points, parts, groups, scale.linear);
    const errors = partErrors(fit, found, scale.linear);
    const answers = found.map(({ estimate }, a): PartAnswer => {
      const { se, df } = errors[a]!;
      return { estimate, se, df, ...confidence(estimate, se, studentQuantile((1 + level) / 2, df), scale, means) };
    });
    return { answers, notes: [], draws: null };
  }
  const { fit: taken, notes } = thinnedFit(fit, points.n, partCost(fit, points, groups, scale.linear));
  const draws = partDraws(taken, points, parts, groups, scale.linear);
  const { probs } = intervalKeys(level);
  const S = draws.length / parts;
  const answers = Array.from(
    { length: parts },
    (_, a): PartAnswer => ({ ...drawAnswer(draws.subarray(a * S, (a + 1) * S), probs), df: null }),
  );
  return { answers, notes, draws };
}

/** estimate -+ q se; of a mean taken on the scale of the link and back, so that it stays among the means there are. */
export function confidence(
  estimate: number,
  se: number,
  q: number,
  scale: EffectScale,
  means: boolean,
): { readonly lower: number; readonly upper: number } {
  const line = means ? scale.toLine(estimate) : Number.NaN;
  if (!means || scale.linear || !Number.isFinite(line)) return { lower: estimate - q * se, upper: estimate + q * se };
  const reach = q * se * scale.steepness(estimate);
  return { lower: scale.fromLine(line - reach), upper: scale.fromLine(line + reach) };
}
