import { autocovariance } from './autocovariance.ts';
import { mean, squaredDeviations, variance } from './moments.ts';

/** Sum of squared residuals of `values` about their least-squares straight line in time. */
function squaredResiduals(values: Float64Array): number {
  const n = values.length;
  const centre = mean(values);
  let cross = 0;
  for (let i = 0; i < n; i++) cross += (i - (n - 1) / 2) * (values[i]! - centre);
  const slope = cross / ((n * (n * n - 1)) / 12);
  return squaredDeviations(
    values.map((value, i) => value - slope * (i - (n - 1) / 2)),
    centre,
  );
}

/**
 * Spectral density at frequency zero of one series, the variance of its mean times N, from an autoregression:
 * Yule-Walker by the Levinson-Durbin recursion, order up to floor(10 log10 N) by AIC, sigma2 N / (N - order - 1) / (1 -
 * sum phi)^2 (Heidelberger & Welch 1981; R's `coda::spectrum0.ar`). 0 for a series that is a straight line up to
 * rounding.
 */
export function spectrumAtZero(draws: ArrayLike<number>): number {
  const values = Float64Array.from(draws);
  const n = values.length;
  const total = variance(values);
  if (!(n > 2) || !(squaredResiduals(values) > 1e-16 * total * (n - 1))) return Number.isNaN(total) ? Number.NaN : 0;
  const gamma = autocovariance(values);
  const largest = Math.min(n - 1, Math.floor(10 * Math.log10(n)));
  let phi: number[] = [];
  let innovation = gamma[0]!;
  let bestAic = n * Math.log(innovation);
  let best = { sum: 0, innovation, order: 0 };
  for (let order = 1; order <= largest; order++) {
    let numerator = gamma[order]!;
    for (let j = 1; j < order; j++) numerator -= phi[j - 1]! * gamma[order - j]!;
    const partial = numerator / innovation;
    phi = [...phi.map((value, j) => value - partial * phi[order - 2 - j]!), partial];
    innovation *= 1 - partial * partial;
    const aic = n * Math.log(innovation) + 2 * order;
    if (aic < bestAic) {
      bestAic = aic;
      best = { sum: phi.reduce((sum, value) => sum + value, 0), innovation, order };
    }
  }
  return (best.innovation * n) / (n - best.order - 1) / (1 - best.sum) ** 2;
}
