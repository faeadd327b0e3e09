import type { BlockLogLik } from './blockLogLik.ts';
import type { CellTable } from './cellTable.ts';
import { addLinear, linearSums } from './linearSums.ts';
import { oddsProduct } from './oddsProduct.ts';
import { softplus, softplusTable, tabled } from './softplusTable.ts';

/**
 * sum_i y eta - n log(1 + exp(eta)): the first term is linear in the coefficients and needs no pass, so that the pass
 * sums n log(1 + exp(eta)) alone, by products of odds (`oddsProduct`) or read from a table.
 */
export function logitLogLik(table: CellTable): BlockLogLik {
  const { q, rows, start, row, y, z, size } = table;
  const { border, blocks: sums } = linearSums(table, y);
  const product = oddsProduct(table);
  if (product) {
    return {
      length: 2 * rows + 1,
      border,
      prepare: product.prepare,
      add(predictor, u, factors, values, from, to) {
        addLinear(from, to, q, sums, u, values);
        product.add(predictor, u, factors, values, from, to);
      },
    };
  }
  const softplusAt = softplusTable();
  const pass = q === 1 ? addScalar : q === 2 ? addPair : addAny;
  return {
    length: rows,
    border,
    prepare: nothing,
    add(predictor, u, _factors, values, from, to) {
      addLinear(from, to, q, sums, u, values);
      pass(from, to, start, softplusAt, row, predictor, z, q, u, size, values);
    },
  };
}

function nothing(): void {}

// Every pass takes its arrays as arguments: read from a closure they cost twice as much.

type Pass = (
  from: number,
  to: number,
  start: Int32Array,
  table: Float64Array,
  row: Int32Array,
  predictor: Float64Array,
  z: Float64Array,
  q: number,
  u: Float64Array,
  size: Float64Array,
  values: Float64Array,
) => void;

const addScalar: Pass = (from, to, start, table, row, predictor, z, _q, u, size, values) => {
  for (let j = from; j < to; j += 1) {
    const own = u[j]!;
    let sum = 0;
    for (let i = start[j]!, end = start[j + 1]!; i < end; i += 1) {
      sum += size[i]! * tabled(table, predictor[row[i]!]! + z[i]! * own, softplus);
    }
    values[j] = values[j]! - sum;
  }
};

const addPair: Pass = (from, to, start, table, row, predictor, z, _q, u, size, values) => {
  for (let j = from; j < to; j += 1) {
    const first = u[2 * j]!;
    const second = u[2 * j + 1]!;
    let sum = 0;
    for (let i = start[j]!, end = start[j + 1]!; i < end; i += 1) {
      sum += size[i]! * tabled(table, predictor[row[i]!]! + z[2 * i]! * first + z[2 * i + 1]! * second, softplus);
    }
    values[j] = values[j]! - sum;
  }
};

const addAny: Pass = (from, to, start, table, row, predictor, z, q, u, size, values) => {
  for (let j = from; j < to; j += 1) {
    let sum = 0;
    for (let i = start[j]!, end = start[j + 1]!; i < end; i += 1) {
      let eta = predictor[row[i]!]!;
      for (let a = 0; a < q; a += 1) eta += z[i * q + a]! * u[j * q + a]!;
      sum += size[i]! * tabled(table, eta, softplus);
    }
    values[j] = values[j]! - sum;
  }
};
