import { ModelError } from '../../errors.ts';
import { oneOf, probability, text, wholeNumber } from '../../input/acceptedValue.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions, type OptionTable } from '../../input/checkOptions.ts';
import { nearestNames } from '../../input/nearestNames.ts';
import { optionError } from '../../input/optionError.ts';
import { quote } from '../../input/quote.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { betaDraws, drawCount, groupDraws } from '../groupDraws.ts';
import { intervalKeys } from '../intervalKeys.ts';
import { factorPosition } from '../modelFit.ts';
import { midranks } from './midranks.ts';

/** Where one group stands among all of its factor; rank 1 is the best. */
export interface GroupRankRow {
  readonly level: string;
  /** Posterior mean and sd of the rank. */
  readonly expectedRank: number;
  readonly sd: number;
  /** Median and central interval of the rank. */
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
  /** Posterior probability of rank 1, and of one of the ranks 1 to `top`. */
  readonly best: number;
  readonly inTop: number;
}

export interface GroupRanks {
  readonly factor: string;
  readonly term: string;
  readonly of: 'coefficient' | 'deviation';
  /** Which end has rank 1. */
  readonly best: 'highest' | 'lowest';
  /** The k of `inTop`. */
  readonly top: number;
  readonly level: number;
  /** One per level, in the order of the levels. */
  readonly rows: readonly GroupRankRow[];
}

export interface GroupRanksOptions {
  /** The varying coefficient; default `Intercept`, or the only one there is. */
  readonly term?: string;
  /**
   * 'coefficient' (default): b = gamma w + u, level-2 predictors included; 'deviation': u, beyond what they explain.
   */
  readonly of?: 'coefficient' | 'deviation';
  /** Which end is the best and has rank 1; default 'highest'. */
  readonly best?: 'highest' | 'lowest';
  /** k of the probability to be among the first k; default 10, or all where there are fewer. */
  readonly top?: number;
  /** Probability of the interval, default 0.9. */
  readonly level?: number;
}

const RANKS_OPTIONS: OptionTable<GroupRanksOptions> = {
  term: text,
  of: oneOf('coefficient', 'deviation'),
  best: oneOf('highest', 'lowest'),
  top: wholeNumber(1),
  level: probability,
};

/**
 * The ranks of the groups of a factor by one of their coefficients: in every draw the J groups are ranked, 1 the best,
 * and expected rank, sd, type-7 quantiles and probabilities are those of the draws of the rank R_j = 1 + sum over i of
 * 1(b_i > b_j) (Laird & Louis 1989; Goldstein & Spiegelhalter 1996, section 4). Ranks of posterior means would be too
 * far apart, and say nothing of how little they are known. Groups that are equal in a draw share their places: each has
 * the mean of them as its rank, and an equal share of the probability to be among the first. Groups without rows take
 * part. `ranks` of the diagnostics, of which this is none, ranks the draws of one quantity.
 *
 * Throws `unknown-factor`, `unknown-term`, and `option`, also for a `top` beyond the number of groups.
 */
export function groupRanks(fit: Fit, factor: string, options: GroupRanksOptions = {}): GroupRanks {
  checkFit('groupRanks', fit, 'mcmc');
  checkOptions('groupRanks', options, RANKS_OPTIONS);
  const { of = 'coefficient', best = 'highest', level = 0.9 } = options;
  const { probs } = intervalKeys(level);
  const { term, top, groups } = rankedGroups(fit, factor, options, probs);
  const rows = groups.map(({ level: name, mean, sd, quantiles, ...chances }): GroupRankRow => {
    const [lower, median, upper] = quantiles as [number, number, number];
    return { level: name, expectedRank: mean, sd, median, lower, upper, ...chances };
  });
  return { factor, term, of, best, top, level, rows };
}

/** The ranks of each group over the draws: mean, sd, the quantiles asked for, and the chances of the first places. */
export interface RankedGroups {
  readonly term: string;
  readonly top: number;
  readonly groups: readonly {
    readonly level: string;
    readonly mean: number;
    readonly sd: number;
    readonly quantiles: readonly number[];
    readonly best: number;
    readonly inTop: number;
  }[];
}

/** The same with whatever quantiles are wanted, from one ranking of the groups in every draw; options are checked. */
export function rankedGroups(
  fit: Fit,
  factor: string,
  options: GroupRanksOptions,
  probs: readonly number[],
): RankedGroups {
  const { of = 'coefficient', best = 'highest' } = options;
  const f = factorPosition(fit.design, factor);
  const draws = groupDraws(fit, f);
  const { J, levels, labels, level2 } = draws.term;
  const k = termPosition(factor, labels, options.term);
  const { top = Math.min(10, J) } = options;
  if (top > J) throw optionError('top', top, `a whole number from 1 to ${J}, the groups of ${factor}`);
  const S = drawCount(fit);
  const u = levels.map((_, j) => draws.u(j, k));
  const lines =
    of === 'deviation' ? [] : lineColumns(level2, k).map(({ l, column }) => [l, betaDraws(fit, column)] as const);

  const ranks = new Float32Array(J * S);
  const first = new Float64Array(J);
  const among = new Float64Array(J);
  const value = new Float64Array(J);
  const rank = midranks(J);
  // Rank 1 is the lowest of the negatives.
  const sign = best === 'highest' ? -1 : 1;
  for (let s = 0; s < S; s++) {
    for (let j = 0; j < J; j++) {
      let sum = u[j]![s]!;
      for (const [l, beta] of lines) sum += level2.W[j * level2.m + l]! * beta[s]!;
      value[j] = sign * sum;
    }
    const { places, ties } = rank(value);
    for (let j = 0; j < J; j++) {
      const tied = ties[j]!;
      const from = places[j]!;
      ranks[j * S + s] = from + (tied - 1) / 2;
      if (from === 1) first[j]! += 1 / tied;
      if (from <= top) among[j]! += Math.min(tied, top - from + 1) / tied;
    }
  }
  const summarise = rankSummary(J, probs);
  const groups = levels.map((level, j) => {
    const summary = summarise(ranks.subarray(j * S, (j + 1) * S));
    return { level, ...summary, best: first[j]! / S, inTop: among[j]! / S };
  });
  return { term: labels[k]!, top, groups };
}

function termPosition(factor: string, labels: readonly string[], term: string | undefined): number {
  const wanted = term ?? (labels.length === 1 ? labels[0]! : 'Intercept');
  const k = labels.indexOf(wanted);
  if (k >= 0) return k;
  const said = term === undefined ? 'no intercept varies; give term' : `${quote(term)} does not vary`;
  const message = `groupRanks: ${said} by ${factor}; accepted are ${nearestNames(wanted, labels, 8).join(', ')}`;
  throw new ModelError('unknown-term', 'term', message);
}

/** The level-2 predictors of varying column k with their columns of X. */
function lineColumns({ m, columns }: { m: number; columns: Int32Array }, k: number): { l: number; column: number }[] {
  return Array.from({ length: m }, (_, l) => ({ l, column: columns[k * m + l]! })).filter(({ column }) => column >= 0);
}

/** Mean, sd and type-7 quantiles of ranks in halves from 1 to J, by counting. */
function rankSummary(J: number, probs: readonly number[]) {
  const counts = new Int32Array(2 * J + 1);
  return (ranks: Float32Array): { mean: number; sd: number; quantiles: number[] } => {
    const S = ranks.length;
    counts.fill(0);
    let sum = 0;
    for (const rank of ranks) {
      sum += rank;
      counts[2 * rank]! += 1;
    }
    const mean = sum / S;
    let squares = 0;
    for (const rank of ranks) squares += (rank - mean) * (rank - mean);
    const ordered = (position: number): number => {
      let below = 0;
      for (let twice = 2; ; twice++) {
        below += counts[twice]!;
        if (below > position) return twice / 2;
      }
    };
    const quantiles = probs.map((p) => {
      const at = p * (S - 1);
      const low = Math.floor(at);
      const a = ordered(low);
      return at === low ? a : a + (at - low) * (ordered(Math.min(low + 1, S - 1)) - a);
    });
    return { mean, sd: S > 1 ? Math.sqrt(squares / (S - 1)) : 0, quantiles };
  };
}
