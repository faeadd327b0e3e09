import type { Design, StructuredGroups } from '../design/design.ts';
import { rowsInOrder } from '../design/rowsInOrder.ts';
import { log } from '../elementary.ts';
import { cholesky, forwardSolve, logDeterminant } from '../linalg/cholesky.ts';
import { type Correlation, writeCovariance } from './correlation.ts';
import type { ResidualModel } from './residualModel.ts';

/** The residuals of units of rows made independent with sd 1, each unit's as though there were no other rows. */
export interface Whitening {
  /** Takes up the last point of the model; false where the covariance of a unit is not positive definite. */
  refresh(): boolean;
  /** v := C^-1 v in place (length n), R = C C' unit by unit; rows of no unit are left as they are. */
  apply(v: Float64Array): void;
  /** log|R| of each unit, R in units of the variance at the means of the columns of sigma. */
  readonly logDet: Float64Array;
}

/** The correlation of rows that lie in time as these do. */
interface Pattern {
  readonly logDet: () => number;
  refresh(): boolean;
  solve(v: Float64Array, rows: Int32Array): void;
}

/**
 * R of a unit is that of its own rows (those of one group at their own times), so that units may cut through the groups
 * of the structure. `units` holds the unit of each row, -1 for none, of `count`; `correlation` is the model's own, so
 * that the coordinates are those of all rows.
 */
export function whitening(design: Design, model: ResidualModel, units: Int32Array, count: number): Whitening {
  const { n, residual, response } = design;
  const groups = residual?.groups ?? null;
  const { classes } = model;
  const first = new Int32Array(classes.count).fill(-1);
  classes.index.forEach((c, i) => {
    if (first[c] === -1) first[c] = i;
  });
  const relative = new Float64Array(classes.count).fill(1);
  const root = response.weights?.map(Math.sqrt) ?? null;
  const blocks = groups ? blocksOf(groups, units) : [];
  const patterns = new Map<string, Pattern>();
  const patternOf = blocks.map((rows) => {
    const places = Float64Array.from(rows, (row) => groups!.positions[groups!.occasion[row]!]!);
    const key = patternKey(groups!, places);
    const known = patterns.get(key) ?? patternFor(groups!, places, model.correlation);
    patterns.set(key, known);
    return known;
  });
  const logDet = new Float64Array(count);
  return {
    logDet,
    refresh() {
      logDet.fill(0);
      first.forEach((i, c) => {
        relative[c] = model.rowSd(i);
      });
      for (const pattern of patterns.values()) if (!pattern.refresh()) return false;
      for (let i = 0; i < n; i++) {
        const j = units[i]!;
        if (j >= 0) logDet[j]! += 2 * log(relative[classes.index[i]!]! / (root?.[i] ?? 1));
      }
      blocks.forEach((rows, b) => {
        logDet[units[rows[0]!]!]! += patternOf[b]!.logDet();
      });
      return true;
    },
    apply(v) {
      for (let i = 0; i < n; i++) if (units[i]! >= 0) v[i] = (v[i]! * (root?.[i] ?? 1)) / relative[classes.index[i]!]!;
      blocks.forEach((rows, b) => {
        patternOf[b]!.solve(v, rows);
      });
    },
  };
}

/** The rows of each group of the structure that lie in one unit, in order. */
function blocksOf({ index, occasion, J }: StructuredGroups, units: Int32Array): Int32Array[] {
  return rowsInOrder(index, occasion, J).flatMap((rows) => {
    const own = new Map<number, number[]>();
    for (const row of rows) {
      const unit = units[row]!;
      if (unit < 0) continue;
      const list = own.get(unit);
      if (list) list.push(row);
      else own.set(unit, [row]);
    }
    return [...own.values()].map((list) => Int32Array.from(list));
  });
}

/** Equal of rows that are equally correlated. */
function patternKey({ structure }: StructuredGroups, places: Float64Array): string {
  switch (structure) {
    case 'cs':
      return String(places.length);
    case 'ar1':
    case 'car1':
    case 'toeplitz':
      return places.map((place) => place - places[0]!).join();
    case 'unstructured':
      return places.join();
  }
}

type Given = Pick<Correlation, 'between' | 'variance'>;

function patternFor({ structure }: StructuredGroups, places: Float64Array, correlation: Given): Pattern {
  switch (structure) {
    case 'ar1':
    case 'car1':
      return chain(places, correlation);
    case 'cs':
      return exchangeable(places.length, correlation);
    case 'toeplitz':
    case 'unstructured':
      return dense(places, correlation);
  }
}

/** Each row less rho times the one before it, over sqrt(1 - rho^2). */
function chain(places: Float64Array, { between }: Given): Pattern {
  const k = places.length;
  const rho = new Float64Array(k);
  const root = new Float64Array(k).fill(1);
  let sum = 0;
  return {
    logDet: () => sum,
    refresh() {
      sum = 0;
      for (let t = 1; t < k; t++) {
        rho[t] = between(places[t]!, places[t - 1]!);
        const variance = (1 - rho[t]!) * (1 + rho[t]!);
        if (!(variance > 0)) return false;
        root[t] = Math.sqrt(variance);
        sum += log(variance);
      }
      return true;
    },
    solve(v, rows) {
      for (let t = k - 1; t > 0; t--) v[rows[t]!] = (v[rows[t]!]! - rho[t]! * v[rows[t - 1]!]!) / root[t]!;
    },
  };
}

/** R^-1/2: what departs from the mean over sqrt(1 - rho), the mean over sqrt(1 + (k - 1) rho). */
function exchangeable(k: number, { between }: Given): Pattern {
  let apart = 1;
  let whole = 1;
  return {
    logDet: () => (k - 1) * log(apart) + log(whole),
    refresh() {
      const rho = k > 1 ? between(0, 0) : 0;
      apart = 1 - rho;
      whole = 1 + (k - 1) * rho;
      return apart > 0 && whole > 0;
    },
    solve(v, rows) {
      let mean = 0;
      for (const row of rows) mean += v[row]! / k;
      for (const row of rows) v[row] = (v[row]! - mean) / Math.sqrt(apart) + mean / Math.sqrt(whole);
    },
  };
}

/** L^-1 of the Cholesky factor of the whole matrix. */
function dense(places: Float64Array, correlation: Given): Pattern {
  const k = places.length;
  const L = new Float64Array(k * k);
  const own = new Float64Array(k);
  return {
    logDet: () => logDeterminant(L, k),
    refresh() {
      writeCovariance(places, correlation, L);
      return cholesky(L, k);
    },
    solve(v, rows) {
      for (let a = 0; a < k; a++) own[a] = v[rows[a]!]!;
      forwardSolve(L, k, own);
      for (let a = 0; a < k; a++) v[rows[a]!] = own[a]!;
    },
  };
}
