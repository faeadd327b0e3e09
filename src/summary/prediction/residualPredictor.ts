import type { Design, StructuredGroups } from '../../design/design.ts';
import { rowsInOrder } from '../../design/rowsInOrder.ts';
import { ModelError } from '../../errors.ts';
import { cholesky, choleskySolve } from '../../linalg/cholesky.ts';
import { writeCovariance } from '../../residual/correlation.ts';
import { type ResidualModel, residualModel } from '../../residual/residualModel.ts';
import type { NewResiduals } from './newResiduals.ts';

/**
 * A residual given those of its group: the sum of weights times residuals of rows of the fit, and its variance left.
 */
export interface ResidualPrediction {
  readonly rows: readonly number[];
  readonly weights: readonly number[];
  readonly variance: number;
}

/** The residuals of new rows given those of the rows of the fit, at the last point of `model`. */
export interface ResidualPredictor {
  readonly model: ResidualModel;
  /** The rows of the fit that tell of the residual of new row i. */
  rowsOf(i: number): readonly number[];
  /** What they say of it, `unit` being the sd at the means of the columns of sigma. */
  given(i: number, unit: number): ResidualPrediction;
}

/**
 * The residuals of new rows given those of the rows of the fit in their group, by the best linear predictor c'e_o with
 * R_oo c = r_on and variance r_nn - r_no c (Goldberger 1962), residuals in units of their own sds; `size` are the
 * weights of the new rows. By `ar1` and `car1` the rows next before and after are all that count. Without
 * `conditional`, and in a new group, a residual is its own. Throws `residual-time` for a number of steps that
 * `toeplitz` knows no correlation of.
 */
export function residualPredictor(
  design: Design,
  fresh: NewResiduals,
  size: Float64Array,
  conditional: boolean,
): ResidualPredictor {
  const model = residualModel(design);
  const { correlation } = model;
  const { residual, response } = design;
  const groups = residual?.groups ?? null;
  const byGroup = groups ? rowsInOrder(groups.index, groups.occasion, groups.J) : [];
  const m = residual?.sigma?.m ?? 0;
  const rowSd = (row: number): number => model.rowSd(row) / Math.sqrt(response.weights?.[row] ?? 1);
  const rowsOf = (i: number): readonly number[] => {
    const j = fresh.group[i]!;
    return groups && conditional && j >= 0 ? telling(groups, byGroup[j]!, fresh.position[i]!) : [];
  };
  const given = (i: number, unit: number): ResidualPrediction => {
    const w = fresh.W?.subarray(i * m, (i + 1) * m) ?? null;
    const sd = model.relativeSd(w, fresh.sdGroup[i]!) / Math.sqrt(size[i]!);
    const position = fresh.position[i]!;
    const whole = groups ? correlation.variance(position) : 1;
    const rows = rowsOf(i);
    const place = (row: number): number => groups!.positions[groups!.occasion[row]!]!;
    const k = rows.length;
    const side = Float64Array.from(rows, (row) =>
      known(correlation.between(place(row), position), groups!, row, place(row), position),
    );
    const c = side.slice();
    if (groups?.structure === 'cs') c.fill((side[0] ?? 0) / (1 + (k - 1) * (side[0] ?? 0)));
    else solveCorrelation(rows.map(place), correlation, c);
    const explained = c.reduce((sum, value, a) => sum + value * side[a]!, 0);
    return {
      rows,
      weights: rows.map((row, a) => (sd * c[a]!) / rowSd(row)),
      variance: (unit * sd) ** 2 * Math.max(0, whole - explained),
    };
  };
  return { model, rowsOf, given };
}

/** c := R^-1 c, R the correlations of the residuals at these positions. */
function solveCorrelation(
  positions: readonly number[],
  correlation: ResidualModel['correlation'],
  c: Float64Array,
): void {
  const k = positions.length;
  const R = new Float64Array(k * k);
  writeCovariance(positions, correlation, R);
  cholesky(R, k);
  choleskySolve(R, k, c);
}

/** The rows of a group that tell of a residual at a position; of `cs`, where all are alike, every one. */
function telling({ structure, positions, occasion }: StructuredGroups, rows: Int32Array, at: number): number[] {
  const all = [...rows];
  if (structure !== 'ar1' && structure !== 'car1') return all;
  const place = (row: number): number => positions[occasion[row]!]!;
  const before = all.filter((row) => place(row) < at).at(-1);
  const after = all.find((row) => place(row) > at);
  return [before, after].filter((row) => row !== undefined);
}

function known(
  value: number | undefined,
  { structure, factor }: StructuredGroups,
  row: number,
  one: number,
  other: number,
): number {
  if (value !== undefined && Number.isFinite(value)) return value;
  throw new ModelError(
    'residual-time',
    factor,
    `${structure} within ${factor} has no correlation of residuals ${Math.abs(one - other)} steps apart (row ${row + 1} of the fit and a row of newdata); accepted are steps that the rows of the fit have`,
  );
}
