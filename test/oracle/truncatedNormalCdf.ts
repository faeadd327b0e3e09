import erfcx from '@stdlib/math/base/special/erfcx';

/** P(a < X < a + t) exp(a^2 / 2) for X standard normal, by Mills' ratio: no digit is lost far to the right. */
function scaledMass(a: number, t: number): number {
  if (t === Number.POSITIVE_INFINITY) return 0.5 * erfcx(a / Math.SQRT2);
  return 0.5 * (erfcx(a / Math.SQRT2) - erfcx((a + t) / Math.SQRT2) * Math.exp(-t * (a + 0.5 * t)));
}

/**
 * P(X <= low + distance) for X ~ Normal(mean, sd) given low < X < high, as a function of the distance from `low`, so
 * that a draw far in the tail is judged by the digits of its excess. An interval left of the mean is mirrored.
 */
export function truncatedNormalCdf(mean: number, sd: number, low: number, high: number): (distance: number) => number {
  const a = (low - mean) / sd;
  const width = (high - low) / sd;
  const b = (high - mean) / sd;
  if (b <= 0 || -a > b) {
    const mirrored = truncatedNormalCdf(-mean, sd, -high, -low);
    if (low !== Number.NEGATIVE_INFINITY) return (distance) => 1 - mirrored(high - low - distance);
    throw new RangeError('an interval without a lower end: mirror the draws');
  }
  const whole = scaledMass(a, width);
  return (distance) => Math.min(1, scaledMass(a, distance / sd) / whole);
}
