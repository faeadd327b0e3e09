import type { Frame, ModelData, Table } from '../../data/frame.ts';
import { ModelError } from '../../errors.ts';
import { familyOf } from '../../families/familyOf.ts';
import { either, flag, oneOf, probability, seedValue, text, textList } from '../../input/acceptedValue.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions, type OptionTable } from '../../input/checkOptions.ts';
import { quote } from '../../input/quote.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { createRng } from '../../random/rng.ts';
import { drawSummary } from '../drawSummary.ts';
import { drawCount } from '../groupDraws.ts';
import { intervalKeys } from '../intervalKeys.ts';
import { thresholdDraws } from '../thresholdDraws.ts';
import { answerRow } from './answerRow.ts';
import { meanLevels } from './levelDraws.ts';
import { linearPredictor } from './linearPredictor.ts';
import { partKeys } from './partKeys.ts';
import { type Parts, partsOf } from './partsOf.ts';
import type { PosteriorRow } from './prediction.ts';
import { meanExposure } from './rowResponse.ts';
import { checkDraws, NEW_GROUPS, type NewGroups, rowsToPredict, takingPart } from './rowsToPredict.ts';

/** By what the population is divided, and what is estimated of each part. */
export interface PoststratifyOptions {
  /**
   * Column or columns of the cells, or of a group table given with them, that name the parts of the population; without
   * it there is one part, the whole.
   */
  readonly by?: string | readonly string[];
  /** The column with the number of people in each cell, default 'N'. */
  readonly weights?: string;
  /**
   * 'share' (default): sum N_c mu_c / sum N_c, the share of successes (the mean, of a gaussian response); 'total': sum
   * N_c mu_c.
   */
  readonly kind?: 'share' | 'total';
  /**
   * A cell whose group the fit has not: 'error' (default), 'draw' its deviation from N(0, Sigma) in each draw, or
   * 'population'.
   */
  readonly newGroups?: NewGroups;
  /** Probability of the central interval, default 0.9: keys q5 and q95. */
  readonly level?: number;
  /** Seed of the deviations of new groups; default the fit's. */
  readonly seed?: number;
  /** Whether to return the draws, parts x S row-major; default false. */
  readonly draws?: boolean;
}

const POSTSTRATIFY_OPTIONS: OptionTable<PoststratifyOptions> = {
  by: either(text, textList),
  weights: text,
  kind: oneOf('share', 'total'),
  newGroups: NEW_GROUPS,
  level: probability,
  seed: seedValue,
  draws: flag,
};

/**
 * Part by part: the keys of `by`, the size of the part under the name of its column, then mean, sd, the median and the
 * interval. A column that is called like one of these stands as `cells[mean]`, and `by` and a note say so. Where a cell
 * of the part is not estimable these are null, see `PosteriorRow`.
 */
export interface Poststratification {
  readonly kind: 'share' | 'total';
  /** The keys of rows that name the part, in the order of the option. */
  readonly by: readonly string[];
  /** The key of rows that holds the size of each part. */
  readonly weights: string;
  readonly level: number;
  readonly rows: readonly PosteriorRow[];
  /**
   * What is to be said of the cells, a sentence each, such as a level-2 predictor that contradicts the fit's; empty
   * where nothing is.
   */
  readonly notes: readonly string[];
  /** Parts x S, row-major; only when asked for. */
  readonly draws?: Float64Array;
}

/** Streams of poststratification start here, beyond the number of any chain. */
const STREAM = 4_000_000;

/**
 * Poststratification (Gelman & Little 1997; Park, Gelman & Bafumi 2004): what a model says of a population of known
 * composition. `cells` is a table with a row for every kind of people (or `{ rows, groups }`): the predictors, the
 * groups and the size N_c of the cell. In every draw the mean response mu_c of each cell (the probability of success;
 * the mean count at the exposure of the cell; of ordered answers the mean number of the level, 1 the lowest) is summed
 * over the cells of a part with weights N_c. The parts are in the order of their levels. The interval is of the
 * expected share: it has no sampling noise of a finite population.
 *
 * Throws ModelError `new-group` for a cell whose group the fit has not (unless `newGroups` allows it), `unknown-column`
 * for a predictor, a column of `by` or sizes that are nowhere, `by` for a column that stands there twice,
 * `cell-size` for a size that is negative or no number and for a part without people, and what `predict` throws of
 * rows.
 */
export function poststratify(
  fit: Fit,
  cells: ModelData | Table,
  options: PoststratifyOptions = {},
): Poststratification {
  checkFit('poststratify', fit, 'mcmc');
  checkOptions('poststratify', options, POSTSTRATIFY_OPTIONS);
  const { kind = 'share', newGroups = 'error', level = 0.9, weights = 'N' } = options;
  const { probs, keys } = intervalKeys(level);
  const by = typeof options.by === 'string' ? [options.by] : [...(options.by ?? [])];
  const rng = createRng([options.seed ?? fit.sampling.seed, STREAM]);
  const factors = takingPart(fit, 'all');
  const names = partKeys(by, weights, ['mean', 'sd', ...keys, 'reason']);
  const found = rowsToPredict(fit, cells, { factors, newGroups, where: 'cells', rng });
  const { rows, frame, source, notes } = found;
  const sizes = cellSizes(weights, frame);
  const parts = partsOf(by, source, 'cell');
  // A cell without people says nothing, and need not be estimable.
  const notEstimable = found.notEstimable.map((reason, i) => (sizes[i] === 0 ? null : reason));
  if (options.draws) checkDraws(notEstimable, 'cells');
  const unknown = unknownParts(notEstimable, parts);
  const people = new Float64Array(parts.first.length);
  for (let i = 0; i < frame.n; i++) people[parts.index[i]!]! += sizes[i]!;

  const S = drawCount(fit);
  const { mean } = familyOf(fit.design);
  const ordered = thresholdDraws(fit);
  const exposure = meanExposure(fit, source);
  const eta = linearPredictor(fit, rows);
  const sums = new Float64Array(parts.first.length * S);
  const values = new Float64Array(S);
  for (let i = 0; i < frame.n; i++) {
    if (sizes[i] === 0 || notEstimable[i] !== null) continue;
    eta(i, values);
    if (ordered) meanLevels(ordered, values);
    const start = parts.index[i]! * S;
    const each = sizes[i]! * (exposure ? exposure[i]! : 1);
    for (let s = 0; s < S; s++) sums[start + s]! += each * (ordered ? values[s]! : mean(values[s]!));
  }
  const out = parts.first.map((first, part) => {
    const draws = sums.subarray(part * S, (part + 1) * S);
    const levels = by.map((name) => source.column(name).values[first]!);
    if (kind === 'share') {
      if (people[part] === 0) throw noPeople(weights, by, levels);
      for (let s = 0; s < S; s++) draws[s]! /= people[part]!;
    }
    const reason = unknown.get(part) ?? null;
    const { mean, sd, quantiles } = drawSummary(draws, probs);
    const summary = [mean, sd, ...keys.map((_, q) => quantiles[q]!)];
    return answerRow<PosteriorRow>([
      ...names.by.map((key, k) => [key, levels[k]!] as const),
      [names.weights, people[part]!],
      ...['mean', 'sd', ...keys].map((key, k) => [key, reason === null ? summary[k]! : null] as const),
      ...(unknown.size > 0 ? [['reason', reason] as const] : []),
    ]);
  });
  return {
    kind,
    by: names.by,
    weights: names.weights,
    level,
    rows: out,
    notes: [...names.notes, ...notes],
    ...(options.draws ? { draws: sums } : {}),
  };
}

/** The parts that hold a cell which is not estimable, with the reason of the first. */
function unknownParts(notEstimable: readonly (string | null)[], parts: Parts): Map<number, string> {
  const unknown = new Map<number, string>();
  notEstimable.forEach((reason, i) => {
    const part = parts.index[i]!;
    if (reason !== null && !unknown.has(part)) unknown.set(part, `row ${i + 1} of cells: ${reason}`);
  });
  return unknown;
}

/** The size of every cell. */
function cellSizes(name: string, frame: Frame): Float64Array {
  const column = frame.columns.get(name);
  if (column === undefined) {
    if (frame.faults?.has(name)) throw frame.faults.get(name)!;
    const given = [...frame.columns.keys()].join(', ');
    throw new ModelError(
      'unknown-column',
      name,
      `cells has no column ${quote(name)} with the number of people in each cell; name the column by the option weights, it has ${given}`,
    );
  }
  const wrong = column.kind === 'text' ? 0 : column.values.findIndex((value) => !(value >= 0 && value < Infinity));
  if (column.kind === 'number' && wrong < 0) return column.values;
  const value = column.values[wrong]!;
  throw new ModelError(
    'cell-size',
    name,
    `cells: ${name} is ${typeof value === 'number' && Number.isNaN(value) ? 'missing' : quote(value)} in row ${wrong + 1}; the number of people in a cell is a number of 0 or more`,
  );
}

function noPeople(weights: string, by: readonly string[], levels: readonly (string | number)[]): ModelError {
  const part = by.map((name, k) => `${name} ${quote(levels[k]!)}`).join(', ');
  const whose = part === '' ? 'the cells' : `the cells of ${part}`;
  return new ModelError(
    'cell-size',
    weights,
    `cells: ${whose} have ${weights} = 0 in sum, so that there is no share; give their sizes, leave them out, or ask for totals`,
  );
}
