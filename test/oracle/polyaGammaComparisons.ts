import erfc from '@stdlib/math/base/special/erfc';
import { kolmogorovSmirnov } from './goodnessOfFit.ts';
import { polyaGammaCdf } from './polyaGammaCdf.ts';
import { polyaGammaCumulants, polyaGammaLogLaplace, standardMoments } from './polyaGammaMoments.ts';

/**
 * One comparison of a sample with its law: `statistic` is sqrt(N) sup |F_N - F| for the distribution function, else a
 * z-score.
 */
export interface Comparison {
  readonly what: string;
  readonly statistic: number;
  /** The chance of a statistic at least as far out under the law. */
  readonly p: number;
}

/** A sample against a continuous distribution function, Kolmogorov's limit for the tail. */
export function distributionComparison(sample: Float64Array, cdf: (x: number) => number): Comparison {
  const statistic = kolmogorovSmirnov(sample, cdf);
  return { what: 'distribution', statistic, p: Math.min(1, 2 * Math.exp(-2 * statistic * statistic)) };
}

/** A mean of N against its law; the skewness of the mean enters by the first term of Cornish & Fisher. */
export function meanComparison(what: string, z: number, skewness = 0): Comparison {
  const statistic = z - ((z * z - 1) * skewness) / 6;
  return { what, statistic, p: erfc(Math.abs(statistic) / Math.SQRT2) };
}

/** A moment's mean more skewed than this is not normal enough to be judged: it is left out. */
const LARGEST_SKEWNESS = 0.25;

function momentComparisons(sample: Float64Array, n: number, z: number): Comparison[] {
  const cumulants = polyaGammaCumulants(n, z, 12);
  const law = standardMoments(cumulants);
  const mean = cumulants[0]!;
  const sd = Math.sqrt(cumulants[1]!);
  const sums = [0, 0, 0, 0];
  for (const x of sample) {
    const s = (x - mean) / sd;
    const s2 = s * s;
    sums[0]! += s;
    sums[1]! += s2;
    sums[2]! += s2 * s;
    sums[3]! += s2 * s2;
  }
  return sums.flatMap((sum, i) => {
    const r = i + 1;
    const m = law[r]!;
    const variance = law[2 * r]! - m * m;
    const third = law[3 * r]! - 3 * law[2 * r]! * m + 2 * m ** 3;
    const skewness = third / variance ** 1.5 / Math.sqrt(sample.length);
    if (skewness > LARGEST_SKEWNESS) return [];
    return [meanComparison(`moment ${r}`, (sum / sample.length - m) / Math.sqrt(variance / sample.length), skewness)];
  });
}

/** E exp(-t X) where it is 0.9, 0.5 and 0.1. */
function laplaceComparisons(sample: Float64Array, n: number, z: number): Comparison[] {
  return [0.9, 0.5, 0.1].map((level) => {
    let low = -700;
    let high = 700;
    for (let step = 0; step < 60; step++) {
      const middle = (low + high) / 2;
      if (polyaGammaLogLaplace(Math.exp(middle), n, z) > Math.log(level)) low = middle;
      else high = middle;
    }
    const t = Math.exp(low);
    const log = polyaGammaLogLaplace(t, n, z);
    const value = Math.exp(log);
    const variance = value * value * Math.expm1(polyaGammaLogLaplace(2 * t, n, z) - 2 * log);
    // Differences from the value are summed: the transform of a narrow law varies little.
    let sum = 0;
    for (const x of sample) sum += Math.expm1(-t * x - log);
    return meanComparison(`transform ${level}`, (value * sum) / Math.sqrt(variance * sample.length));
  });
}

/**
 * A sample against PG(n, z): distribution function, the first four moments (those that can be judged), Laplace
 * transform.
 */
export function polyaGammaComparisons(sample: Float64Array, n: number, z: number): Comparison[] {
  return [
    distributionComparison(sample, polyaGammaCdf(n, z)),
    ...momentComparisons(sample, n, z),
    ...laplaceComparisons(sample, n, z),
  ];
}

/**
 * Those of `comparisons` that fail when all of them together may fail by chance with probability `level` (Bonferroni).
 */
export function familyWiseFailures<T extends Comparison>(comparisons: readonly T[], level: number): T[] {
  return comparisons.filter(({ p }) => !(p >= level / comparisons.length));
}
