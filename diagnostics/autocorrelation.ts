import { autocovariance } from './autocovariance.ts';

/**
 * Autocorrelations of one series at lags 0 .. N-1: rho_t = gamma_t / gamma_0 with the biased autocovariances of
 * `autocovariance`. A constant series, or one with a NaN or an infinity, gives NaN throughout.
 */
export function autocorrelation(draws: ArrayLike<number>): Float64Array {
  const gamma = autocovariance(draws);
  const variance = gamma[0] ?? Number.NaN;
  return gamma.map((value) => (variance > 0 ? value / variance : Number.NaN));
}
