import { betaQuantile } from '../src/special/distributions.ts';
import { type Chains, checkProbability } from './chains.ts';
import { essMeanOf, essOfBlock, essQuantileOf } from './ess.ts';
import { type PooledDraws, poolDraws } from './pooledDraws.ts';
import { isRoundingOnly } from './splitChains.ts';

// Phi(-1) and Phi(1), to the seven digits that posterior uses.
const ONE_SD = [0.1586553, 0.8413447] as const;

/** `mcseMean` of draws already pooled. */
export function mcseMeanOf(draws: PooledDraws): number {
  return draws.sd() / Math.sqrt(essMeanOf(draws));
}

/** `mcseQuantile` of draws already pooled, for one checked probability. */
function mcseQuantileOf(draws: PooledDraws, probability: number): number {
  const ess = essQuantileOf(draws, probability);
  if (Number.isNaN(ess)) return Number.NaN;
  const sorted = draws.sorted();
  const [low, high] = ONE_SD.map((p) => betaQuantile(p, ess * probability + 1, ess * (1 - probability) + 1));
  const from = Math.max(Math.floor(low! * draws.size), 1);
  const to = Math.min(Math.ceil(high! * draws.size), draws.size);
  return (sorted[to - 1]! - sorted[from - 1]!) / 2;
}

/**
 * Monte Carlo standard error of the posterior mean: sd / sqrt(essMean) (`posterior::mcse_mean`). NaN as `essBulk`.
 *
 * All Monte Carlo standard errors throw DiagnosticsError on missing, empty, unequal or non-numeric chains.
 */
export function mcseMean(chains: Chains): number {
  return mcseMeanOf(poolDraws(chains));
}

/** Monte Carlo standard error of the posterior median: `mcseQuantile` at 1/2. */
export function mcseMedian(chains: Chains): number {
  return mcseQuantile(chains, 0.5);
}

/**
 * Monte Carlo standard error of the posterior sd, by the delta method on the variance: with c = x - mean,
 * sqrt((mean c^4 - (mean c^2)^2) / ESS(c^2) / mean c^2 / 4) (Kenney & Keeping 1951; `posterior::mcse_sd`).
 *
 * NaN as `essBulk`, and when c^2 varies by no more than rounding. Draws are never taken for constant because they are
 * small in absolute size (posterior 1.4.0 gives NA for an sd of 1e-10).
 */
export function mcseSd(chains: Chains): number {
  const draws = poolDraws(chains);
  if (!draws.finite) return Number.NaN;
  const { values } = draws.unsplit;
  const centre = draws.mean();
  const absolute = draws.splitMap((x) => Math.abs(x - centre));
  if (isRoundingOnly(absolute, draws.magnitude())) return Number.NaN;
  const ess = essOfBlock(draws.splitMap((x) => (x - centre) * (x - centre)));
  let second = 0;
  let fourth = 0;
  for (let i = 0; i < values.length; i++) {
    const c2 = (values[i]! - centre) ** 2;
    second += c2;
    fourth += c2 * c2;
  }
  second /= values.length;
  fourth /= values.length;
  return Math.sqrt((fourth - second * second) / ess / second / 4);
}

/**
 * Monte Carlo standard error of a posterior quantile: half the distance between the order statistics at the 16% and 84%
 * points of Beta(ESS p + 1, ESS (1 - p) + 1), ESS = essQuantile (Vehtari et al. 2021;
 * `posterior::mcse_quantile`). NaN as `essQuantile`.
 *
 * Throws DiagnosticsError `bad-argument` for a probability outside [0, 1].
 */
export function mcseQuantile(chains: Chains, probability: number): number {
  return mcseQuantileOf(poolDraws(chains), checkProbability(probability, 'probability'));
}
