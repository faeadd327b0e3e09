/** The smallest domain that holds all finite values, widened by `margin` of its length on each side. */
export function domainOf(values: Iterable<number | null>, margin = 0.05): readonly [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low > high) return [0, 1];
  const length = high - low || Math.abs(high) || 1;
  return [low - margin * length, high + margin * length];
}
