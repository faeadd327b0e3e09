import { ModelError } from '../../errors.ts';
import type { ColumnSource } from '../columns/columnSource.ts';
import type { TermColumn } from '../columns/termColumns.ts';

/** A row whose leverage is within rounding of 1. */
const ALONE = 1 - 1e-9;

/**
 * Throws a ModelError where one row has a residual sd of its own, so that the likelihood grows without bound as that sd
 * goes to 0: its leverage h_i among the columns of log sigma is 1. The columns are independent. One pass of modified
 * Gram-Schmidt, h_i = sum_k Q_ik^2.
 */
export function checkAlone(columns: readonly TermColumn[], source: ColumnSource): void {
  const { n } = source;
  if (columns.length < 2) return;
  const leverage = new Float64Array(n);
  const basis: Float64Array[] = [];
  for (const { values } of columns) {
    const q = Float64Array.from(values);
    // Twice, so that what rounding leaves of nearly dependent columns is orthogonal too.
    for (let pass = 0; pass < 2; pass++) for (const b of basis) subtract(q, b, dot(q, b));
    const length = Math.sqrt(dot(q, q));
    for (let i = 0; i < n; i++) {
      q[i]! /= length;
      leverage[i]! += q[i]! * q[i]!;
    }
    basis.push(q);
  }
  const alone = leverage.findIndex((h) => h > ALONE);
  if (alone < 0) return;
  const labels = columns.slice(1).map(({ label }) => label);
  throw new ModelError(
    'not-identified',
    'sigma',
    `sigma: ${source.rowName(alone)} alone tells of one of the sds of ${labels.join(', ')}, and one residual tells no sd; join it with others, or leave the term out`,
  );
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function subtract(a: Float64Array, b: Float64Array, by: number): void {
  for (let i = 0; i < a.length; i++) a[i]! -= by * b[i]!;
}
