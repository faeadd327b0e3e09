import type { Frame, ModelData, Table } from '../../data/frame.ts';
import type { ColumnSource } from '../../design/columns/columnSource.ts';
import { ModelError } from '../../errors.ts';
import { familyOf } from '../../families/familyOf.ts';
import { checkOptions } from '../../input/checkOptions.ts';
import { satterthwaite } from '../../likelihood/inference/satterthwaite.ts';
import type { MaximumLikelihoodFit } from '../../likelihood/maximumLikelihoodFit.ts';
import { familyRows } from '../../products/familyRows.ts';
import { studentQuantile } from '../../special/distributionFunctions.ts';
import { jointCovariance, type WeightedDeviation } from '../jointCovariance.ts';
import { answerRow } from './answerRow.ts';
import { checkEstimates, ESTIMATE_KEYS } from './estimateKeys.ts';
import { inputCell } from './inputCell.ts';
import { newResiduals } from './newResiduals.ts';
import { type EstimatedRow, PREDICT_OPTIONS, type Prediction, type PredictOptions } from './prediction.ts';
import { transformation } from './predictionKind.ts';
import { type ResidualPrediction, residualPredictor } from './residualPredictor.ts';
import { rowAccount } from './rowAccount.ts';
import { meanExposure, newRowSizes } from './rowResponse.ts';
import { matchRows, takingPart } from './rowsToPredict.ts';

/** The rows as the estimates meet them; `group(f, i)` is the level of row i, -1 where it is of no group of the fit. */
interface EstimateRows {
  readonly frame: Frame;
  /** n x p, row-major. */
  readonly X: Float64Array;
  readonly offset: Float64Array | null;
  /** n x q of each group term, row-major. */
  readonly Z: readonly Float64Array[];
  readonly index: readonly Int32Array[];
  readonly reasons: readonly (string | null)[];
  /** Null for the rows of the fit. */
  readonly notes: readonly string[] | null;
  readonly size: () => Float64Array;
  readonly exposure: () => Float64Array | null;
  /** Null for the rows of the fit. */
  readonly source: ColumnSource | null;
}

/** Predictions of a maximum likelihood fit as `predict` states them. Throws what `predict` does. */
export function predictEstimates(
  fit: MaximumLikelihoodFit,
  newdata: ModelData | Table | undefined,
  options: PredictOptions,
): Prediction<EstimatedRow> {
  checkOptions('predict', options, PREDICT_OPTIONS);
  const { kind = 'mean', newGroups = 'draw', level = 0.9 } = options;
  const { design } = fit;
  const family = familyOf(design);
  const transform = transformation(kind, family);
  checkEstimates(fit, options);
  if (kind === 'response' && family.conjugate !== 'normal') {
    throw refused(
      'kind',
      `kind: 'response' of a maximum likelihood fit is of gaussian responses, and the response is ${family.name}; predict the mean, or predict from a fit of sample`,
    );
  }
  const factors = takingPart(fit, options.groups ?? 'all');
  const rows = estimateRows(fit, newdata, factors, newGroups);
  const { frame } = rows;
  const exposure = kind === 'mean' ? rows.exposure() : null;
  if (kind === 'response') checkNew(fit, rows);
  const size = kind === 'response' ? rows.size() : null;
  const { n } = frame;
  const x = (i: number) => rows.X.subarray(i * design.p, (i + 1) * design.p);
  const whole = factors.length === design.groupTerms.length;
  const ahead = kind === 'response' ? residualsAhead(fit, rows, size!, whole) : null;
  const line = ahead === null && factors.length === 0 && (kind !== 'response' || design.groupTerms.length === 0);
  const dfs = line
    ? satterthwaite(
        fit,
        Array.from({ length: n }, (_, i) => x(i)),
      )
    : null;
  const joint = jointCovariance(fit);
  const information = new Float64Array(2);
  /** d mean / d eta of a row of size 1: the expected information in eta is (d mean / d eta)^2 / Var(y). */
  const slope = (eta: number): number => {
    if (family.link === 'identity') return 1;
    family.information(1, eta, 1, information);
    return Math.sqrt(information[0]! * family.variance(1, eta, 1));
  };
  const unknown = rows.reasons.some((reason) => reason !== null);
  const names = [...frame.columns.keys()];
  const out = Array.from({ length: n }, (_, i) => {
    const given = names.map((name) => [name, inputCell(frame, name, i)] as const);
    const reason = unknown ? [['reason', rows.reasons[i]!] as const] : [];
    const answer = (values: readonly (number | null)[]) =>
      answerRow<EstimatedRow>([...given, ...ESTIMATE_KEYS.map((key, k) => [key, values[k]!] as const), ...reason]);
    if (unknown && rows.reasons[i] !== null) return answer([null, null, null, null]);
    const residual = ahead === null ? null : ahead(i);
    const spread = newGroups === 'draw';
    const { eta, variance } = rowEstimate(fit, rows, i, x(i), factors, spread, joint.sdOf, residual);
    const own = fit.sigma === null ? 1 : fit.sigma * fit.sigma;
    const noise = residual?.variance ?? (size === null ? 0 : own / size[i]!);
    const se = Math.sqrt(variance + noise);
    const reach = studentQuantile((1 + level) / 2, dfs ? dfs[i]! : Number.POSITIVE_INFINITY) * se;
    if (transform === null) return answer([eta, se, eta - reach, eta + reach]);
    const scale = exposure ? exposure[i]! : 1;
    // odds = mean(eta) / mean(-eta), and the two means add up to 1.
    const steep = kind === 'odds' ? slope(eta) / family.mean(-eta) ** 2 : slope(eta);
    return answer([
      scale * transform(eta),
      scale * steep * se,
      scale * transform(eta - reach),
      scale * transform(eta + reach),
    ]);
  });
  const summaries = [...ESTIMATE_KEYS, ...(unknown ? ['reason'] : [])];
  const { numbers, notes } = rowAccount(fit, frame, summaries, rows.notes);
  return { kind, level, rows: out, rowNumbers: numbers, notes };
}

function refused(place: string, sentence: string): ModelError {
  return new ModelError('not-supported', place, sentence);
}

function estimateRows(
  fit: MaximumLikelihoodFit,
  newdata: ModelData | Table | undefined,
  factors: readonly number[],
  newGroups: 'draw' | 'population' | 'error',
): EstimateRows {
  const { design } = fit;
  if (newdata === undefined) {
    return {
      frame: design.rows,
      X: design.X,
      offset: design.response.offset,
      Z: design.groupTerms.map((term) => term.Z),
      index: design.groupTerms.map((term) => term.index),
      reasons: [],
      notes: null,
      size: () => familyRows(design).size,
      exposure: () => meanExposure(fit, null),
      source: null,
    };
  }
  const found = matchRows(fit, newdata, { factors, newGroups, where: 'newdata' });
  return {
    frame: found.frame,
    X: found.design.X,
    offset: found.design.offset,
    Z: found.design.terms.map((term) => term.Z),
    index: found.design.terms.map((term) => term.index),
    reasons: found.notEstimable,
    notes: found.notes,
    size: () => newRowSizes(fit, found.source),
    exposure: () => meanExposure(fit, found.source),
    source: found.source,
  };
}

/** Throws `not-supported` for the rows of a fit whose residuals depend on each other: they are known. */
function checkNew({ residual }: MaximumLikelihoodFit, { source }: EstimateRows): void {
  if (!residual || source !== null) return;
  throw refused(
    'kind',
    `kind: 'response' of a fit whose residuals depend on each other is of new rows, and the residuals of its own are known; give newdata, or predict the mean`,
  );
}

/** The residuals of new rows given those of their group; null for a fit of independent residuals with one sigma. */
function residualsAhead(
  fit: MaximumLikelihoodFit,
  { source }: EstimateRows,
  size: Float64Array,
  conditional: boolean,
): ((i: number) => ResidualPrediction) | null {
  const { design, residual } = fit;
  if (!residual || source === null) return null;
  const { model, given } = residualPredictor(design, newResiduals(design, source), size, conditional);
  model.at(residual.coordinates);
  return (i) => given(i, residual.unit);
}

/**
 * eta = offset + x'beta + z'u of one row, and the variance of its error; with the residuals of its group, where they
 * tell of its own.
 */
function rowEstimate(
  fit: MaximumLikelihoodFit,
  rows: EstimateRows,
  i: number,
  x: Float64Array,
  factors: readonly number[],
  spread: boolean,
  sdOf: (deviations: readonly WeightedDeviation[], x: Float64Array) => number,
  residual: ResidualPrediction | null,
): { readonly eta: number; readonly variance: number } {
  let eta = rows.offset ? rows.offset[i]! : 0;
  for (let c = 0; c < x.length; c++) eta += x[c]! * fit.fixef.estimates[c]!;
  let variance = 0;
  const deviations: WeightedDeviation[] = [];
  for (const f of factors) {
    const { modes, Sigma, q } = fit.groups[f]!;
    const j = rows.index[f]![i]!;
    const z = rows.Z[f]!.subarray(i * q, (i + 1) * q);
    for (let k = 0; k < q; k++) {
      if (j >= 0) {
        eta += z[k]! * modes[j * q + k]!;
        if (z[k] !== 0) deviations.push({ f, j, k, weight: z[k]! });
      } else if (spread) {
        for (let l = 0; l < q; l++) variance += z[k]! * Sigma[k * q + l]! * z[l]!;
      }
    }
  }
  if (residual === null || residual.rows.length === 0) return { eta, variance: variance + sdOf(deviations, x) ** 2 };
  const { design } = fit;
  const left = Float64Array.from(x);
  residual.rows.forEach((row, a) => {
    const weight = residual.weights[a]!;
    eta += weight * fit.residuals[row]!;
    for (let c = 0; c < x.length; c++) left[c]! -= weight * design.X[row * x.length + c]!;
    design.groupTerms.forEach(({ q, Z, index }, f) => {
      for (let k = 0; k < q; k++) {
        const z = Z[row * q + k]!;
        if (z !== 0) deviations.push({ f, j: index[row]!, k, weight: -weight * z });
      }
    });
  });
  return { eta, variance: variance + sdOf(deviations, left) ** 2 };
}
