import type { FixedEffects } from '../maximumLikelihoodFit.ts';

/** Coefficients of the columns of `thresholdRows`, taken apart. */
export interface ThresholdEstimates {
  /** The thresholds; null where there are none. */
  readonly thresholds: FixedEffects | null;
  /** Length p. */
  readonly beta: Float64Array;
  /** p x p, row-major. */
  readonly vcov: Float64Array;
}

/**
 * Takes thresholds and coefficients apart: `estimates` are thresholds less `start`, then beta, `vcov` their covariance,
 * row-major; `labels` are those of the thresholds.
 */
export function thresholdEstimates(
  labels: readonly string[],
  start: Float64Array,
  estimates: Float64Array,
  vcov: Float64Array,
): ThresholdEstimates {
  const { length } = start;
  const width = estimates.length;
  const part = (from: number, size: number): Float64Array =>
    Float64Array.from(
      { length: size * size },
      (_, at) => vcov[(from + Math.floor(at / size)) * width + from + (at % size)]!,
    );
  const beta = { beta: estimates.slice(length), vcov: part(length, width - length) };
  if (length === 0) return { ...beta, thresholds: null };
  const own = part(0, length);
  return {
    ...beta,
    thresholds: {
      labels,
      estimates: start.map((value, k) => value + estimates[k]!),
      standardErrors: start.map((_, k) => Math.sqrt(own[k * length + k]!)),
      vcov: own,
    },
  };
}
