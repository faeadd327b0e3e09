import { exp, log1p } from '../../elementary.ts';
import { logistic } from '../../special/logistic.ts';

/** Knots per unit, and where the table ends: beyond, exp(-|eta|) is below 5e-18 of the value. */
export const KNOTS_PER_UNIT = 64;
export const TABLE_END = 40;
const ZERO = TABLE_END * KNOTS_PER_UNIT;
const INTERVALS = 2 * TABLE_END * KNOTS_PER_UNIT;

/**
 * log(1 + exp(eta)) as cubics on intervals of 1/64 over (-40, 40), with the right values and slopes at the knots: 4
 * coefficients an interval in powers of the distance from its left end in units of the interval. Error: h^4 / 384
 * max|f''''| <= 2e-11 everywhere; to the left, where f = exp(eta), at most 2e-10 of f.
 */
export function softplusTable(): Float64Array {
  return cubicTable(softplus, logistic);
}

/** Any function with its slope as cubics on the same intervals and in the same layout: error h^4 / 384 max|f''''|. */
export function cubicTable(value: (eta: number) => number, slope: (eta: number) => number): Float64Array {
  const table = new Float64Array(4 * INTERVALS);
  const h = 1 / KNOTS_PER_UNIT;
  for (let k = 0; k < INTERVALS; k += 1) {
    const left = -TABLE_END + k * h;
    const f0 = value(left);
    const f1 = value(left + h);
    const d0 = h * slope(left);
    const d1 = h * slope(left + h);
    table[4 * k] = f0;
    table[4 * k + 1] = d0;
    table[4 * k + 2] = 3 * (f1 - f0) - 2 * d0 - d1;
    table[4 * k + 3] = 2 * (f0 - f1) + d0 + d1;
  }
  return table;
}

/**
 * The function of a cubic table at eta: from the table within (-40, 40), by `beyond`, the function itself, elsewhere.
 */
export function tabled(table: Float64Array, eta: number, beyond: (eta: number) => number): number {
  const t = eta * KNOTS_PER_UNIT + ZERO;
  if (t >= 0 && t < INTERVALS) {
    const k = t | 0;
    const f = t - k;
    const c = k << 2;
    return ((table[c + 3]! * f + table[c + 2]!) * f + table[c + 1]!) * f + table[c]!;
  }
  return beyond(eta);
}

/** log(1 + exp(eta)) without overflow or loss of digits. */
export function softplus(eta: number): number {
  return Math.max(eta, 0) + log1p(exp(-Math.abs(eta)));
}
