import type { ModelData, Table } from '../../data/frame.ts';
import { ModelError } from '../../errors.ts';
import { familyOf } from '../../families/familyOf.ts';
import { checkFit } from '../../input/checkFit.ts';
import { checkOptions } from '../../input/checkOptions.ts';
import type { MaximumLikelihoodFit } from '../../likelihood/maximumLikelihoodFit.ts';
import type { Fit } from '../../mcmc/fit.ts';
import { createRng } from '../../random/rng.ts';
import { drawSummary } from '../drawSummary.ts';
import { drawCount } from '../groupDraws.ts';
import { intervalKeys } from '../intervalKeys.ts';
import type { ModelFit } from '../modelFit.ts';
import { thresholdDraws } from '../thresholdDraws.ts';
import { answerRow } from './answerRow.ts';
import { fittedRows, type RowsToPredict } from './fittedRows.ts';
import { inputCell } from './inputCell.ts';
import { levelDraws, meanLevels } from './levelDraws.ts';
import { equalPredictors, linearPredictor } from './linearPredictor.ts';
import { predictEstimates } from './predictEstimates.ts';
import {
  type EstimatedRow,
  type PosteriorRow,
  PREDICT_OPTIONS,
  type Prediction,
  type PredictOptions,
} from './prediction.ts';
import { transformation } from './predictionKind.ts';
import { residualResponse } from './residualResponse.ts';
import { rowAccount } from './rowAccount.ts';
import { meanExposure, newRowResponse, type RowResponse } from './rowResponse.ts';
import { checkDraws, type NewRows, rowsToPredict, takingPart } from './rowsToPredict.ts';

/** Streams of prediction start here, beyond the number of any chain. */
const STREAM = 1_000_000;

/**
 * Predicts the rows of `newdata` (a table, or `{ rows, groups }` with tables of new groups), or the rows of the fit
 * where it is not given: eta = offset + X beta + sum over factors of Z u over the draws of the posterior, and what
 * `kind` makes of it. The level-2 predictors of a new group stand on the rows or in its table; those that contradict
 * the fit's for a group it knows are used, and `notes` say so. Weights, standard errors and numbers of trials for
 * responses are read from newdata by the model's expressions, and so are exposures for means and responses, 1 where
 * newdata lacks their columns. A column of the input called like a summary (`mean`, `q5`) is replaced by it, with a
 * note.
 *
 * A maximum likelihood fit gives estimate, se, lower and upper in place of mean, sd and quantiles, its covariances held
 * at their estimates. se(eta) is the prediction error of x'beta + z'u, the covariance of (u, beta) by Henderson's
 * equations (lme4's `predict(se.fit = TRUE)`); a new group with 'draw' adds z'Sigma z, and a gaussian response sigma^2
 * / w. The interval is eta +- q se with a normal quantile q, Student's with Satterthwaite's degrees of freedom where no
 * group takes part, taken through the link; the se of a mean, rate or odds is by the delta method. They are of a row of
 * such a group: the mean at u = 0 is not the average of the means over groups unless the link is the identity.
 *
 * A response of a fit with a residual structure takes what the residuals of its group say of its own (Goldberger 1962),
 * where all factors take part and the fit has rows of that group: the next visit of a patient.
 *
 * Throws ModelError for what `designNewRows` cannot make of the rows, `unknown-factor`, `new-group` (with `newGroups:
 * 'error'`), `missing-group` (a factor that takes part and is not named by the rows), `not-estimable` (draws of a row
 * that is not), `no-odds` (gaussian, studentT, counts), `no-rate` (all but counts), `not-supported` (draws, a seed, or
 * responses that are not gaussian, of a maximum likelihood fit) and `option`.
 */
export function predict(fit: Fit, newdata?: ModelData | Table, options?: PredictOptions): Prediction<PosteriorRow>;
export function predict(
  fit: MaximumLikelihoodFit,
  newdata?: ModelData | Table,
  options?: PredictOptions,
): Prediction<EstimatedRow>;
export function predict(fit: ModelFit, newdata?: ModelData | Table, options?: PredictOptions): Prediction;
export function predict(fit: ModelFit, newdata?: ModelData | Table, options: PredictOptions = {}): Prediction {
  checkFit('predict', fit);
  return fit.kind === 'maximumLikelihood'
    ? predictEstimates(fit, newdata, options)
    : predictDraws(fit, newdata, options);
}

/** Names and values of some columns of an answer. */
type Columns = readonly (readonly [string, string | number | null])[];

/** How responses of the rows at hand are drawn. */
function rowResponseOf(fit: Fit, found: RowsToPredict | NewRows, factors: readonly number[]): RowResponse {
  const { residual, groupTerms } = fit.design;
  const source = 'source' in found ? found.source : null;
  if (residual) return residualResponse(fit, source, factors.length === groupTerms.length);
  return 'response' in found ? found.response : newRowResponse(fit, found.source);
}

function predictDraws(
  fit: Fit,
  newdata: ModelData | Table | undefined,
  options: PredictOptions,
): Prediction<PosteriorRow> {
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
  const response = kind === 'response' ? rowResponseOf(fit, found, factors) : null;
  const exposure = kind === 'mean' ? meanExposure(fit, 'source' in found ? found.source : null) : null;
  const S = drawCount(fit);
  const n = frame.n;
  const names = [...frame.columns.keys()];
  const eta = linearPredictor(fit, rows);
  const kept = options.draws ? new Float64Array(n * S) : undefined;
  const values = new Float64Array(S);
  const ordered = thresholdDraws(fit);
  const levels = kind === 'probability' ? fit.design.response.levels! : null;
  if (levels && options.draws) {
    const sentence =
      "kind: 'probability' has several rows for each row, and draws has one of each; predict without draws";
    throw new ModelError('option', 'draws', sentence);
  }
  const summary = (draws: Float64Array): Columns => {
    const { mean, sd, quantiles } = drawSummary(draws, probs);
    return [['mean', mean], ['sd', sd], ...keys.map((key, q): Columns[number] => [key, quantiles[q]!])];
  };
  /** What is said of row i, a list for each row of the answer. */
  const summaries = (i: number): readonly Columns[] => {
    eta(i, values);
    if (levels && ordered) {
      return levelDraws(ordered, values).map((draws, k) => [['answer', levels[k]!], ...summary(draws)]);
    }
    if (response) response(i, values, rng);
    else if (ordered && kind === 'mean') meanLevels(ordered, values);
    else if (transform) for (let s = 0; s < S; s++) values[s] = transform(values[s]!);
    if (exposure) for (let s = 0; s < S; s++) values[s]! *= exposure[i]!;
    kept?.set(values, i * S);
    return [summary(values)];
  };
  // Rows with the same predictor have the same answer, unless responses are drawn for each.
  const alike = response ? null : equalPredictors(rows, n, exposure ? [{ values: exposure, width: 1 }] : []);
  const known = new Map<number, { readonly i: number; readonly said: readonly Columns[] }>();
  const shared = (i: number): readonly Columns[] => {
    if (alike === null) return summaries(i);
    const found = known.get(alike.index[i]!);
    if (found) kept?.copyWithin(i * S, found.i * S, (found.i + 1) * S);
    const said = found?.said ?? summaries(i);
    if (!found && alike.count < n) known.set(alike.index[i]!, { i, said });
    return said;
  };
  const none: Columns = [
    ...(levels ? [['answer', null] as const] : []),
    ...['mean', 'sd', ...keys].map((key) => [key, null] as const),
  ];
  const out = Array.from({ length: n }, (_, i) => {
    const given = names.map((name) => [name, inputCell(frame, name, i)] as const);
    const reason = unknown ? [['reason', reasons[i]!] as const] : [];
    const said = unknown && reasons[i] !== null ? [none] : shared(i);
    return said.map((columns) => answerRow<PosteriorRow>([...given, ...columns, ...reason]));
  }).flat();
  const added = [...(levels ? ['answer'] : []), 'mean', 'sd', ...keys, ...(unknown ? ['reason'] : [])];
  const { numbers, notes } = rowAccount(fit, frame, added, 'source' in found ? found.notes : null);
  return {
    kind,
    level,
    rows: out,
    rowNumbers: numbers,
    notes,
    ...(kept ? { draws: kept } : {}),
  };
}
