import type { Family } from '../../families/family.ts';
import type { BlockLogLik } from './blockLogLik.ts';
import type { CellTable } from './cellTable.ts';

/**
 * The log-likelihood of the cells of any family without sigma, row by row by its derivatives; constants left out.
 */
export function familyLogLik({ derivatives }: Family, table: CellTable): BlockLogLik {
  const { q, rows, start, row, y, z, size, copies, layout } = table;
  const out = new Float64Array(4);
  return {
    length: rows,
    border: new Float64Array(layout.pattern.r),
    prepare() {},
    add(predictor, u, _factors, values, from, to, own) {
      for (let j = from; j < to; j += 1) {
        let sum = values[j]!;
        for (let i = start[j]!, end = start[j + 1]!; i < end; i += 1) {
          let eta = predictor[row[i]!]!;
          for (let a = 0; a < q; a += 1) eta += z[i * q + a]! * u[j * q + a]!;
          derivatives(y[i]!, size[i]!, eta, 1, out, own);
          sum += copies[i]! * out[0]!;
        }
        values[j] = sum;
      }
    },
  };
}
