import { ROW_PART } from '../../families/cumulativeFamily.ts';
import type { OrderedLink } from '../../families/orderedLink.ts';
import type { BlockLogLik } from './blockLogLik.ts';
import type { CellTable } from './cellTable.ts';

/**
 * Ordered answers, whose cells are the rows of `thresholdRows`: log(F(b) - F(a)) of a level between two thresholds,
 * from the rows of b and of a; -Infinity where thresholds do not ascend.
 */
export function orderedLogLik(link: OrderedLink, table: CellTable): BlockLogLik {
  const { q, rows, start, row, y, z, copies, layout } = table;
  return {
    length: rows,
    border: new Float64Array(layout.pattern.r),
    prepare() {},
    add(predictor, u, _factors, values, from, to) {
      for (let j = from; j < to; j += 1) {
        let sum = values[j]!;
        for (let i = start[j]!, end = start[j + 1]!; i < end; i += 1) {
          let own = 0;
          for (let a = 0; a < q; a += 1) own += z[i * q + a]! * u[j * q + a]!;
          const eta = predictor[row[i]!]! + own;
          switch (y[i]) {
            case ROW_PART.lowest:
              sum += copies[i]! * link.logInterval(Infinity, eta);
              break;
            case ROW_PART.highest:
              sum += copies[i]! * link.logInterval(eta, -Infinity);
              break;
            case ROW_PART.above:
              sum += copies[i]! * link.logInterval(eta, predictor[row[i + 1]!]! + own);
              i += 2;
              break;
            default:
              if (!(eta > 0)) sum = -Infinity;
          }
        }
        values[j] = sum;
      }
    },
  };
}
