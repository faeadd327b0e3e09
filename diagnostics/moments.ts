/**
 * Mean of `count` values from `start`, in two passes: the mean of the deviations from a first mean corrects its rounding,
 * so that a constant array has exactly its value as mean and 1e8 + noise keeps its digits. An infinite or NaN mean is returned as it is.
 */
export function mean(values: ArrayLike<number>, start = 0, count = values.length): number {
  let sum = 0;
  for (let i = start; i < start + count; i++) sum += values[i]!;
  const first = sum / count;
  if (!Number.isFinite(first)) return first;
  let rest = 0;
  for (let i = start; i < start + count; i++) rest += values[i]! - first;
  return first + rest / count;
}

/** Sum of squared deviations of `count` values from `centre`. */
export function squaredDeviations(values: ArrayLike<number>, centre: number, start = 0, count = values.length): number {
  let sum = 0;
  for (let i = start; i < start + count; i++) {
    const d = values[i]! - centre;
    sum += d * d;
  }
  return sum;
}

/** Sample variance with denominator n - 1: NaN for fewer than two values. */
export function variance(values: ArrayLike<number>): number {
  return values.length < 2 ? Number.NaN : squaredDeviations(values, mean(values)) / (values.length - 1);
}

/**
 * Mean of one chain in a block: the plain sum over N, as `posterior` takes chain means, so that R-hat and ESS agree with it to the
 * last digits also where rounding shows (1e8 + noise). A chain that stands still has exactly its value as mean.
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
