import { quantileKey } from '../../diagnostics/summarizeDraws.ts';
import { type Frame, type ModelData, type Table, toFrame } from '../data/frame.ts';
import type { NewGroupTerm } from '../design/newRows.ts';
import { designNewRows } from '../design/newRows.ts';
import { ModelError } from '../errors.ts';
import { quote } from '../graph/quote.ts';
import type { Fit } from '../mcmc/fit.ts';
import { createRng, type Rng } from '../random/rng.ts';
import { drawSummary } from './drawSummary.ts';
import { fittedRows, type RowsToPredict } from './fittedRows.ts';
import { drawCount, groupDraws } from './groupDraws.ts';
import { linearPredictor, type PredictorTerm } from './linearPredictor.ts';
import { factorPosition } from './modelFit.ts';
import { newGroupDraws } from './newGroupDraws.ts';
import { optionError } from './optionError.ts';
import { newRowNoise } from './rowNoise.ts';

/** What is predicted, for which groups, and how it is summarised. */
export interface PredictOptions {
  /** 'mean' (default): the linear predictor; 'response': a new response of the row, residual noise included. */
  readonly kind?: 'mean' | 'response';
  /** The grouping factors whose deviations count: 'all' (default), 'none' (the population line), or a list. */
  readonly groups?: 'all' | 'none' | readonly string[];
  /** A group the fit has not: 'draw' (default) its deviation from N(0, Sigma) in each draw, 'population' for the line alone, or 'error'. */
  readonly newGroups?: 'draw' | 'population' | 'error';
  /** Probability of the central interval, default 0.9: keys q5 and q95; 0.95 gives q2.5 and q97.5. */
  readonly level?: number;
  /** Seed of the random parts (new groups, responses); default the fit's. */
  readonly seed?: number;
  /** Whether to return the draws, n x S row-major; default false. */
  readonly draws?: boolean;
}

/** Row by row: the columns of the input, then mean, sd, the median and the interval. */
export interface Prediction {
  readonly kind: 'mean' | 'response';
  readonly level: number;
  readonly rows: readonly Readonly<Record<string, string | number | null>>[];
  /** n x S, row-major; only when asked for. */
  readonly draws?: Float64Array;
}

/** Streams of prediction start here, beyond the number of any chain. */
const STREAM = 1_000_000;

/**
 * Predicts the rows of `newdata` (a table, or `{ rows, groups }` with tables of new groups), or the rows of the fit where it is not given:
 * eta = offset + X beta + sum over factors of Z u over the draws of the posterior, or responses drawn about it. The level-2 predictors of a
 * new group stand on the rows or in its table. A column of the input called like a summary (`mean`, `q5`) is replaced by it.
 *
 * Throws ModelError for what `designNewRows` cannot make of the rows, `unknown-factor`, `new-group` (with `newGroups: 'error'`),
 * `missing-group` (a factor that takes part and is not named by the rows) and `option`.
 */
export function predict(fit: Fit, newdata?: ModelData | Table, options: PredictOptions = {}): Prediction {
  const { kind = 'mean', newGroups = 'draw', level = 0.9 } = options;
  if (kind !== 'mean' && kind !== 'response') throw optionError('kind', kind, "'mean' or 'response'");
  if (newGroups !== 'draw' && newGroups !== 'population' && newGroups !== 'error') {
    throw optionError('newGroups', newGroups, "'draw', 'population' or 'error'");
  }
  if (typeof level !== 'number' || !(level > 0 && level < 1))
    throw optionError('level', level, 'a number between 0 and 1');
  const rng = createRng([options.seed ?? fit.sampling.seed, STREAM]);
  const factors = takingPart(fit, options.groups ?? 'all');
  const { rows, frame, noise } =
    newdata === undefined ? fittedRows(fit, factors) : newRows(fit, newdata, factors, newGroups, kind, rng);
  const S = drawCount(fit);
  const n = frame.n;
  const probs = [(1 - level) / 2, 0.5, (1 + level) / 2].map((p) => Number(p.toPrecision(12)));
  const keys = probs.map(quantileKey);
  const names = [...frame.columns.keys()];
  const eta = linearPredictor(fit, rows);
  const kept = options.draws ? new Float64Array(n * S) : undefined;
  const values = new Float64Array(S);
  const out = Array.from({ length: n }, (_, i) => {
    eta(i, values);
    if (kind === 'response') noise(i, values, rng);
    kept?.set(values, i * S);
    const { mean, sd, quantiles } = drawSummary(values, probs);
    const given = names.map((name) => [name, cell(frame, name, i)] as const);
    const summary = [
      ['mean', mean] as const,
      ['sd', sd] as const,
      ...keys.map((key, q) => [key, quantiles[q]!] as const),
    ];
    return Object.fromEntries<string | number | null>([...given, ...summary]);
  });
  return { kind, level, rows: out, ...(kept ? { draws: kept } : {}) };
}

function newRows(
  fit: Fit,
  newdata: ModelData | Table,
  factors: readonly number[],
  newGroups: 'draw' | 'population' | 'error',
  kind: 'mean' | 'response',
  rng: Rng,
): RowsToPredict {
  const data: ModelData = isModelData(newdata) ? newdata : { rows: newdata };
  const frame = toFrame(data.rows, 'newdata');
  const design = designNewRows(fit.design, frame, data.groups);
  const terms = factors.map((f): PredictorTerm => {
    const { q } = fit.design.groupTerms[f]!;
    const found = design.terms[f]!;
    checkGroups(found, newGroups);
    const draws = groupDraws(fit, f);
    const fresh = newGroups === 'draw' ? newGroupDraws(fit, f, found.newLevels.length, rng) : null;
    const u = (i: number, k: number): Float64Array | null => {
      const j = found.index[i]!;
      if (j >= 0) return draws.u(j, k);
      return fresh ? fresh[found.newIndex[i]! * q + k]! : null;
    };
    return { q, Z: found.Z, u };
  });
  const noise = kind === 'response' ? newRowNoise(fit, frame) : () => {};
  return { rows: { X: design.X, offset: design.offset, terms }, frame, noise };
}

function checkGroups(found: NewGroupTerm, newGroups: 'draw' | 'population' | 'error'): void {
  const { factor } = found;
  if (!found.present) {
    throw new ModelError(
      'missing-group',
      factor,
      `newdata does not say which ${factor} a row belongs to; give the column, or leave the factor out with the option groups`,
    );
  }
  if (newGroups === 'error' && found.newLevels.length > 0) {
    const others = found.newLevels.length > 1 ? ` and ${found.newLevels.length - 1} more` : '';
    throw new ModelError(
      'new-group',
      factor,
      `${factor} ${quote(found.newLevels[0])}${others} in newdata is no group of the fit, and newGroups is 'error'; 'draw' and 'population' predict new groups`,
    );
  }
}

/** Positions of the group terms that take part. */
function takingPart(fit: Fit, groups: 'all' | 'none' | readonly string[]): number[] {
  if (groups === 'all') return fit.design.groupTerms.map((_, f) => f);
  if (groups === 'none') return [];
  if (!Array.isArray(groups)) throw optionError('groups', groups, "'all', 'none' or a list of grouping factors");
  return [...new Set(groups.map((factor: string) => factorPosition(fit.design, factor)))];
}

/** Whether a value is `{ rows, groups }` and not a table with a column called rows. */
function isModelData(value: ModelData | Table): value is ModelData {
  if (Array.isArray(value) || !('rows' in value)) return false;
  const rows: unknown = value.rows;
  if (typeof rows !== 'object' || rows === null || ArrayBuffer.isView(rows)) return false;
  return !Array.isArray(rows) || (typeof rows[0] === 'object' && rows[0] !== null);
}

function cell(frame: Frame, name: string, i: number): string | number | null {
  const column = frame.columns.get(name)!;
  const value = column.values[i]!;
  return typeof value === 'number' && Number.isNaN(value) ? null : value;
}
