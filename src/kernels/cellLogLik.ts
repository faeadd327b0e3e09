import type { Family } from '../families/family.ts';
import type { CellTable } from './cellTable.ts';
import { KNOTS_PER_UNIT, softplus, softplusTable, TABLE_END } from './softplusTable.ts';

/** The log-likelihood of the cells, up to a constant, as the sum of a part by block and a part that is linear in the border's coefficients. */
export interface CellLogLik {
  /**
   * The part of block j at its coefficients u[at .. at + q - 1] (working coordinates) and the border rows' `predictor`. One pass over the
   * block's cells; allocates nothing.
   */
  block(j: number, predictor: Float64Array, u: Float64Array, at: number): number;
  /** Length r: what the linear part is taken with, in the order of the border. */
  readonly border: Float64Array;
}

/** The log-likelihood of the cells of a family; the logit link has a pass of its own, other families go cell by cell. */
export function cellLogLik(family: Family, table: CellTable): CellLogLik {
  return family.link === 'logit' ? logitLogLik(table) : anyLogLik(family, table);
}

/**
 * sum_i y eta - n log(1 + exp(eta)): the first term is linear in the coefficients and needs no pass, so that the pass sums n log(1 + exp(eta)) alone,
 * which it reads from a table.
 */
function logitLogLik(table: CellTable): CellLogLik {
  const { J, q, start, row, y, z, size, count, values, columns, layout, constant } = table;
  const border = new Float64Array(layout.pattern.r);
  const sums = new Float64Array(J * q);
  for (let j = 0; j < J; j += 1) {
    for (let i = start[j]!; i < start[j + 1]!; i += 1) {
      for (let a = 0; a < q; a += 1) sums[j * q + a] = sums[j * q + a]! + y[i]! * z[i * q + a]!;
      for (let k = row[i]! * count; k < (row[i]! + 1) * count; k += 1) {
        border[columns[k]!] = border[columns[k]!]! + y[i]! * values[k]!;
      }
    }
  }
  const softplusAt = softplusTable();
  const bernoulli = size.every((n) => n === 1);
  if (q === 0) {
    return {
      border,
      block: (j, predictor) => -softplusOfConstant(start[j]!, start[j + 1]!, softplusAt, row, predictor, 0, size),
    };
  }
  if (constant !== null) {
    const pass = bernoulli ? softplusOfRows : softplusOfConstant;
    return {
      border,
      block: (j, predictor, u, at) =>
        sums[j]! * u[at]! - pass(start[j]!, start[j + 1]!, softplusAt, row, predictor, constant * u[at]!, size),
    };
  }
  if (q === 1) {
    return {
      border,
      block: (j, predictor, u, at) =>
        sums[j]! * u[at]! - softplusOfScalar(start[j]!, start[j + 1]!, softplusAt, row, predictor, z, u[at]!, size),
    };
  }
  if (q === 2) {
    return {
      border,
      block: (j, predictor, u, at) =>
        sums[2 * j]! * u[at]! +
        sums[2 * j + 1]! * u[at + 1]! -
        softplusOfPair(start[j]!, start[j + 1]!, softplusAt, row, predictor, z, u[at]!, u[at + 1]!, size),
    };
  }
  return {
    border,
    block(j, predictor, u, at) {
      let sum = 0;
      for (let a = 0; a < q; a += 1) sum += sums[j * q + a]! * u[at + a]!;
      return sum - softplusOfAny(start[j]!, start[j + 1]!, softplusAt, row, predictor, z, q, u, at, size);
    },
  };
}

function anyLogLik(family: Family, { q, start, row, y, z, size, layout }: CellTable): CellLogLik {
  return {
    border: new Float64Array(layout.pattern.r),
    block(j, predictor, u, at) {
      let sum = 0;
      for (let i = start[j]!; i < start[j + 1]!; i += 1) {
        let eta = predictor[row[i]!]!;
        for (let a = 0; a < q; a += 1) eta += z[i * q + a]! * u[at + a]!;
        sum += family.logLik(y[i]!, size[i]!, eta, 1);
      }
      return sum;
    },
  };
}

const ZERO = TABLE_END * KNOTS_PER_UNIT;
const END = 2 * ZERO;

// Every pass takes its arrays as arguments: read from a closure they cost twice as much.

function softplusOfRows(
  from: number,
  to: number,
  table: Float64Array,
  row: Int32Array,
  predictor: Float64Array,
  u: number,
): number {
  let sum = 0;
  for (let i = from; i < to; i += 1) sum += tabled(table, predictor[row[i]!]! + u);
  return sum;
}

function softplusOfConstant(
  from: number,
  to: number,
  table: Float64Array,
  row: Int32Array,
  predictor: Float64Array,
  u: number,
  size: Float64Array,
): number {
  let sum = 0;
  for (let i = from; i < to; i += 1) sum += size[i]! * tabled(table, predictor[row[i]!]! + u);
  return sum;
}

function softplusOfScalar(
  from: number,
  to: number,
  table: Float64Array,
  row: Int32Array,
  predictor: Float64Array,
  z: Float64Array,
  u: number,
  size: Float64Array,
): number {
  let sum = 0;
  for (let i = from; i < to; i += 1) sum += size[i]! * tabled(table, predictor[row[i]!]! + z[i]! * u);
  return sum;
}

function softplusOfPair(
  from: number,
  to: number,
  table: Float64Array,
  row: Int32Array,
  predictor: Float64Array,
  z: Float64Array,
  u0: number,
  u1: number,
  size: Float64Array,
): number {
  let sum = 0;
  for (let i = from; i < to; i += 1) {
    sum += size[i]! * tabled(table, predictor[row[i]!]! + z[2 * i]! * u0 + z[2 * i + 1]! * u1);
  }
  return sum;
}

function softplusOfAny(
  from: number,
  to: number,
  table: Float64Array,
  row: Int32Array,
  predictor: Float64Array,
  z: Float64Array,
  q: number,
  u: Float64Array,
  at: number,
  size: Float64Array,
): number {
  let sum = 0;
  for (let i = from; i < to; i += 1) {
    let eta = predictor[row[i]!]!;
    for (let a = 0; a < q; a += 1) eta += z[i * q + a]! * u[at + a]!;
    sum += size[i]! * tabled(table, eta);
  }
  return sum;
}

/** log(1 + exp(eta)) from the table. */
function tabled(table: Float64Array, eta: number): number {
  const t = eta * KNOTS_PER_UNIT + ZERO;
  if (t >= 0 && t < END) {
    const k = t | 0;
    const f = t - k;
    const c = k << 2;
    return ((table[c + 3]! * f + table[c + 2]!) * f + table[c + 1]!) * f + table[c]!;
  }
  return softplus(eta);
}
