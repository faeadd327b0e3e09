/** E sqrt(1 + x^2) for x standard normal. */
const MEAN = 1.3545308072547213;
/** Largest skewness asked for; the transform ends at 1.45. */
const LARGEST = 1.25;

/**
 * The sinh-arcsinh transform of a standard normal x (Jones & Pewsey 2009), T(x) = c x + s sqrt(1 + x^2) - m: increasing
 * over the whole line, with mean 0 and variance 1; s > 0 is skewed to the right. Writes (c, s, m) at `at` for a
 * skewness, cut to +-1.25. With S = sinh(epsilon) and C = sqrt(1 + S^2) the variance of C x + S sqrt(1 + x^2) is C^2 +
 * (2 - MEAN^2) S^2 and its skewness 1.6947 S / sqrt(1 + 1.37 S^2) to two digits. Returns the skewness as cut.
 */
export function skewTransform(skewness: number, out: Float64Array, at: number): number {
  const t = Math.max(-LARGEST, Math.min(LARGEST, skewness));
  const S = t / Math.sqrt(2.872 - 1.37 * t * t);
  const scale = 1 / Math.sqrt(1 + (3 - MEAN * MEAN) * S * S);
  out[at] = Math.sqrt(1 + S * S) * scale;
  out[at + 1] = S * scale;
  out[at + 2] = MEAN * S * scale;
  return t;
}

/** Bounds of a matched transform's mean and sd. */
const FARTHEST = 8;
const WIDEST = 8;

/**
 * Replaces the transform (c, s, m) at `at` by the one of the same form whose first three moments for x standard normal
 * are those of T(x_k) under the shares (sum `total`), T the transform as it stands: its s is cut with the skewness.
 * Where the mean is beyond 8 or the sd not within 1/8 .. 8 it stays.
 */
export function matchMoments(
  x: (k: number) => number,
  shares: Float64Array,
  total: number,
  transform: Float64Array,
  at: number,
): void {
  const c = transform[at]!;
  const s = transform[at + 1]!;
  const m = transform[at + 2]!;
  const value = (k: number): number => c * x(k) + s * Math.sqrt(1 + x(k) * x(k)) - m;
  let mean = 0;
  for (let k = 0; k < shares.length; k += 1) mean += (shares[k]! / total) * value(k);
  let square = 0;
  let cube = 0;
  for (let k = 0; k < shares.length; k += 1) {
    const distance = value(k) - mean;
    square += (shares[k]! / total) * distance * distance;
    cube += (shares[k]! / total) * distance * distance * distance;
  }
  const sd = Math.sqrt(square);
  if (!(Math.abs(mean) < FARTHEST && sd < WIDEST && sd > 1 / WIDEST)) return;
  skewTransform(cube / (square * sd), transform, at);
  transform[at] = sd * transform[at]!;
  transform[at + 1] = sd * transform[at + 1]!;
  transform[at + 2] = sd * transform[at + 2]! - mean;
}
