import type { Frame, ModelData, Table } from '../../data/frame.ts';
import { rowNumbers } from '../../design/rowNumbers.ts';
import { ModelError } from '../../errors.ts';
import type { Family } from '../../families/family.ts';
import { familyOf } from '../../families/familyOf.ts';
import { LINKS } from '../../families/link.ts';
import { anyValue, flag, probability, seedValue } from '../../input/acceptedValue.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions, type OptionTable } from '../../input/checkOptions.ts';
import { optionError } from '../../input/optionError.ts';
import { quote } from '../../input/quote.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { createRng } from '../../random/rng.ts';
import { drawSummary } from '../drawSummary.ts';
import { drawCount } from '../groupDraws.ts';
import { intervalKeys } from '../intervalKeys.ts';
import { fittedRows } from './fittedRows.ts';
import { linearPredictor } from './linearPredictor.ts';
import { meanExposure, newRowResponse } from './rowResponse.ts';
import { checkDraws, NEW_GROUPS, type NewGroups, rowsToPredict, takingPart } from './rowsToPredict.ts';

/**
 * What is predicted of a row. 'mean': the mean of its response, in a logit or probit model the probability of success (of one trial), of counts at the exposure of the
 * row; 'rate': the mean of a count at the exposure 1, exp(eta); 'linear': the linear predictor, the same as the mean in a gaussian or Student-t model; 'odds':
 * p / (1 - p); 'response': a new response with its noise, in a logit or probit model 0 or 1, or the count of successes among the row's trials.
 */
export type PredictionKind = 'mean' | 'rate' | 'linear' | 'odds' | 'response';

/** What is predicted, for which groups, and how it is summarised. */
export interface PredictOptions {
  /** Default 'mean'. */
  readonly kind?: PredictionKind;
  /** The grouping factors whose deviations count: 'all' (default), 'none' (the population line), or a list. */
  readonly groups?: 'all' | 'none' | readonly string[];
  /** A group the fit has not: 'draw' (default) its deviation from N(0, Sigma) in each draw, 'population' for the line alone, or 'error'. */
  readonly newGroups?: NewGroups;
  /** Probability of the central interval, default 0.9: keys q5 and q95; 0.95 gives q2.5 and q97.5. */
  readonly level?: number;
  /** Seed of the random parts (new groups, responses); default the fit's. */
  readonly seed?: number;
  /** Whether to return the draws, n x S row-major; default false. */
  readonly draws?: boolean;
}

const PREDICT_OPTIONS: OptionTable<PredictOptions> = {
  kind: anyValue,
  groups: anyValue,
  newGroups: NEW_GROUPS,
  level: probability,
  seed: seedValue,
  draws: flag,
};

/**
 * Row by row: the columns of the input, then mean, sd, the median and the interval. Where a row is not estimable (see `notEstimable`) its summaries are null, and every row has
 * a `reason`, null where it is estimable.
 */
export interface Prediction {
  readonly kind: PredictionKind;
  readonly level: number;
  readonly rows: readonly Readonly<Record<string, string | number | null>>[];
  /** The number of each row, counted from 1: of the rows of newdata, or of the rows that were fitted, those left out for missing values included. */
  readonly rowNumbers: readonly number[];
  /** What is to be said of the rows, a sentence each; empty where nothing is. */
  readonly notes: readonly string[];
  /** n x S, row-major; only when asked for. */
  readonly draws?: Float64Array;
}

const UNNUMBERED =
  'rows were left out for missing values, and the fit does not hold which: rows are numbered among those in use';

/** Streams of prediction start here, beyond the number of any chain. */
const STREAM = 1_000_000;

/**
 * Predicts the rows of `newdata` (a table, or `{ rows, groups }` with tables of new groups), or the rows of the fit where it is not given:
 * eta = offset + X beta + sum over factors of Z u over the draws of the posterior, and what `kind` makes of it. The level-2 predictors of a new group
 * stand on the rows or in its table; those that contradict the fit's for a group it knows are used, and `notes` say so. Weights, standard errors and numbers of trials for responses
 * are read from newdata by the model's expressions, and so are
 * exposures for means and responses, 1 where newdata lacks their columns. A column of the input called like a summary (`mean`, `q5`) is replaced by it, with a note.
 *
 * Throws ModelError for what `designNewRows` cannot make of the rows, `unknown-factor`, `new-group` (with `newGroups: 'error'`),
 * `missing-group` (a factor that takes part and is not named by the rows), `not-estimable` (draws of a row that is not), `no-odds` (gaussian, studentT, counts), `no-rate` (all but counts) and `option`.
 */
export function predict(fit: Fit, newdata?: ModelData | Table, options: PredictOptions = {}): Prediction {
  checkFit('predict', fit, 'mcmc');
  checkOptions('predict', options, PREDICT_OPTIONS);
  const { kind = 'mean', newGroups = 'draw', level = 0.9 } = options;
  const transform = transformation(kind, familyOf(fit.design));
  const { probs, keys } = intervalKeys(level);
  const rng = createRng([options.seed ?? fit.sampling.seed, STREAM]);
  const factors = takingPart(fit, options.groups ?? 'all');
  const found =
    newdata === undefined
      ? fittedRows(fit, factors)
      : rowsToPredict(fit, newdata, { factors, newGroups, where: 'newdata', rng });
  const { rows, frame } = found;
  const reasons = 'notEstimable' in found ? found.notEstimable : [];
  const unknown = reasons.some((reason) => reason !== null);
  if (options.draws) checkDraws(reasons, 'newdata');
  const response =
    kind !== 'response' ? null : 'response' in found ? found.response : newRowResponse(fit, found.source);
  const exposure = kind === 'mean' ? meanExposure(fit, 'source' in found ? found.source : null) : null;
  const S = drawCount(fit);
  const n = frame.n;
  const names = [...frame.columns.keys()];
  const eta = linearPredictor(fit, rows);
  const kept = options.draws ? new Float64Array(n * S) : undefined;
  const values = new Float64Array(S);
  const out = Array.from({ length: n }, (_, i) => {
    const given = names.map((name) => [name, cell(frame, name, i)] as const);
    const reason = unknown ? [['reason', reasons[i]!] as const] : [];
    if (unknown && reasons[i] !== null) {
      const none = ['mean', 'sd', ...keys].map((key) => [key, null] as const);
      return Object.fromEntries<string | number | null>([...given, ...none, ...reason]);
    }
    eta(i, values);
    if (response) response(i, values, rng);
    else if (transform) for (let s = 0; s < S; s++) values[s] = transform(values[s]!);
    if (exposure) for (let s = 0; s < S; s++) values[s]! *= exposure[i]!;
    kept?.set(values, i * S);
    const { mean, sd, quantiles } = drawSummary(values, probs);
    const summary = [
      ['mean', mean] as const,
      ['sd', sd] as const,
      ...keys.map((key, q) => [key, quantiles[q]!] as const),
    ];
    return Object.fromEntries<string | number | null>([...given, ...summary, ...reason]);
  });
  const ofNewdata = 'source' in found;
  const numbers = ofNewdata ? Array.from({ length: n }, (_, i) => i + 1) : rowNumbers(fit.design);
  const hidden = names.filter((name) => ['mean', 'sd', ...keys, ...(unknown ? ['reason'] : [])].includes(name));
  const notes = [
    ...(ofNewdata ? found.notes : []),
    ...(!ofNewdata && fit.design.dropped > 0 && !fit.design.kept ? [UNNUMBERED] : []),
    ...hidden.map((name) => `the column ${quote(name)} of the rows is not among the answers: a summary has its name`),
  ];
  return { kind, level, rows: out, rowNumbers: numbers, notes, ...(kept ? { draws: kept } : {}) };
}

/** What a kind makes of eta; null where that is eta itself, and for responses. */
function transformation(kind: PredictionKind, family: Family): ((eta: number) => number) | null {
  switch (kind) {
    case 'mean':
      return family.link === 'identity' ? null : family.mean;
    case 'rate':
      if (family.kind === 'counts') return family.mean;
      throw new ModelError('no-rate', 'kind', `kind: 'rate' is of counts, and the response is ${family.name}`);
    case 'linear':
    case 'response':
      return null;
    case 'odds':
      if (!LINKS[family.link].odds) {
        throw new ModelError(
          'no-odds',
          'kind',
          `kind: 'odds' is of a logit or probit model, and the response is ${family.name}`,
        );
      }
      // Both links are symmetric: 1 - mean(eta) is mean(-eta), without cancellation.
      return (eta) => family.mean(eta) / family.mean(-eta);
    default:
      throw optionError('kind', kind, "'mean', 'rate', 'linear', 'odds' or 'response'");
  }
}

function cell(frame: Frame, name: string, i: number): string | number | null {
  const column = frame.columns.get(name)!;
  const value = column.values[i]!;
  return typeof value === 'number' && Number.isNaN(value) ? null : value;
}
