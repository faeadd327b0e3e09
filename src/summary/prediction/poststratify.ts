import type { ModelData, Table } from '../../data/frame.ts';
import { familyOf } from '../../families/familyOf.ts';
import { either, flag, oneOf, probability, seedValue, text, textList } from '../../input/acceptedValue.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions, type OptionTable } from '../../input/checkOptions.ts';
import type { MaximumLikelihoodFit } from '../../likelihood/maximumLikelihoodFit.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { createRng } from '../../random/rng.ts';
import { normalQuantile } from '../../special/distributions.ts';
import { drawSummary } from '../drawSummary.ts';
import { drawCount } from '../groupDraws.ts';
import { intervalKeys } from '../intervalKeys.ts';
import type { ModelFit } from '../modelFit.ts';
import { thresholdDraws } from '../thresholdDraws.ts';
import { checkEstimates, ESTIMATE_KEYS } from './estimateKeys.ts';
import { meanLevels } from './levelDraws.ts';
import { linearPredictor } from './linearPredictor.ts';
import { type PartKeys, partKeys } from './partKeys.ts';
import { partSums } from './partSums.ts';
import { populationParts } from './populationParts.ts';
import type { EstimatedRow, PosteriorRow, PredictionRow } from './prediction.ts';
import { meanExposure } from './rowResponse.ts';
import { checkDraws, matchRows, NEW_GROUPS, type NewGroups, rowsToPredict, takingPart } from './rowsToPredict.ts';

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
 * interval (of draws), or estimate, se, lower and upper (of a maximum likelihood fit). A column that is called like one
 * of these stands as `cells[mean]`, and `by` and a note say so. Where a cell of the part is not estimable these are
 * null, see `PosteriorRow`.
 */
export interface Poststratification<R extends PredictionRow = PredictionRow> {
  readonly kind: 'share' | 'total';
  /** The keys of rows that name the part, in the order of the option. */
  readonly by: readonly string[];
  /** The key of rows that holds the size of each part. */
  readonly weights: string;
  readonly level: number;
  readonly rows: readonly R[];
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
 * Of a maximum likelihood fit the sums are those at the estimates, with standard errors by the delta method from the
 * joint covariance of coefficients and modes, the covariances held at their estimates (`partSums`), and normal
 * intervals; 'draw' is the mean over the deviations of a new group, whose variance is in the standard error.
 *
 * Throws ModelError `new-group` for a cell whose group the fit has not (unless `newGroups` allows it), `unknown-column`
 * for a predictor, a column of `by` or sizes that are nowhere, `by` for a column that stands there twice,
 * `cell-size` for a size that is negative or no number and for a part without people, `not-supported` for draws, a
 * seed or ordered answers of a maximum likelihood fit, and what `predict` throws of rows.
 */
export function poststratify(
  fit: Fit,
  cells: ModelData | Table,
  options?: PoststratifyOptions,
): Poststratification<PosteriorRow>;
export function poststratify(
  fit: MaximumLikelihoodFit,
  cells: ModelData | Table,
  options?: PoststratifyOptions,
): Poststratification<EstimatedRow>;
export function poststratify(
  fit: ModelFit,
  cells: ModelData | Table,
  options?: PoststratifyOptions,
): Poststratification;
export function poststratify(
  fit: ModelFit,
  cells: ModelData | Table,
  options: PoststratifyOptions = {},
): Poststratification {
  checkFit('poststratify', fit);
  checkOptions('poststratify', options, POSTSTRATIFY_OPTIONS);
  const by = typeof options.by === 'string' ? [options.by] : [...(options.by ?? [])];
  return fit.kind === 'maximumLikelihood' ? ofEstimates(fit, cells, by, options) : ofDraws(fit, cells, by, options);
}

function ofDraws(
  fit: Fit,
  cells: ModelData | Table,
  by: readonly string[],
  options: PoststratifyOptions,
): Poststratification<PosteriorRow> {
  const { kind = 'share', newGroups = 'error', level = 0.9, weights = 'N' } = options;
  const { probs, keys } = intervalKeys(level);
  const summaries = ['mean', 'sd', ...keys];
  const rng = createRng([options.seed ?? fit.sampling.seed, STREAM]);
  const names = partKeys(by, weights, [...summaries, 'reason']);
  const found = rowsToPredict(fit, cells, { factors: takingPart(fit, 'all'), newGroups, where: 'cells', rng });
  const parts = populationParts(found, by, weights, kind === 'share');
  if (options.draws) checkDraws(parts.notEstimable, 'cells');

  const S = drawCount(fit);
  const { mean } = familyOf(fit.design);
  const ordered = thresholdDraws(fit);
  const exposure = meanExposure(fit, found.source);
  const eta = linearPredictor(fit, found.rows);
  const sums = new Float64Array(parts.people.length * S);
  const values = new Float64Array(S);
  for (const i of parts.counted) {
    eta(i, values);
    if (ordered) meanLevels(ordered, values);
    const start = parts.index[i]! * S;
    const each = parts.sizes[i]! * (exposure ? exposure[i]! : 1);
    for (let s = 0; s < S; s++) sums[start + s]! += each * (ordered ? values[s]! : mean(values[s]!));
  }
  const rows = parts.rows<PosteriorRow>(names, summaries, (part) => {
    const draws = sums.subarray(part * S, (part + 1) * S);
    if (kind === 'share') for (let s = 0; s < S; s++) draws[s]! /= parts.people[part]!;
    const { mean, sd, quantiles } = drawSummary(draws, probs);
    return [mean, sd, ...quantiles.slice(0, keys.length)];
  });
  return { ...answer(options, names, found.notes), rows, ...(options.draws ? { draws: sums } : {}) };
}

function ofEstimates(
  fit: MaximumLikelihoodFit,
  cells: ModelData | Table,
  by: readonly string[],
  options: PoststratifyOptions,
): Poststratification<EstimatedRow> {
  checkEstimates(fit, options);
  const { kind = 'share', newGroups = 'error', level = 0.9, weights = 'N' } = options;
  const names = partKeys(by, weights, [...ESTIMATE_KEYS, 'reason']);
  const found = matchRows(fit, cells, { factors: takingPart(fit, 'all'), newGroups, where: 'cells' });
  const parts = populationParts(found, by, weights, kind === 'share');
  const exposure = meanExposure(fit, found.source);
  const each = (i: number): number => parts.sizes[i]! * (exposure ? exposure[i]! : 1);
  const sums = partSums(fit, found, parts, each, newGroups === 'draw');
  const z = normalQuantile((1 + level) / 2);
  const rows = parts.rows<EstimatedRow>(names, ESTIMATE_KEYS, (part) => {
    const people = kind === 'share' ? parts.people[part]! : 1;
    const [estimate, se] = [sums[part]!.estimate / people, sums[part]!.se / people];
    return [estimate, se, estimate - z * se, estimate + z * se];
  });
  return { ...answer(options, names, found.notes), rows };
}

/** What an answer says beside its rows. */
function answer(
  { kind = 'share', level = 0.9 }: PoststratifyOptions,
  names: PartKeys,
  notes: readonly string[],
): Omit<Poststratification, 'rows'> {
  return { kind, by: names.by, weights: names.weights, level, notes: [...names.notes, ...notes] };
}
