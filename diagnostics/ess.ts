import { log } from '../src/elementary.ts';
import { FIRST_LAGS, meanAutocovariance } from './autocovariance.ts';
import { type Chains, checkProbability } from './chains.ts';
import { checkOptions } from './checkOptions.ts';
import { chainMean, variance } from './moments.ts';
import { type PooledDraws, poolDraws } from './pooledDraws.ts';
import { quantileOf } from './quantile.ts';
import type { SplitOptions } from './rhat.ts';
import { type ChainBlock, isConstant, isRoundingOnly } from './splitChains.ts';

/**
 * Effective sample size of a block of M chains of N draws: S / tau, S = M N, with tau = 1 + 2 sum rho_t over Geyer's
 * (1992) initial monotone positive sequence of the autocorrelations combined over chains, rho_t = 1 - (W - mean
 * gamma_t) / var+, as in Vehtari et al. (2021), and their improved estimate for antithetic chains. tau is kept at or
 * above 1 / log10(S).
 *
 * NaN for a block without variation and for N < 3. As in `posterior`, tau = 2 for chains too short for a second pair of
 * lags (N < 6) and for draws that alternate so strictly that the first pair is not positive. `withinChains` leaves the
 * variance between chain means out: autocorrelation alone.
 */
export function essOfBlock(block: ChainBlock, withinChains = false): number {
  const { values, chainCount, drawCount } = block;
  if (drawCount < 3 || isConstant(block)) return Number.NaN;
  const means = new Float64Array(chainCount);
  for (let c = 0; c < chainCount; c++) means[c] = chainMean(values, c * drawCount, drawCount);
  const between = chainCount > 1 && !withinChains ? variance(means) : 0;
  const gamma = meanAutocovariance(block, means);
  let tau = Number.NaN;
  for (let k = 0; 4 * k < FIRST_LAGS && Number.isNaN(tau); k++) {
    tau = geyerTau(gamma.first(k), 4 * (k + 1), drawCount, between);
  }
  if (Number.isNaN(tau)) tau = geyerTau(gamma.all(), drawCount, drawCount, between);
  const size = chainCount * drawCount;
  return size / Math.max(tau, Math.LN10 / log(size));
}

// The autocorrelations of the sequence; grows to the longest chain seen.
let sequence = new Float64Array(64);

/**
 * Integrated autocorrelation time tau from the autocovariances `gamma` at lags below `lagCount` and the variance of the
 * chain means, for chains of N draws; NaN when the sequence has not ended within those lags.
 */
function geyerTau(gamma: Float64Array, lagCount: number, drawCount: number, between: number): number {
  if (sequence.length < lagCount) sequence = new Float64Array(lagCount);
  const rho = sequence;
  const within = (gamma[0]! * drawCount) / (drawCount - 1);
  const total = gamma[0]! + between;

  // Geyer's initial positive sequence, in pairs (even lag, odd lag).
  let even = 1;
  let odd = 1 - (within - gamma[1]!) / total;
  rho[0] = even;
  rho[1] = odd;
  let last = 0;
  while (last < drawCount - 5 && even + odd > 0) {
    last += 2;
    if (last + 1 >= lagCount) return Number.NaN;
    even = 1 - (within - gamma[last]!) / total;
    odd = 1 - (within - gamma[last + 1]!) / total;
    const kept = even + odd >= 0;
    rho[last] = kept ? even : 0;
    rho[last + 1] = kept ? odd : 0;
  }
  // The improved estimate keeps a positive last even term: it reduces the variance for antithetic chains.
  if (even > 0) rho[last] = even;

  // Initial monotone sequence: no pair may exceed the one before it.
  for (let t = 2; t <= last - 2; t += 2) {
    const before = rho[t - 2]! + rho[t - 1]!;
    if (rho[t]! + rho[t + 1]! > before) {
      rho[t] = before / 2;
      rho[t + 1] = before / 2;
    }
  }
  let sum = last === 0 ? 1 : 0; // no second pair: tau = 2, as in posterior
  for (let t = 0; t < last; t++) sum += rho[t]!;
  return 2 * sum - 1 + rho[last]!;
}

/** `essBulk` of draws already pooled. */
export function essBulkOf(draws: PooledDraws): number {
  return draws.finite ? essOfBlock(draws.splitScores()) : Number.NaN;
}

/** `essQuantile` of draws already pooled, for one checked probability. */
export function essQuantileOf(draws: PooledDraws, probability: number): number {
  if (!draws.finite) return Number.NaN;
  // At p = 1 the indicator would always hold; half a draw less is asked for, as in posterior.
  const p = probability === 1 ? (draws.size - 0.5) / draws.size : probability;
  return essOfBlock(draws.splitIndicator(quantileOf(draws, p)));
}

/** `essTail` of draws already pooled. */
export function essTailOf(draws: PooledDraws): number {
  const low = essQuantileOf(draws, 0.05);
  const high = essQuantileOf(draws, 0.95);
  if (Number.isNaN(low)) return high;
  return Number.isNaN(high) ? low : Math.min(low, high);
}

/** `essMean` of draws already pooled. */
export function essMeanOf(draws: PooledDraws): number {
  return draws.finite ? essOfBlock(draws.split()) : Number.NaN;
}

/**
 * Bulk effective sample size: the ESS of the rank-normalised split chains, for the precision of posterior means and
 * medians (Vehtari et al. 2021; `posterior::ess_bulk`).
 *
 * All effective sample sizes: NaN when a draw is NaN or infinite, when all draws are equal, and with fewer than six
 * draws per chain (halves of three). DiagnosticsError on missing, empty, unequal or non-numeric chains.
 */
export function essBulk(chains: Chains): number {
  return essBulkOf(poolDraws(chains));
}

/**
 * Tail effective sample size: the smaller of the ESS of the 5% and the 95% quantile (Vehtari et al. 2021;
 * `posterior::ess_tail`).
 *
 * For draws of few values one of the two quantiles can be the largest value; I(x <= quantile) is then certain and needs
 * no draws, and the other quantile alone decides (posterior 1.4.0 gives NA). NaN when both are, and as `essBulk`.
 */
export function essTail(chains: Chains): number {
  return essTailOf(poolDraws(chains));
}

/**
 * Effective sample size for the posterior mean: the ESS of the split chains themselves (`posterior::ess_mean`). NaN as
 * `essBulk`.
 */
export function essMean(chains: Chains): number {
  return essMeanOf(poolDraws(chains));
}

/** Effective sample size for the posterior median: `essQuantile` at 1/2. */
export function essMedian(chains: Chains): number {
  return essQuantile(chains, 0.5);
}

/**
 * Effective sample size for the posterior sd: the ESS of |x - mean| in split chains (`posterior::ess_sd`). NaN as
 * `essBulk`, and when |x - mean| varies by no more than rounding.
 */
export function essSd(chains: Chains): number {
  const draws = poolDraws(chains);
  if (!draws.finite) return Number.NaN;
  const centre = draws.mean();
  const block = draws.splitMap((x) => Math.abs(x - centre));
  return isRoundingOnly(block, draws.magnitude()) ? Number.NaN : essOfBlock(block);
}

/**
 * Effective sample size for a posterior quantile: the ESS of the indicator x <= quantile in split chains (Vehtari et
 * al. 2021; `posterior::ess_quantile`). NaN as `essBulk`, and when the quantile is the largest draw.
 *
 * Throws DiagnosticsError `bad-argument` for a probability outside [0, 1].
 */
export function essQuantile(chains: Chains, probability: number): number {
  return essQuantileOf(poolDraws(chains), checkProbability(probability, 'probability'));
}

/**
 * Effective sample size without ranks, on split chains or with `split: false` on whole ones (`posterior::ess_basic`).
 * NaN as `essBulk`.
 */
export function essBasic(chains: Chains, options: SplitOptions = {}): number {
  checkOptions('essBasic', options, { split: 'boolean' });
  const draws = poolDraws(chains);
  if (!draws.finite) return Number.NaN;
  return essOfBlock((options.split ?? true) ? draws.split() : draws.unsplit);
}
