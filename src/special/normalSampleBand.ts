import { log } from '../elementary.ts';
import { betaCdf, betaQuantile, normalQuantile } from './distributions.ts';
import { normalCdf } from './normalTail.ts';

/**
 * The local level at which all n ordered uniform values lie within their own Beta intervals with probability .95, at
 * some n: solved for by the recursion over the counts below each bound (test/oracle/orderedCoverage.ts), to four
 * digits.
 */
const LEVELS: readonly (readonly [n: number, level: number])[] = [
  [1, 0.05],
  [2, 0.02653],
  [3, 0.01863],
  [5, 0.01227],
  [8, 0.008629],
  [15, 0.005671],
  [30, 0.003811],
  [100, 0.002195],
  [300, 0.001493],
  [1000, 0.001071],
  [3000, 0.0008385],
  [10_000, 0.0006707],
];

/** Standard deviations within which an ordered value of the middle is inside, and beyond which it is outside. */
const SURELY = { inside: 2, outside: 8, rank: 20 };

/** The level for n values: linear in log n between those known, as 1 / (log n log log n) beyond them. */
function localLevel(n: number): number {
  const [most, least] = LEVELS.at(-1)!;
  if (n >= most) return (least * log(most) * log(log(most))) / (log(n) * log(log(n)));
  const above = LEVELS.findIndex(([m]) => m > n);
  const [m0, level0] = LEVELS[above - 1]!;
  const [m1, level1] = LEVELS[above]!;
  return level0 * (level1 / level0) ** (log(n / m0) / log(m1 / m0));
}

/** A band for the ordered values of a sample. */
export interface NormalSampleBand {
  /** Least and greatest of the i-th lowest value (0-based). */
  at(i: number): readonly [low: number, high: number];
  /** Whether the i-th lowest value is inside. */
  holds(i: number, value: number): boolean;
}

/**
 * A band that holds all n ordered values of a standard normal sample at once with probability .95, each as likely to
 * leave it as any other: the i-th of n uniform values is Beta(i, n + 1 - i), and the band takes of each the quantiles
 * eta / 2 and 1 - eta / 2, eta the local level (Aldor-Noiman, Brown, Buja, Rolke & Stine 2013; "equal local levels",
 * Gontscharuk, Landwehr & Finner 2015). Unlike bands of one width it does not open at the ends, which are what
 * a quantile plot is looked at for. `n` at least 1.
 */
export function normalSampleBand(n: number): NormalSampleBand {
  const half = localLevel(n) / 2;
  const quantile = (share: number, rank: number): number => normalQuantile(betaQuantile(share, rank + 1, n - rank));
  return {
    // Of the upper half, the bounds of the lower one mirrored: a share near 1 would have lost its digits.
    at: (i) => {
      const rank = Math.min(i, n - 1 - i);
      const [low, high] = [quantile(half, rank), quantile(1 - half, rank)];
      return 2 * i < n ? [low, high] : [-high, -low];
    },
    holds: (i, value) => {
      const [rank, z] = 2 * i < n ? [i, value] : [n - 1 - i, -value];
      const p = normalCdf(z);
      if (rank >= SURELY.rank) {
        const mean = (rank + 1) / (n + 1);
        const sds = Math.abs(p - mean) / Math.sqrt((mean * (1 - mean)) / (n + 2));
        if (sds < SURELY.inside) return true;
        if (sds > SURELY.outside) return false;
      }
      const below = betaCdf(p, rank + 1, n - rank);
      return below >= half && below <= 1 - half;
    },
  };
}
