import { exp, log, log1p } from '../src/elementary.ts';
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
  /**
   * Of one sample of whole numbers 0 .. cells - 1, as ranks among cells - 1 draws are: the points are moved to
   * multiples of 1 / cells.
   */
  readonly cells?: number;
}

/** A band round 0 for the difference between an ECDF and the uniform one. */
export interface EcdfBand {
  /** Shares of the ranks, from 0 to 1. */
  readonly share: Float64Array;
  /** Half the width of the band there. */
  readonly halfWidth: Float64Array;
}

/**
 * A simultaneous band for ECDFs less the uniform one (Saeilynoja, Buerkner & Vehtari 2022). Of M > 1 chains of N
 * independent draws each (section 3), by rank among all: where all chains sample one distribution, the count of a chain
 * among the r lowest of all M N draws is hypergeometric, and along r a Markov chain. Of M = 1 sample of N values that
 * should be uniform (section 2): the count below z is binomial, and along z a Markov chain. The band is mean -+ z sd at
 * every point, z the smallest (to 0.02) with which one chain leaves it with probability at most (1 - coverage) / M (two
 * chains mirror each other: 1 - coverage), computed by the recursion over the counts, not simulated. By Bonferroni all
 * chains stay inside with at least the coverage. Throws DiagnosticsError `bad-argument`.
 */
export function ecdfBand(chainCount: number, drawCount: number, options: EcdfBandOptions = {}): EcdfBand {
  checkOptions('ecdfBand', options, { points: 'number', coverage: 'number', cells: 'number' });
  const { points = 40, cells } = options;
  const coverage = checkProbability(options.coverage ?? 0.95, 'coverage');
  for (const [name, value, least] of [
    ['chainCount', chainCount, 1],
    ['drawCount', drawCount, 2],
    ['points', points, 2],
    ['cells', cells ?? 2, 2],
  ] as const) {
    if (!(Number.isInteger(value) && value >= least)) {
      throw new DiagnosticsError(
        'bad-argument',
        `${name} is ${quote(value)}; give a whole number of at least ${least}`,
      );
    }
  }
  if (cells !== undefined && chainCount > 1) {
    throw new DiagnosticsError(
      'bad-argument',
      `cells is ${quote(cells)}; it is accepted with one sample, chainCount 1`,
    );
  }
  // Ranks are whole: of several chains those of all draws, of a sample those it may have.
  const whole = chainCount > 1 ? chainCount * drawCount : (cells ?? points);
  const ranks = [...new Set(Array.from({ length: points + 1 }, (_, i) => Math.round((i * whole) / points)))];
  const share = ranks.map((r) => r / whole);
  const finite = chainCount > 1 ? (whole / (whole - 1)) * (1 - 1 / chainCount) : 1;
  const mean = share.map((s) => drawCount * s);
  const sd = share.map((s) => Math.sqrt(drawCount * s * (1 - s) * finite));
  const step = chainCount > 1 ? hypergeometricStep(ranks, whole) : binomialStep(share);
  const target = (1 - coverage) / (chainCount === 2 ? 1 : chainCount);
  const inside = insideProbability(step, drawCount, mean, sd);
  let [low, high] = [1, 6];
  while (high - low > 0.02) {
    const z = (low + high) / 2;
    if (1 - inside(z) <= target) high = z;
    else low = z;
  }
  return { share: Float64Array.from(share), halfWidth: Float64Array.from(sd, (s) => (high * s) / drawCount) };
}

/**
 * How many of the `own` values that are left come between point i - 1 and point i: expected number and sd, least and
 * greatest number, log of the probability of k, and that of k + 1 over it: (own - k) (b + bk k) / ((k + 1) (c + ck k)).
 */
interface Step {
  readonly expected: number;
  readonly sd: number;
  readonly least: number;
  readonly most: number;
  logMass(k: number): number;
  readonly b: number;
  readonly bk: number;
  readonly c: number;
  readonly ck: number;
}

type StepOf = (i: number, own: number) => Step;

/** log k!, kept. */
function logFactorials(): (k: number) => number {
  const known: number[] = [];
  return (k) => {
    known[k] ??= logGamma(k + 1);
    return known[k]!;
  };
}

/** Of `left` draws of all chains, `own` of this one, the next `step`. */
function hypergeometricStep(ranks: readonly number[], total: number): StepOf {
  const logs = logFactorials();
  const choose = (n: number, k: number): number => logs(n) - logs(k) - logs(n - k);
  return (i, own) => {
    const step = ranks[i]! - ranks[i - 1]!;
    const left = total - ranks[i - 1]!;
    return {
      expected: (step * own) / left,
      sd: Math.sqrt((step * own * (left - own)) / (left * left)),
      least: Math.max(0, step - left + own),
      most: Math.min(step, own),
      logMass: (k) => choose(own, k) + choose(left - own, step - k) - choose(left, step),
      b: step,
      bk: -1,
      c: left - own - step + 1,
      ck: 1,
    };
  };
}

/** Each of the `own` values that are left, by the share of what is left of the line; at its end all of them. */
function binomialStep(share: readonly number[]): StepOf {
  const logs = logFactorials();
  return (i, own) => {
    const p = (share[i]! - share[i - 1]!) / (1 - share[i - 1]!);
    const last = i === share.length - 1;
    return {
      expected: own * p,
      sd: Math.sqrt(own * p * (1 - p)),
      least: last ? own : 0,
      most: own,
      logMass: (k) => (last ? 0 : logs(own) - logs(k) - logs(own - k) + k * log(p) + (own - k) * log1p(-p)),
      b: p,
      bk: 0,
      c: 1 - p,
      ck: 0,
    };
  };
}

/** The probability that the counts of one chain stay within mean -+ z sd at all points, as a function of z. */
function insideProbability(
  stepOf: StepOf,
  drawCount: number,
  mean: readonly number[],
  sd: readonly number[],
): (z: number) => number {
  return (z) => {
    let before = { low: 0, mass: new Float64Array([1]) };
    for (let i = 1; i < mean.length; i += 1) {
      const low = Math.max(0, Math.ceil(mean[i]! - z * sd[i]! - 1e-9));
      const high = Math.min(drawCount, Math.floor(mean[i]! + z * sd[i]! + 1e-9));
      const mass = new Float64Array(Math.max(0, high - low + 1));
      before.mass.forEach((chance, a) => {
        if (chance < 1e-14) return;
        const there = before.low + a;
        const own = drawCount - there;
        const step = stepOf(i, own);
        const { b, bk, c, ck } = step;
        const spread = 9 * step.sd + 3;
        const from = Math.max(step.least, Math.ceil(step.expected - spread), low - there);
        const to = Math.min(step.most, Math.floor(step.expected + spread), high - there);
        if (from > to) return;
        // P(k), then by the ratio P(k + 1) / P(k).
        let next = chance * exp(step.logMass(from));
        for (let k = from; k <= to; k += 1) {
          mass[there + k - low]! += next;
          next *= ((own - k) * (b + bk * k)) / ((k + 1) * (c + ck * k));
        }
      });
      before = { low, mass };
    }
    return before.mass.reduce((sum, chance) => sum + chance, 0);
  };
}
