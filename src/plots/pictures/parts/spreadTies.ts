/**
 * Positive whole numbers with ties spread on a log scale, within a third of the way to the neighbours: the m tied
 * values take equal steps in an order of stride coprime with m, so that values that follow one another do not stand
 * side by side. NaN stays.
 */
export function spreadTies(values: readonly number[]): number[] {
  const tied = new Map<number, number[]>();
  values.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    const same = tied.get(value);
    if (same) same.push(i);
    else tied.set(value, [i]);
  });
  const out = [...values];
  for (const [value, places] of tied) {
    const m = places.length;
    const room = Math.min(0.06, Math.log10((value + 1) / value) / 3) * Math.min(1, m / 4);
    const stride = coprimeStride(m);
    places.forEach((i, order) => {
      const step = m === 1 ? 0 : (2 * ((order * stride) % m)) / (m - 1) - 1;
      out[i] = value * 10 ** (room * step);
    });
  }
  return out;
}

/** The number nearest below 0.618 m that has no divisor in common with m. */
function coprimeStride(m: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b));
  let stride = Math.max(1, Math.floor(0.618 * m));
  while (stride > 1 && divisor(m, stride) !== 1) stride -= 1;
  return stride;
}
