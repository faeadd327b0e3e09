/** The logarithm of a characteristic function E exp(i t X), t > 0: real part and the phase, unwrapped. */
export type LogCharacteristic = (t: number) => readonly [number, number];

export interface FourierSeries {
  readonly low: number;
  readonly step: number;
  /** The density at low + i step, i = 0 .. points. */
  readonly density: Float64Array;
  /** P(low < X <= low + i step). */
  readonly cdf: Float64Array;
}

/**
 * Density and distribution function of X on [low, high] by the Fourier series with period high - low, to the mass
 * outside (of the order of 1e-14 where the caller leaves 12 standard deviations) plus rounding.
 */
export function fourierSeries(
  log: LogCharacteristic,
  low: number,
  high: number,
  points: number,
  mostTerms = 100_000,
): FourierSeries {
  const period = high - low;
  const step = period / points;
  const density = new Float64Array(points + 1).fill(1 / period);
  const cdf = Float64Array.from({ length: points + 1 }, (_, i) => i / points);
  for (let k = 1; k <= mostTerms; k++) {
    const t = (2 * Math.PI * k) / period;
    const [real, phase] = log(t);
    if (real < -38) break;
    const size = (2 / period) * Math.exp(real);
    // The angle phase - t x at x = low, turned by t step from point to point: exactly k / points of a circle.
    const start = phase - t * low;
    const sineAtLow = Math.sin(start);
    const turnCosine = Math.cos(t * step);
    const turnSine = Math.sin(t * step);
    let cosine = Math.cos(start);
    let sine = sineAtLow;
    for (let i = 0; i <= points; i++) {
      density[i]! += size * cosine;
      cdf[i]! += (size * (sineAtLow - sine)) / t;
      const next = cosine * turnCosine + sine * turnSine;
      sine = sine * turnCosine - cosine * turnSine;
      cosine = next;
    }
  }
  return { low, step, density, cdf };
}

/** The distribution function between the points of the series: cubic, by values and slopes. */
export function interpolatedCdf({ low, step, density, cdf }: FourierSeries): (x: number) => number {
  const last = cdf.length - 1;
  return (x) => {
    const position = (x - low) / step;
    if (position <= 0) return 0;
    if (position >= last) return 1;
    const i = Math.floor(position);
    const s = position - i;
    const r = 1 - s;
    return (
      r * r * (1 + 2 * s) * cdf[i]! +
      s * s * (1 + 2 * r) * cdf[i + 1]! +
      s * r * step * (r * density[i]! - s * density[i + 1]!)
    );
  };
}
