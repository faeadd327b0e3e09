import { log } from '../../elementary.ts';
import { ROW_PART } from '../../families/cumulativeFamily.ts';
import { type OrderedLink, oneLessExp } from '../../families/orderedLink.ts';
import type { BlockLogLik } from './blockLogLik.ts';
import type { CellTable } from './cellTable.ts';
import { cubicTable, tabled } from './softplusTable.ts';

/** An interval narrower than this has its probability from the link: a table's error would be seen in a difference. */
const NARROW = 0.05;

/**
 * Ordered answers, whose cells are the rows of `thresholdRows`: log(F(b) - F(a)) of a level between two thresholds,
 * from the rows of b, of a and of their difference; -Infinity where thresholds do not ascend. log F comes from a table
 * of cubics (error below 2e-11 in (-40, 40); beyond, the function itself). Of a link whose intervals split
 * (`OrderedLink.logGap`) the part of the difference is had once for all cells of a border row.
 */
export function orderedLogLik(link: OrderedLink, table: CellTable): BlockLogLik {
  const { n, q, rows, start, row, y, z, copies, layout } = table;
  const out = new Float64Array(4);
  const logF = (x: number): number => {
    link.logCdf(x, out);
    return out[0]!;
  };
  const logs = cubicTable(logF, (x) => {
    link.logCdf(x, out);
    return out[1]!;
  });
  const { logGap } = link;
  // The border rows of gaps, each once.
  const gaps = new Set<number>();
  for (let i = 0; i < n; i += 1) {
    if (y[i] === ROW_PART.gap || y[i] === ROW_PART.space) gaps.add(row[i]!);
  }
  const gapRows = Int32Array.from(gaps);
  const interval = logGap
    ? (b: number, a: number, gap: number): number => tabled(logs, b, logF) + tabled(logs, -a, logF) + gap
    : (b: number, a: number, gap: number): number => {
        if (!(b - a > NARROW)) return gap < 0 ? -Infinity : link.logInterval(b, a);
        // In the tail in which the difference has its digits.
        const top = tabled(logs, a > 0 ? -a : b, logF);
        return top + log(oneLessExp(top - tabled(logs, a > 0 ? -b : a, logF)));
      };
  return {
    length: 2 * rows,
    border: new Float64Array(layout.pattern.r),
    prepare(predictor) {
      for (let k = 0; k < gapRows.length; k += 1) {
        const d = gapRows[k]!;
        const gap = predictor[d]!;
        predictor[rows + d] = gap > 0 ? (logGap ? logGap(gap) : 0) : -Infinity;
      }
    },
    add(predictor, u, _factors, values, from, to) {
      for (let j = from; j < to; j += 1) {
        let sum = values[j]!;
        for (let i = start[j]!, end = start[j + 1]!; i < end; i += 1) {
          let own = 0;
          for (let a = 0; a < q; a += 1) own += z[i * q + a]! * u[j * q + a]!;
          const eta = predictor[row[i]!]! + own;
          switch (y[i]) {
            case ROW_PART.lowest:
              sum += copies[i]! * tabled(logs, -eta, logF);
              break;
            case ROW_PART.highest:
              sum += copies[i]! * tabled(logs, eta, logF);
              break;
            case ROW_PART.above:
              sum += copies[i]! * interval(eta, predictor[row[i + 1]!]! + own, predictor[rows + row[i + 2]!]!);
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
