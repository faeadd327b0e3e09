import type { Chains } from './chains.ts';
import { chainsShape, quote } from './chains.ts';
import { checkOptions } from './checkOptions.ts';
import { DiagnosticsError } from './diagnosticsError.ts';
import { chainMean, mean, squaredDeviations, variance } from './moments.ts';
import { type PooledDraws, poolDraws } from './pooledDraws.ts';
import { type ChainBlock, isConstant } from './splitChains.ts';

/** Options of the measures that come in a split and an unsplit form. */
export interface SplitOptions {
  /**
   * Cut each chain in halves first, so that a trend within a chain counts as disagreement between chains. Default true.
   */
  readonly split?: boolean;
}

/**
 * Gelman & Rubin's ratio sqrt((B/W + N - 1) / N) of a block of M chains of N draws: B = N var(chain means), W = mean
 * chain variance. NaN for a block without variation, for N < 2 and for M < 2; Infinity when each chain stands still at
 * its own value.
 */
function rhatOfBlock(block: ChainBlock): number {
  const { values, chainCount, drawCount } = block;
  if (drawCount < 2 || chainCount < 2 || isConstant(block)) return Number.NaN;
  const means = new Float64Array(chainCount);
  let within = 0;
  for (let c = 0; c < chainCount; c++) {
    const centre = chainMean(values, c * drawCount, drawCount);
    means[c] = centre;
    within += squaredDeviations(values, centre, c * drawCount, drawCount) / (drawCount - 1);
  }
  const between = drawCount * variance(means);
  return Math.sqrt((between / (within / chainCount) + drawCount - 1) / drawCount);
}

/** `rhat` of draws already pooled. */
export function rhatOf(draws: PooledDraws): number {
  if (!draws.finite) return Number.NaN;
  const folded = draws.splitFoldedScores();
  const tail = folded === null ? 0 : rhatOfBlock(folded);
  return Math.max(rhatOfBlock(draws.splitScores()), tail);
}

/**
 * R-hat: the larger of the rank-normalised split R-hat of the draws and of the folded draws |x - median|; near 1 when
 * the chains agree in location and in spread. Vehtari, Gelman, Simpson, Carpenter & Bürkner (2021); R's
 * `posterior::rhat`.
 *
 * NaN when a draw is NaN or infinite, when all draws are equal (a constant cannot be told from chains that are all
 * stuck) and with fewer than four draws per chain. Infinity when every chain stands still at its own value. When
 * folding leaves no variation (two values, equally frequent) it is the R-hat of the draws alone. A single chain is
 * judged by its two halves. (posterior 1.4.0 gives numbers for three draws and for draws with an infinity, the first by
 * dropping a dimension, the second against its documentation, and NA for two equally frequent values.)
 *
 * Throws DiagnosticsError on missing, empty, unequal or non-numeric chains.
 */
export function rhat(chains: Chains): number {
  return rhatOf(poolDraws(chains));
}

/**
 * The classical R-hat, without ranks: sqrt((B/W + N - 1) / N) on split chains, or on whole chains with `split: false`
 * (Gelman et al. 2013, BDA3, equations 11.1 to 11.4; `posterior::rhat_basic`).
 *
 * NaN for non-finite or constant draws, for chains (or halves) of fewer than two draws, and for one unsplit chain.
 */
export function rhatBasic(chains: Chains, options: SplitOptions = {}): number {
  checkOptions('rhatBasic', options, { split: 'boolean' });
  const draws = poolDraws(chains);
  if (!draws.finite) return Number.NaN;
  return rhatOfBlock((options.split ?? true) ? draws.split() : draws.unsplit);
}

/**
 * Nested R-hat for many short chains: sqrt(1 + B / W) over superchains, groups of chains started at one point. B is the
 * variance of the superchain means; W the mean over superchains of the variance of their chain means plus their mean
 * within-chain variance. Margossian, Hoffman, Sountsov, Riou-Durand, Vehtari & Gelman (2024), equations 15 to 19.
 *
 * `superchains` gives each chain the name of its superchain; all superchains must hold equally many chains. With one
 * chain a superchain the variance between chains is 0, and with one draw a chain so is the variance within. NaN for
 * non-finite or constant draws.
 *
 * Throws DiagnosticsError `bad-argument` when the names do not fit the chains or there are fewer than two superchains.
 */
export function rhatNested(chains: Chains, superchains: readonly (string | number)[]): number {
  const { chainCount, drawCount } = chainsShape(chains);
  if (!Array.isArray(superchains)) {
    throw new DiagnosticsError(
      'bad-argument',
      `superchains is ${quote(superchains)}; give an array with one name per chain`,
    );
  }
  if (superchains.length !== chainCount) {
    throw new DiagnosticsError(
      'bad-argument',
      `superchains names ${superchains.length} chains and there are ${chainCount}; give one name per chain`,
    );
  }
  const members = new Map<string | number, number[]>();
  superchains.forEach((name, c) => {
    members.set(name, [...(members.get(name) ?? []), c]);
  });
  const sizes = [...members.values()].map((chainNumbers) => chainNumbers.length);
  if (sizes.length < 2 || sizes.some((size) => size !== sizes[0])) {
    throw new DiagnosticsError(
      'bad-argument',
      `superchains have sizes ${sizes.join(', ')}; give at least two superchains of equally many chains`,
    );
  }
  const draws = poolDraws(chains);
  if (!draws.finite || isConstant(draws.unsplit)) return Number.NaN;
  const { values } = draws.unsplit;
  const superchainMeans: number[] = [];
  let within = 0;
  for (const chainNumbers of members.values()) {
    const means = chainNumbers.map((c) => mean(values, c * drawCount, drawCount));
    superchainMeans.push(mean(means));
    if (means.length > 1) within += variance(means);
    if (drawCount > 1) {
      const sums = chainNumbers.map((c, k) => squaredDeviations(values, means[k]!, c * drawCount, drawCount));
      within += mean(sums) / (drawCount - 1);
    }
  }
  return Math.sqrt(1 + variance(superchainMeans) / (within / members.size));
}
