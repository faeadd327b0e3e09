import { logSumExp } from '../src/special/logSumExp.ts';
import { quote } from './chains.ts';
import { DiagnosticsError } from './diagnosticsError.ts';
import { fitGeneralizedPareto, generalizedParetoQuantile } from './generalizedPareto.ts';
import { largestValues } from './largestValues.ts';
import { numbersOf } from './numbersOf.ts';

/** Smoothed importance weights of one observation. */
export interface Psis {
  /** Normalised log weights, S: their exponentials sum to 1. */
  readonly logWeights: Float64Array;
  /** Shape of the tail of the raw weights; Infinity when the tail could not be fitted. */
  readonly paretoK: number;
  /** Number of largest weights that were smoothed. */
  readonly tailLength: number;
  /** Effective sample size of the weighted draws: relative efficiency / sum of squared weights. */
  readonly ess: number;
}

/**
 * Pareto k above which an estimate from S draws is not to be trusted: min(1 - 1 / log10(S), 0.7) (Vehtari, Simpson,
 * Gelman, Yao & Gabry 2024).
 */
export function paretoKThreshold(draws: number): number {
  if (!(typeof draws === 'number' && draws > 0)) {
    throw new DiagnosticsError('bad-argument', `draws is ${quote(draws)}; give their number`);
  }
  return Math.min(1 - 1 / Math.log10(draws), 0.7);
}

/** Smooths the largest `tailLength` of the shifted log ratios in place and returns their shape k. */
function smoothTail(shifted: Float64Array, tailLength: number): number {
  // One more than the tail: the cutoff is the largest value below it.
  const { values, at } = largestValues(shifted, tailLength + 1);
  if (values[tailLength]! - values[1]! < Number.EPSILON / 100) return Number.POSITIVE_INFINITY;
  const cutoff = Math.exp(values[0]!);
  const fit = fitGeneralizedPareto(values.subarray(1).map((value) => Math.exp(value) - cutoff));
  if (!Number.isFinite(fit.k)) return fit.k;
  for (let j = 0; j < tailLength; j++) {
    const smooth = generalizedParetoQuantile((j + 0.5) / tailLength, fit) + cutoff;
    shifted[at[j + 1]!] = Math.min(Math.log(smooth), 0); // no weight above the largest raw one
  }
  return fit.k;
}

/**
 * Pareto-smoothed importance sampling of S log ratios (for leave-one-out: minus the log-likelihood of the observation).
 * The largest ceil(min(S/5, 3 sqrt(S / r_eff))) weights are replaced by the expected order statistics of a fitted
 * generalized Pareto distribution, cut off at the largest raw weight (Vehtari et al. 2024; R's `loo::psis`).
 * With fewer than five draws in the tail nothing is smoothed and k is Infinity.
 *
 * `relativeEfficiency` is ESS / S of the ratios, 1 for independent draws. Throws DiagnosticsError `not-finite` for
 * ratios that are not finite and `bad-argument` for an efficiency that is not positive.
 */
export function psis(logRatios: ArrayLike<number>, relativeEfficiency = 1): Psis {
  if (!(typeof relativeEfficiency === 'number' && relativeEfficiency > 0)) {
    throw new DiagnosticsError(
      'bad-argument',
      `relativeEfficiency is ${quote(relativeEfficiency)}; give a positive number`,
    );
  }
  const logWeights = numbersOf(logRatios, 'logRatios');
  const size = logWeights.length;
  if (size === 0) throw new DiagnosticsError('no-draws', 'there are no log ratios; give one per draw');
  const bad = logWeights.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new DiagnosticsError('not-finite', `log ratio ${bad + 1} is ${logRatios[bad]}; all must be finite numbers`);
  }
  let max = Number.NEGATIVE_INFINITY;
  for (let s = 0; s < size; s++) if (logWeights[s]! > max) max = logWeights[s]!;
  for (let s = 0; s < size; s++) logWeights[s]! -= max;
  const tailLength = Math.ceil(Math.min(0.2 * size, 3 * Math.sqrt(size / relativeEfficiency)));
  const paretoK = tailLength >= 5 ? smoothTail(logWeights, tailLength) : Number.POSITIVE_INFINITY;
  const logTotal = logSumExp(logWeights);
  let squares = 0;
  for (let s = 0; s < size; s++) {
    logWeights[s]! -= logTotal;
    squares += Math.exp(2 * logWeights[s]!);
  }
  return { logWeights, paretoK, tailLength, ess: relativeEfficiency / squares };
}
