/**
 * Mean of `count` values from `start`, in two passes: the mean of the deviations from a first mean corrects its
 * rounding, so that a constant array has exactly its value as mean and 1e8 + noise keeps its digits. An infinite or NaN
 * mean is returned as it is.
 */
export function mean(values: ArrayLike<number>, start = 0, count = values.length): number {
  let sum = 0;
  for (let i = start; i < start + count; i++) sum += values[i]!;
  const first = sum / count;
  if (!Number.isFinite(first)) return first;
  return first + meanDeviation(values, first, start, count);
}

/** Mean of value - centre, in four partial sums, which a processor adds side by side. */
function meanDeviation(values: ArrayLike<number>, centre: number, start: number, count: number): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const end = start + count;
  let i = start;
  for (; i + 3 < end; i += 4) {
    s0 += values[i]! - centre;
    s1 += values[i + 1]! - centre;
    s2 += values[i + 2]! - centre;
    s3 += values[i + 3]! - centre;
  }
  for (; i < end; i++) s0 += values[i]! - centre;
  return (s0 + s1 + (s2 + s3)) / count;
}

/** Sum of squared deviations of `count` values from `centre`. */
export function squaredDeviations(values: ArrayLike<number>, centre: number, start = 0, count = values.length): number {
  let even = 0;
  let odd = 0;
  const end = start + count;
  let i = start;
  for (; i + 1 < end; i += 2) {
    const a = values[i]! - centre;
    const b = values[i + 1]! - centre;
    even += a * a;
    odd += b * b;
  }
  if (i < end) even += (values[i]! - centre) ** 2;
  return even + odd;
}

/** Sample variance with denominator n - 1: NaN for fewer than two values. */
export function variance(values: ArrayLike<number>): number {
  return values.length < 2 ? Number.NaN : squaredDeviations(values, mean(values)) / (values.length - 1);
}

/**
 * Mean of one chain in a block: the plain sum over N, as `posterior` takes chain means, so that R-hat and ESS agree
 * with it to the last digits also where rounding shows (1e8 + noise). A chain that stands still has exactly its value
 * as mean.
 */
export function chainMean(values: Float64Array, start: number, count: number): number {
  const first = values[start]!;
  let sum = first;
  let still = true;
  for (let i = start + 1; i < start + count; i++) {
    const x = values[i]!;
    sum += x;
    if (x !== first) still = false;
  }
  return still ? first : sum / count;
}

/** Mean of one chain exactly enough to subtract: `chainMean`, corrected by the mean of what it leaves. */
export function chainCentre(values: Float64Array, plainMean: number, start: number, count: number): number {
  return plainMean + meanDeviation(values, plainMean, start, count);
}
