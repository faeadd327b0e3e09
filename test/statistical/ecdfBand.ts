/**
 * Simultaneous bands of an empirical distribution function (Säilynoja, Bürkner & Vehtari 2022, Statistics and Computing
 * 32:32, section 2): N values from the uniform distribution, counted at z_i = i / K, i = 1 .. K - 1. Each count is
 * Binomial(N, z_i); the band takes those whose two tails both hold more than gamma / 2, gamma so small that all of the
 * function is inside with the coverage wanted. For ranks 0 .. K - 1 among K - 1 draws the counts of ranks below i are
 * exactly binomial: nothing is made continuous.
 */
export interface EcdfBand {
  /** Smallest and largest count inside, at i = 1 .. K - 1 (index i - 1). */
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** The coverage parameter: the level of each point by itself. */
  readonly gamma: number;
}

/** A step of less chance than this is not followed. */
const NOTHING = 1e-18;

/** log k! for k = 0 .. n. */
function logFactorials(n: number): Float64Array {
  const out = new Float64Array(n + 1);
  for (let k = 2; k <= n; k += 1) out[k] = out[k - 1]! + Math.log(k);
  return out;
}

/** The smaller of the two tails P(X <= k) and P(X >= k), X ~ Binomial(N, z), for k = 0 .. N. */
function smallerTails(N: number, z: number, logs: Float64Array): Float64Array {
  const mass = Float64Array.from({ length: N + 1 }, (_, k) =>
    Math.exp(logs[N]! - logs[k]! - logs[N - k]! + k * Math.log(z) + (N - k) * Math.log1p(-z)),
  );
  const out = new Float64Array(N + 1);
  let below = 0;
  for (let k = 0; k <= N; k += 1) {
    below += mass[k]!;
    out[k] = below;
  }
  let above = 0;
  for (let k = N; k >= 0; k -= 1) {
    above += mass[k]!;
    out[k] = Math.min(out[k]!, above);
  }
  return out;
}

/** Bands and tests for N values at K - 1 inner points. */
export interface EcdfTest {
  /** The band whose coverage is at least 1 - level. */
  band(level: number): EcdfBand;
  /**
   * The chance that uniform values leave the band that ranks just leave: at most a level if and only if they leave the
   * band of that level. Exact. `histogram` (length K) has how many of the N ranks are 0 .. K - 1.
   */
  pValue(histogram: ArrayLike<number>): number;
  /** The chance that uniform values leave the band of a coverage parameter. */
  outside(gamma: number): number;
}

/** Prepares the tests. */
export function ecdfTest(N: number, K: number): EcdfTest {
  const logs = logFactorials(N);
  const tails = Array.from({ length: K - 1 }, (_, i) => smallerTails(N, (i + 1) / K, logs));

  /** The counts with 2 tail > gamma. By symmetry tails are often equal but for rounding, which must not part them. */
  const bandOf = (gamma: number): EcdfBand => {
    const bound = gamma * (1 + 1e-9);
    const low = new Int32Array(K - 1);
    const high = new Int32Array(K - 1);
    tails.forEach((tail, i) => {
      let k = 0;
      while (k < N && !(2 * tail[k]! > bound)) k += 1;
      low[i] = k;
      k = N;
      while (k > 0 && !(2 * tail[k]! > bound)) k -= 1;
      high[i] = k;
    });
    return { low, high, gamma };
  };

  /**
   * The chance of a path outside, by recursion over the points: count at z_i, then Binomial(N - count, (z_{i+1} - z_i)
   * / (1 - z_i)) more (equation 12 there).
   */
  const leaving = ({ low, high }: EcdfBand): number => {
    let inside = Float64Array.of(1);
    let from = 0;
    let left = 0;
    for (let i = 0; i < K - 1; i += 1) {
      const share = 1 / (K - i);
      const odds = share / (1 - share);
      const logRest = Math.log1p(-share);
      const next = new Float64Array(Math.max(0, high[i]! - low[i]! + 1));
      for (let a = 0; a < inside.length; a += 1) {
        const p = inside[a]!;
        const remaining = N - (from + a);
        let step = Math.exp(remaining * logRest);
        let kept = 0;
        for (let more = 0; more <= remaining; more += 1) {
          const count = from + a + more;
          if (count > high[i]! || (step < NOTHING && more > remaining * share)) break;
          if (count >= low[i]!) {
            kept += step;
            next[count - low[i]!] = next[count - low[i]!]! + p * step;
          }
          step *= ((remaining - more) / (more + 1)) * odds;
        }
        left += p * Math.max(0, 1 - kept);
      }
      inside = next;
      from = low[i]!;
    }
    return left;
  };

  const outside = (gamma: number): number => leaving(bandOf(gamma));
  return {
    outside,
    band(level) {
      let low = 0;
      let high = level;
      for (let step = 0; step < 40; step += 1) {
        const middle = 0.5 * (low + high);
        if (outside(middle) <= level) low = middle;
        else high = middle;
      }
      return bandOf(low);
    },
    pValue(histogram) {
      const counts = countsBelow(histogram);
      let gamma = Number.POSITIVE_INFINITY;
      tails.forEach((tail, i) => {
        gamma = Math.min(gamma, 2 * tail[counts[i]!]!);
      });
      return Math.min(1, outside(gamma));
    },
  };
}

/** How many ranks lie below i, for i = 1 .. K - 1 (index i - 1), from how many are 0 .. K - 1. */
export function countsBelow(histogram: ArrayLike<number>): Int32Array {
  const out = new Int32Array(histogram.length - 1);
  let sum = 0;
  for (let i = 0; i < out.length; i += 1) {
    sum += histogram[i]!;
    out[i] = sum;
  }
  return out;
}
