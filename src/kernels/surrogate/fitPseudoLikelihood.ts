import type { Design } from '../../design/design.ts';
import { familyOf } from '../../families/familyOf.ts';
import { knownParameter } from '../../families/ownParameter.ts';
import type { Pausing } from '../../pausing.ts';
import { createRng } from '../../random/rng.ts';
import { averagedDerivatives } from '../cells/averagedDerivatives.ts';
import type { PseudoLikelihood } from './rowFunctions.ts';
import { type SurrogatePlace, type SurrogateSampler, surrogateStats } from './surrogateSampler.ts';

/**
 * Rounds of the pseudo-posterior, from which the next pseudo-likelihood is taken: first coefficients climb to their
 * conditional means, the sds held where they start, then all are drawn; sweeps of each round, and how many of them the
 * moments leave out.
 */
const EARLY = [
  { rounds: 12, sweeps: 2, leftOut: 1, drawn: false },
  { rounds: 4, sweeps: 12, leftOut: 4, drawn: true },
] as const;
/**
 * What the mean of a linear predictor changes in one of them at most: where events are rare whole steps, being
 * Newton's, would go beyond all bounds.
 */
const MOST_CHANGE = 1;
/** Then sweeps of the posterior, the first to forget the start, each later number between two pseudo-likelihoods. */
const LATE = [20, 60, 180] as const;
/** Rows beyond which these are the fewer the more rows there are, down to this share of them. */
const ALL_UP_TO = 1e5;
const LEAST_SHARE = 0.4;
/** Share of accepted joint steps below which a sweep has a step of its own for the sds. */
const POOR = 0.75;
/** Rows between two pauses. */
const ROWS = 20_000;
/** Variance of a linear predictor before anything is known. */
const FIRST_VARIANCE = 0.5;
const LEAST_VARIANCE = 1e-4;
/** The largest in the early rounds: sds that a first pseudo-likelihood has too large would feed themselves. */
const MOST_EARLY_VARIANCE = 1;
/** Least precision of a row, in sizes and copies. */
const LEAST_PRECISION = 1e-10;

/** What is fitted of a model, as plain data. */
export interface FittedPseudoLikelihood {
  readonly pseudo: PseudoLikelihood;
  /** Where the pilot run ended: a draw of the posterior. */
  readonly start: SurrogatePlace;
  /** The share of joint steps that the pilot run accepted at last. */
  readonly jointRate: number;
  /** Whether a sweep has a step of the sds and beta given standardised effects. */
  readonly scales: boolean;
}

/**
 * Fits the pseudo-likelihood of a sampler and leaves it frozen at it: with eta_i ~ N(m_i, v_i), m_i and v_i the moments
 * of a pilot run with a stream of its own, precision_i = -E l_i'', side_i = precision_i (m_i - base_i) + E l_i'. A
 * function of graph and data alone. The pilot first draws from the pseudo-posterior, whose rounds are those of the
 * variational Gaussian approximation (Opper & Archambeau 2009) by simulation, then from the posterior.
 */
export function* fitPseudoLikelihood(
  design: Design,
  sampler: SurrogateSampler,
  start: SurrogatePlace,
): Pausing<FittedPseudoLikelihood> {
  const family = familyOf(design);
  const own = knownParameter(design);
  const { rows, eta } = sampler;
  const { n, y, size, copies, base } = rows;
  const rng = createRng([4]);
  const mean = new Float64Array(n);
  const variance = new Float64Array(n);
  const before = new Float64Array(n);
  const averages = new Float64Array(4);
  let pseudo: PseudoLikelihood = { precision: new Float64Array(n), side: new Float64Array(n) };

  function* freeze(): Pausing<void> {
    const precision = new Float64Array(n);
    const side = new Float64Array(n);
    for (let i = 0; i < n; i += 1) {
      averagedDerivatives(family, rows, i, mean[i]!, Math.sqrt(variance[i]!), averages, own);
      const w = Math.max(averages[2]!, LEAST_PRECISION * size[i]! * copies[i]!);
      precision[i] = w;
      side[i] = w * (mean[i]! - base[i]!) + averages[1]!;
      if (i % ROWS === 0) yield;
    }
    pseudo = { precision, side };
    sampler.freeze(pseudo);
    yield;
  }
  /** Moments of eta over some sweeps, without those left out before them. */
  function* moments(sweeps: number, leftOut: number, sweep: () => void): Pausing<void> {
    mean.fill(0);
    variance.fill(0);
    for (let s = 0; s < sweeps; s += 1) {
      sweep();
      yield;
      if (s < leftOut) continue;
      // Welford's recurrence.
      const share = 1 / (s - leftOut + 1);
      for (let i = 0; i < n; i += 1) {
        const d = eta[i]! - mean[i]!;
        const m = mean[i]! + share * d;
        mean[i] = m;
        variance[i] = variance[i]! + share * (d * (eta[i]! - m) - variance[i]!);
      }
    }
    for (let i = 0; i < n; i += 1) variance[i] = Math.max(variance[i]!, LEAST_VARIANCE);
  }

  let sum = 0;
  let total = 0;
  for (let i = 0; i < n; i += 1) {
    sum += copies[i]! * y[i]!;
    total += copies[i]! * size[i]!;
  }
  const centre = family.linkOf((sum + 0.5) / (total + 1));
  for (let i = 0; i < n; i += 1) mean[i] = centre + base[i]!;
  variance.fill(FIRST_VARIANCE);
  yield* freeze();
  sampler.take(start);
  for (const { rounds, sweeps, leftOut, drawn } of EARLY) {
    for (let round = 0; round < rounds; round += 1) {
      before.set(mean);
      yield* moments(sweeps, leftOut, () => (drawn ? sampler.pseudoSweep(rng) : sampler.climb()));
      for (let i = 0; i < n; i += 1) {
        mean[i] = Math.max(before[i]! - MOST_CHANGE, Math.min(before[i]! + MOST_CHANGE, mean[i]!));
        variance[i] = drawn ? Math.min(variance[i]!, MOST_EARLY_VARIANCE) : FIRST_VARIANCE;
      }
      yield* freeze();
    }
  }
  const info = new Float64Array(surrogateStats.length);
  let jointRate = 0;
  const share = Math.max(LEAST_SHARE, Math.min(1, ALL_UP_TO / n));
  for (const [round, most] of LATE.entries()) {
    const sweeps = Math.ceil(share * most);
    jointRate = 0;
    yield* moments(sweeps, 0, () => {
      sampler.sweep(rng, true, info);
      jointRate += info[0]! / sweeps;
    });
    if (round > 0) yield* freeze();
  }
  return { pseudo, start: sampler.place(), jointRate, scales: jointRate < POOR };
}
