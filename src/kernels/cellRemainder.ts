import type { CellTable } from './cellTable.ts';
import type { PseudoObservations } from './gaussianApproximation.ts';
import { KNOTS_PER_UNIT, softplus, softplusTable, TABLE_END } from './softplusTable.ts';

/**
 * R_j, what the log-likelihood of block j's cells has beyond that of their pseudo-observations, at the block's coefficients u[at .. at + q - 1] and the border
 * rows' `predictor`: sum_i y eta - n log(1 + exp(eta)) - s (eta - o) + w (eta - o)^2 / 2, o the offset, w the precision and s the side of the cell's
 * pseudo-observation. Up to a constant. One pass over the block's cells; allocates nothing.
 */
export type CellRemainder = (j: number, predictor: Float64Array, u: Float64Array, at: number) => number;

/** The remainder of the binomial family with the logit link. */
export function logitRemainder(table: CellTable, pseudo: PseudoObservations): CellRemainder {
  const { n, q, start, row, z, base, size } = table;
  const softplusAt = softplusTable();
  const linear = new Float64Array(n);
  const half = new Float64Array(n);
  const { precision, side } = pseudo;
  for (let i = 0; i < n; i += 1) {
    // (y - s - w o) eta + w eta^2 / 2
    linear[i] = table.y[i]! - side[i]! - precision[i]! * base[row[i]!]!;
    half[i] = 0.5 * precision[i]!;
  }
  if (q === 0) {
    return (j, predictor) =>
      remainderOfBorder(start[j]!, start[j + 1]!, softplusAt, row, predictor, linear, half, size);
  }
  const { constant } = table;
  if (constant !== null) {
    return (j, predictor, u, at) =>
      remainderOfConstant(start[j]!, start[j + 1]!, softplusAt, row, predictor, constant * u[at]!, linear, half, size);
  }
  if (q === 1) {
    return (j, predictor, u, at) =>
      remainderOfScalar(start[j]!, start[j + 1]!, softplusAt, row, predictor, z, u[at]!, linear, half, size);
  }
  if (q === 2) {
    return (j, predictor, u, at) =>
      remainderOfPair(start[j]!, start[j + 1]!, softplusAt, row, predictor, z, u[at]!, u[at + 1]!, linear, half, size);
  }
  return (j, predictor, u, at) =>
    remainderOfAny(start[j]!, start[j + 1]!, softplusAt, row, predictor, z, q, u, at, linear, half, size);
}

const ZERO = TABLE_END * KNOTS_PER_UNIT;
const END = 2 * ZERO;

function remainderOfBorder(
  from: number,
  to: number,
  table: Float64Array,
  row: Int32Array,
  predictor: Float64Array,
  linear: Float64Array,
  half: Float64Array,
  size: Float64Array,
): number {
  let sum = 0;
  for (let i = from; i < to; i += 1) sum += term(table, predictor[row[i]!]!, linear[i]!, half[i]!, size[i]!);
  return sum;
}

function remainderOfConstant(
  from: number,
  to: number,
  table: Float64Array,
  row: Int32Array,
  predictor: Float64Array,
  u: number,
  linear: Float64Array,
  half: Float64Array,
  size: Float64Array,
): number {
  let sum = 0;
  for (let i = from; i < to; i += 1) sum += term(table, predictor[row[i]!]! + u, linear[i]!, half[i]!, size[i]!);
  return sum;
}

function remainderOfScalar(
  from: number,
  to: number,
  table: Float64Array,
  row: Int32Array,
  predictor: Float64Array,
  z: Float64Array,
  u: number,
  linear: Float64Array,
  half: Float64Array,
  size: Float64Array,
): number {
  let sum = 0;
  for (let i = from; i < to; i += 1) {
    sum += term(table, predictor[row[i]!]! + z[i]! * u, linear[i]!, half[i]!, size[i]!);
  }
  return sum;
}

function remainderOfPair(
  from: number,
  to: number,
  table: Float64Array,
  row: Int32Array,
  predictor: Float64Array,
  z: Float64Array,
  u0: number,
  u1: number,
  linear: Float64Array,
  half: Float64Array,
  size: Float64Array,
): number {
  let sum = 0;
  for (let i = from; i < to; i += 1) {
    const eta = predictor[row[i]!]! + z[2 * i]! * u0 + z[2 * i + 1]! * u1;
    sum += term(table, eta, linear[i]!, half[i]!, size[i]!);
  }
  return sum;
}

function remainderOfAny(
  from: number,
  to: number,
  table: Float64Array,
  row: Int32Array,
  predictor: Float64Array,
  z: Float64Array,
  q: number,
  u: Float64Array,
  at: number,
  linear: Float64Array,
  half: Float64Array,
  size: Float64Array,
): number {
  let sum = 0;
  for (let i = from; i < to; i += 1) {
    let eta = predictor[row[i]!]!;
    for (let a = 0; a < q; a += 1) eta += z[i * q + a]! * u[at + a]!;
    sum += term(table, eta, linear[i]!, half[i]!, size[i]!);
  }
  return sum;
}

/** One cell: linear eta + half eta^2 - size log(1 + exp(eta)). */
function term(table: Float64Array, eta: number, linear: number, half: number, size: number): number {
  const t = eta * KNOTS_PER_UNIT + ZERO;
  if (t >= 0 && t < END) {
    const k = t | 0;
    const f = t - k;
    const c = k << 2;
    const value = ((table[c + 3]! * f + table[c + 2]!) * f + table[c + 1]!) * f + table[c]!;
    return eta * (linear + half * eta) - size * value;
  }
  return eta * (linear + half * eta) - size * softplus(eta);
}
