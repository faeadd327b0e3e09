import { chiSquareUpperTail } from '../src/special/distributions.ts';
import type { Chains } from './chains.ts';
import { checkOptions } from './checkOptions.ts';
import { DiagnosticsError } from './diagnosticsError.ts';
import { essOfBlock } from './ess.ts';
import { type PooledDraws, poolDraws } from './pooledDraws.ts';
import { ranksOf } from './ranks.ts';

/**
 * How far the rank histogram of one chain, or of all, is from uniform: Pearson's statistic and its upper tail
 * probability.
 */
export interface Uniformity {
  readonly chiSquare: number;
  readonly degreesOfFreedom: number;
  readonly pValue: number;
}

/** Rank histograms of the chains of one quantity. */
export interface RankHistogram {
  /**
   * `counts[c][b]`: draws of chain c whose pooled rank falls into bin b of B equal ranges of rank, all draws counted.
   */
  readonly counts: number[][];
  /** Expected count of bin b in every chain: the bin's total over chains / M. */
  readonly expected: number[];
  /** The tests use every `thin`-th draw: the autocorrelation time of the ranks, rounded. */
  readonly thin: number;
  readonly chains: Uniformity[];
  readonly overall: Uniformity;
}

/** How the ranks are counted. */
export interface RankHistogramOptions {
  /** Number of bins B. Default 20. */
  readonly bins?: number;
}

/** Counts of pooled ranks per chain and bin. */
function rankCounts(draws: PooledDraws, bins: number): number[][] {
  const { chainCount, drawCount } = draws.unsplit;
  const counts = Array.from({ length: chainCount }, () => new Array<number>(bins).fill(draws.finite ? 0 : Number.NaN));
  if (!draws.finite) return counts;
  ranksOf(draws).forEach((rank, k) => {
    counts[Math.floor(k / drawCount)]![Math.floor(((rank - 0.5) * bins) / draws.size)]!++;
  });
  return counts;
}

const expectedCounts = (counts: number[][]): number[] =>
  counts[0]!.map((_, b) => counts.reduce((sum, row) => sum + row[b]!, 0) / counts.length);

/** Autocorrelation time of the ranks within chains, rounded; 1 where it is not defined (short or constant chains). */
function thinning(draws: PooledDraws): number {
  if (!draws.finite) return 1;
  const time = draws.size / essOfBlock({ ...draws.unsplit, values: ranksOf(draws) }, true);
  return time > 1 ? Math.min(Math.round(time), draws.unsplit.drawCount) : 1;
}

/**
 * Rank histograms per chain and their departure from uniformity as numbers: when all chains draw from one distribution,
 * each bin of pooled ranks holds the same share of every chain (Vehtari et al. 2021).
 *
 * Chain c: X2 = (S - 1)/(S - N) sum_b (O_cb - E_b)^2 / E_b with B - 1 degrees of freedom, the factor because the ranks
 * of all chains together are fixed; all chains: the chi-square of the M x B table, (M - 1)(B - 1) degrees of freedom.
 * The tests need nearly independent draws and so look at every `thin`-th one, ranked anew (Säilynoja, Bürkner & Vehtari
 * 2022); `counts` shows all. Empty bins (ties) are left out of the tests.
 *
 * Counts and tests are NaN when a draw is NaN or infinite; p-values also for constant draws and for a single chain,
 * whose own ranks are uniform whatever it does. Throws DiagnosticsError `bad-argument` unless bins is a whole number
 * from 2 up, and on unusable chains.
 */
export function rankHistogram(chains: Chains, options: RankHistogramOptions = {}): RankHistogram {
  checkOptions('rankHistogram', options, { bins: 'number' });
  const bins = options.bins ?? 20;
  if (!(Number.isInteger(bins) && bins >= 2)) {
    throw new DiagnosticsError('bad-argument', `bins is ${bins}; give a whole number of at least 2`);
  }
  const draws = poolDraws(chains);
  const thin = thinning(draws);
  const thinned =
    thin === 1 ? draws : poolDraws(chains.map((chain) => Array.from(chain).filter((_, i) => i % thin === 0)));
  const { chainCount, drawCount } = thinned.unsplit;
  const observed = rankCounts(thinned, bins);
  const expected = expectedCounts(observed);
  const used = [...expected.keys()].filter((b) => expected[b]! > 0);
  const pearson = observed.map((row) =>
    thinned.finite ? used.reduce((sum, b) => sum + (row[b]! - expected[b]!) ** 2 / expected[b]!, 0) : Number.NaN,
  );
  const fixedRanks = chainCount > 1 ? (thinned.size - 1) / (thinned.size - drawCount) : 1;
  const uniformity = (chiSquare: number, degreesOfFreedom: number): Uniformity => ({
    chiSquare,
    degreesOfFreedom,
    pValue: chainCount > 1 ? chiSquareUpperTail(chiSquare, degreesOfFreedom) : Number.NaN,
  });
  const counts = thin === 1 ? observed : rankCounts(draws, bins);
  return {
    counts,
    expected: expectedCounts(counts),
    thin,
    chains: pearson.map((x2) => uniformity(x2 * fixedRanks, used.length - 1)),
    overall: uniformity(
      pearson.reduce((sum, x2) => sum + x2, 0),
      (chainCount - 1) * (used.length - 1),
    ),
  };
}
