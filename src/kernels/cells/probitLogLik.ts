import { logNormalCdf, logNormalCdfDerivatives } from '../../special/normalTail.ts';
import type { BlockLogLik } from './blockLogLik.ts';
import type { CellTable } from './cellTable.ts';
import { cubicTable, tabled } from './softplusTable.ts';

/**
 * The log-likelihood of the cells with the probit link, without the binomial constants: y log Phi(eta) + (n - y) log
 * Phi(-eta), log Phi from a table of cubics (error below 2e-11 in (-40, 40); beyond, the function itself).
 */
export function probitLogLik({ q, rows, start, row, y, z, size, layout }: CellTable): BlockLogLik {
  const out = new Float64Array(4);
  const logPhi = cubicTable(logNormalCdf, (eta) => {
    logNormalCdfDerivatives(eta, out);
    return out[1]!;
  });
  return {
    length: rows,
    border: new Float64Array(layout.pattern.r),
    prepare() {},
    add(predictor, u, _factors, values, from, to) {
      addProbit(from, to, q, start, row, y, size, z, predictor, u, logPhi, values);
    },
  };
}

function addProbit(
  from: number,
  to: number,
  q: number,
  start: Int32Array,
  row: Int32Array,
  y: Float64Array,
  size: Float64Array,
  z: Float64Array,
  predictor: Float64Array,
  u: Float64Array,
  logPhi: Float64Array,
  values: Float64Array,
): void {
  for (let j = from; j < to; j += 1) {
    let sum = values[j]!;
    for (let i = start[j]!, end = start[j + 1]!; i < end; i += 1) {
      let eta = predictor[row[i]!]!;
      for (let a = 0; a < q; a += 1) eta += z[i * q + a]! * u[j * q + a]!;
      const successes = y[i]!;
      const failures = size[i]! - successes;
      if (successes > 0) sum += successes * tabled(logPhi, eta, logNormalCdf);
      if (failures > 0) sum += failures * tabled(logPhi, -eta, logNormalCdf);
    }
    values[j] = sum;
  }
}
