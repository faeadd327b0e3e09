/**
 * Kolmogorov-Smirnov: sqrt(n) sup |F_n - F| for a sample against a continuous distribution function. Under F it exceeds
 * 2.28 with probability 2 exp(-2 x 2.28^2) = 6e-5 (Kolmogorov's limit): a right generator fails one of a hundred such
 * tests with chance below 1%.
 */
export function kolmogorovSmirnov(sample: Float64Array, cdf: (x: number) => number): number {
  const sorted = sample.slice().sort();
  const n = sorted.length;
  let largest = 0;
  for (let i = 0; i < n; i++) {
    const value = cdf(sorted[i]!);
    largest = Math.max(largest, (i + 1) / n - value, value - i / n);
  }
  return Math.sqrt(n) * largest;
}

/** The bound that goes with `kolmogorovSmirnov`. */
export const KS_BOUND = 2.28;

/** Pearson's chi-square against equal expected counts, as a z-score (Wilson & Hilferty 1931). */
export function equalCountsZ(counts: ArrayLike<number>): number {
  const k = counts.length;
  const total = Array.from(counts).reduce((sum, value) => sum + value, 0);
  const expected = total / k;
  const chi2 = Array.from(counts).reduce((sum, value) => sum + (value - expected) ** 2 / expected, 0);
  const spread = 2 / (9 * (k - 1));
  return (Math.cbrt(chi2 / (k - 1)) - (1 - spread)) / Math.sqrt(spread);
}
