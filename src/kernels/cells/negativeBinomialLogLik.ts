import { log } from '../../elementary.ts';
import { logRisingFactorial } from '../../special/risingFactorial.ts';
import type { BlockLogLik } from './blockLogLik.ts';
import type { CellTable } from './cellTable.ts';
import { addLinear, linearSums } from './linearSums.ts';
import { softplus, softplusTable, tabled } from './softplusTable.ts';

/**
 * Negative binomial counts: y eta - (y + shape) log(1 + exposure exp(eta) / shape), as y successes among y + shape
 * trials with the logit link at eta + log(exposure / shape). The first term is linear in the coefficients and needs no
 * pass, the logarithm is read from a table; the rising factorials of the counts depend on the shape alone.
 */
export function negativeBinomialLogLik(table: CellTable): BlockLogLik {
  const { n, q, rows, start, row, y, z, size, copies } = table;
  const weighted = y.map((value, i) => value * copies[i]!);
  const { border, blocks } = linearSums(table, weighted);
  const logSize = size.map((value) => log(value));
  const softplusAt = softplusTable();
  const counted = new Map<number, number>();
  for (let i = 0; i < n; i += 1) counted.set(y[i]!, (counted.get(y[i]!) ?? 0) + copies[i]!);
  // Counts of 0 and 1 have rising factorials of 0.
  const counts = Float64Array.from([...counted.keys()].filter((value) => value > 1));
  const times = counts.map((value) => counted.get(value)!);
  return {
    length: rows,
    border,
    prepare() {},
    constant(shape) {
      let sum = 0;
      for (let i = 0; i < counts.length; i += 1) sum += times[i]! * logRisingFactorial(counts[i]!, shape);
      return sum;
    },
    add(predictor, u, _factors, values, from, to, shape) {
      addLinear(from, to, q, blocks, u, values);
      pass(
        from,
        to,
        start,
        softplusAt,
        row,
        predictor,
        z,
        q,
        u,
        weighted,
        copies,
        logSize,
        shape!,
        log(shape!),
        values,
      );
    },
  };
}

// Arrays as arguments: read from a closure they cost twice as much.
function pass(
  from: number,
  to: number,
  start: Int32Array,
  table: Float64Array,
  row: Int32Array,
  predictor: Float64Array,
  z: Float64Array,
  q: number,
  u: Float64Array,
  weighted: Float64Array,
  copies: Float64Array,
  logSize: Float64Array,
  shape: number,
  logShape: number,
  values: Float64Array,
): void {
  for (let j = from; j < to; j += 1) {
    let sum = 0;
    for (let i = start[j]!, end = start[j + 1]!; i < end; i += 1) {
      let eta = predictor[row[i]!]! + logSize[i]! - logShape;
      for (let a = 0; a < q; a += 1) eta += z[i * q + a]! * u[j * q + a]!;
      sum += (weighted[i]! + copies[i]! * shape) * tabled(table, eta, softplus);
    }
    values[j] = values[j]! - sum;
  }
}
