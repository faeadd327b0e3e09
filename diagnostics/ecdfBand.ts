import { exp } from '../src/elementary.ts';
import { logGamma } from '../src/special/logGamma.ts';
import { checkProbability, quote } from './chains.ts';
import { checkOptions } from './checkOptions.ts';
import { DiagnosticsError } from './diagnosticsError.ts';

/** How many points and how sure. */
export interface EcdfBandOptions {
  /** The band is taken at i / points of the ranks, i = 1 .. points - 1; default 40. */
  readonly points?: number;
  /** Probability that all chains stay inside at all points, default 0.95. */
  readonly coverage?: number;
}

/** A band round 0 for the difference between the rank ECDF of a chain and the uniform one. */
export interface EcdfBand {
  /** Shares of the ranks, from 0 to 1. */
  readonly share: Float64Array;
  /** Half the width of the band there. */
  readonly halfWidth: Float64Array;
}

/**
 * A simultaneous band for rank ECDFs of M chains of N independent draws each (Saeilynoja, Buerkner & Vehtari 2022,
 * section 3): where all chains sample one distribution, the count of a chain among the r lowest of all M N draws is
 * hypergeometric, and along r a Markov chain. The band is mean -+ z sd at every point, z the smallest (to 0.02) with
 * which one chain leaves it with probability at most (1 - coverage) / M (two chains mirror each other: 1 - coverage),
 * computed by the recursion over the counts, not simulated. By Bonferroni all chains stay inside with at least the
 * coverage. Throws DiagnosticsError `bad-argument`.
 */
export function ecdfBand(chainCount: number, drawCount: number, options: EcdfBandOptions = {}): EcdfBand {
  checkOptions('ecdfBand', options, { points: 'number', coverage: 'number' });
  const { points = 40 } = options;
  const coverage = checkProbability(options.coverage ?? 0.95, 'coverage');
  for (const [name, value] of [
    ['chainCount', chainCount],
    ['drawCount', drawCount],
    ['points', points],
  ] as const) {
    if (!(Number.isInteger(value) && value >= 2)) {
      throw new DiagnosticsError('bad-argument', `${name} is ${quote(value)}; give a whole number of at least 2`);
    }
  }
  const total = chainCount * drawCount;
  const ranks = Array.from({ length: points + 1 }, (_, i) => Math.round((i * total) / points));
  const mean = ranks.map((r) => r / chainCount);
  const sd = ranks.map((r) => Math.sqrt(((r / chainCount) * (1 - 1 / chainCount) * (total - r)) / (total - 1)));
  const target = (1 - coverage) / (chainCount === 2 ? 1 : chainCount);
  const inside = insideProbability(ranks, drawCount, total, mean, sd);
  let [low, high] = [1, 6];
  while (high - low > 0.02) {
    const z = (low + high) / 2;
    if (1 - inside(z) <= target) high = z;
    else low = z;
  }
  return {
    share: Float64Array.from(ranks, (r) => r / total),
    halfWidth: Float64Array.from(sd, (s) => (high * s) / drawCount),
  };
}

/** The probability that the counts of one chain stay within mean -+ z sd at all ranks, as a function of z. */
function insideProbability(
  ranks: readonly number[],
  drawCount: number,
  total: number,
  mean: readonly number[],
  sd: readonly number[],
): (z: number) => number {
  const logs = Float64Array.from({ length: total + 1 }, (_, k) => logGamma(k + 1));
  const choose = (n: number, k: number): number => logs[n]! - logs[k]! - logs[n - k]!;
  return (z) => {
    let before = { low: 0, mass: new Float64Array([1]) };
    for (let i = 1; i < ranks.length; i += 1) {
      const step = ranks[i]! - ranks[i - 1]!;
      const left = total - ranks[i - 1]!;
      const low = Math.max(0, Math.ceil(mean[i]! - z * sd[i]! - 1e-9));
      const high = Math.min(drawCount, Math.floor(mean[i]! + z * sd[i]! + 1e-9));
      const mass = new Float64Array(Math.max(0, high - low + 1));
      before.mass.forEach((chance, a) => {
        if (chance < 1e-14) return;
        const own = drawCount - before.low - a;
        const whole = choose(left, step);
        const spread = 9 * Math.sqrt((step * own * (left - own)) / (left * left)) + 3;
        const expected = (step * own) / left;
        const from = Math.max(0, step - left + own, Math.ceil(expected - spread), low - before.low - a);
        const to = Math.min(step, own, Math.floor(expected + spread), high - before.low - a);
        if (from > to) return;
        // P(k), then by the ratio P(k + 1) / P(k) of the hypergeometric distribution.
        let next = chance * exp(choose(own, from) + choose(left - own, step - from) - whole);
        for (let k = from; k <= to; k += 1) {
          mass[before.low + a + k - low]! += next;
          next *= ((own - k) * (step - k)) / ((k + 1) * (left - own - step + k + 1));
        }
      });
      before = { low, mass };
    }
    return before.mass.reduce((sum, chance) => sum + chance, 0);
  };
}
