import { ModelError } from '../../errors.ts';
import { orthogonalise } from '../../linalg/orthogonalise.ts';
import type { ColumnSource } from '../columns/columnSource.ts';
import type { TermColumn } from '../columns/termColumns.ts';

/** A row whose leverage is within rounding of 1. */
const ALONE = 1 - 1e-9;

/**
 * Throws a ModelError where one row has a residual sd of its own, so that the likelihood grows without bound as that sd
 * goes to 0: its leverage among the columns of log sigma is 1, h_i = sum_k Q_ik^2 / n, the columns of Q orthogonal and
 * of mean square 1. The columns are independent.
 */
export function checkAlone(columns: readonly TermColumn[], source: ColumnSource): void {
  const { n } = source;
  const m = columns.length;
  if (m < 2) return;
  const M = Float64Array.from({ length: n * m }, (_, at) => columns[at % m]!.values[Math.floor(at / m)]!);
  const T = orthogonalise(M, m, new Float64Array(n).fill(1));
  const leverage = Float64Array.from({ length: n }, (_, i) => {
    let h = 0;
    for (let k = 0; k < m; k++) {
      let q = 0;
      for (let b = 0; b <= k; b++) q += M[i * m + b]! * T[b * m + k]!;
      h += (q * q) / n;
    }
    return h;
  });
  const alone = leverage.findIndex((h) => h > ALONE);
  if (alone < 0) return;
  const labels = columns.slice(1).map(({ label }) => label);
  throw new ModelError(
    'not-identified',
    'sigma',
    `sigma: ${source.rowName(alone)} alone tells of one of the sds of ${labels.join(', ')}, and one residual tells no sd; join it with others, or leave the term out`,
  );
}
