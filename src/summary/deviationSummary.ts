import type { ChainSummary } from '../mcmc/chainSummary.ts';
import { histogramQuantile } from '../mcmc/dyadicHistograms.ts';
import type { Fit } from '../mcmc/fit.ts';
import type { DrawSummary } from './drawSummary.ts';

/**
 * Answers on the deviations of a grouping factor of which a fit keeps running summaries, over all iterations of all
 * chains (C chains of S).
 */
export interface DeviationSummary {
  /** Mean, sd (denominator C S - 1) and quantiles (see `DyadicHistograms` for their error) of u_jk. */
  deviation(j: number, k: number, probs?: readonly number[]): DrawSummary;
  /** The same of b_jk = gamma_k w_j + u_jk. */
  coefficient(j: number, k: number, probs?: readonly number[]): DrawSummary;
  /** The posterior covariance of u_j, q x q. */
  covariance(j: number): Float64Array;
  /**
   * R-hat of u_jk (Gelman et al. 2013, eq. 11.4), without splits and ranks, of which means and variances know nothing:
   * sqrt(((S - 1) W + B) / (S W)), B = S times the variance of the chains' means, W the mean of their variances; NaN
   * for a single chain.
   */
  rhat(j: number, k: number): number;
  /** Posterior mean of the variance of u_jk over the groups. */
  betweenGroups(k: number): number;
}

const PROBS: readonly number[] = [0.05, 0.5, 0.95];

/** What a fit keeps of group term number f in place of draws; null where it has the draws, or nothing. */
export function deviationSummary({ design, quantiles, checkpoints }: Fit, f: number): DeviationSummary | null {
  const { factor, q } = design.groupTerms[f]!;
  const variable = `u_${factor}`;
  if (quantiles === undefined || !Object.hasOwn(quantiles, variable)) return null;
  const { deviations, coefficients } = quantiles[variable]!;
  const chains = checkpoints.map(({ summaries }) => summaries!.find((summary) => summary.variable === variable)!);
  const S = chains[0]!.iterations;
  const all = chains.length * S;
  const triangle = (q * (q + 1)) / 2;
  const mean = (of: (chain: ChainSummary) => number): number =>
    chains.reduce((sum, chain) => sum + of(chain), 0) / chains.length;
  /** Covariance over all draws, of the chains' sums of products and means. */
  const pooled = (
    products: (chain: ChainSummary) => number,
    one: (chain: ChainSummary) => number,
    other: (chain: ChainSummary) => number,
  ): number => {
    const [a, b] = [mean(one), mean(other)];
    let sum = 0;
    for (const chain of chains) sum += products(chain) + S * (one(chain) - a) * (other(chain) - b);
    return all > 1 ? sum / (all - 1) : 0;
  };
  const product = (j: number, k: number, l: number): number => {
    const [high, low] = k > l ? [k, l] : [l, k];
    return pooled(
      ({ products }) => products[j * triangle + (high * (high + 1)) / 2 + low]!,
      ({ means }) => means[j * q + k]!,
      ({ means }) => means[j * q + l]!,
    );
  };

  return {
    deviation: (j, k, probs = PROBS) => ({
      mean: mean(({ means }) => means[j * q + k]!),
      sd: Math.sqrt(product(j, k, k)),
      quantiles: probs.map((p) => histogramQuantile(deviations, j * q + k, p)),
    }),
    coefficient(j, k, probs = PROBS) {
      const at = j * q + k;
      const own = ({ coefficientMeans }: ChainSummary): number => coefficientMeans[at]!;
      return {
        mean: mean(own),
        sd: Math.sqrt(pooled(({ coefficientSquares }) => coefficientSquares[at]!, own, own)),
        quantiles: probs.map((p) => histogramQuantile(coefficients, at, p)),
      };
    },
    covariance: (j) => Float64Array.from({ length: q * q }, (_, i) => product(j, Math.floor(i / q), i % q)),
    rhat(j, k) {
      if (chains.length < 2) return Number.NaN;
      const at = j * triangle + (k * (k + 1)) / 2 + k;
      const within = mean(({ products }) => products[at]! / (S - 1));
      const center = mean(({ means }) => means[j * q + k]!);
      const between = mean(({ means }) => (means[j * q + k]! - center) ** 2) * (chains.length / (chains.length - 1));
      return Math.sqrt((S - 1) / S + between / within);
    },
    betweenGroups: (k) => mean(({ betweenGroups }) => betweenGroups[k]! / S),
  };
}
