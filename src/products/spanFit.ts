import type { Design } from '../design/design.ts';
import { residualRounding } from './residualRounding.ts';

/**
 * A column counts as dependent when less than this share of its length is left over: after two projections rounding
 * leaves some 1e-15.
 */
const DEPENDENT = 1e-9;
/** What columns span, and whether the response lies in it. */
export interface SpanFit {
  /** Rank of the columns together. */
  readonly rank: number;
  /** Whether the response less its offset is a combination of them but for rounding. */
  readonly fits: boolean;
}

/**
 * Rank of [X, Z_1 V_1, Z_2 V_2, ...] and whether y lies in its span, V_f (q_f x s_f, row-major) being the directions in
 * which the coefficients of factor f may differ from group to group: the identity for all, no column for none. The
 * factor with most columns is eliminated group by group, a group's n_j rows by themselves; what it leaves of the
 * others, of X and of y is orthogonalised column by column (Gram-Schmidt, each projection done twice). Null where that
 * would take more multiplications than `budget` (hundreds of columns beside the leading factor's).
 */
export function spanFit(design: Design, directions: readonly Float64Array[], budget: number): SpanFit | null {
  const { n, p, X, response, groupTerms } = design;
  const widths = groupTerms.map(({ q }, f) => directions[f]!.length / q);
  const totals = groupTerms.map(({ J }, f) => J * widths[f]!);
  const leading = totals.indexOf(Math.max(...totals));
  const beside = p + totals.reduce((sum, total, f) => sum + (f === leading ? 0 : total), 0);
  const each = leading < 0 ? 0 : widths[leading]!;
  if (4 * n * (beside + each) * (beside + each) > budget) return null;

  const rest: Float64Array[] = [];
  for (let k = 0; k < p; k += 1) rest.push(Float64Array.from({ length: n }, (_, i) => X[i * p + k]!));
  groupTerms.forEach(({ J, index }, f) => {
    if (f === leading) return;
    for (const column of varyingColumns(design, f, directions[f]!, widths[f]!)) {
      for (let j = 0; j < J; j += 1) rest.push(column.map((value, i) => (index[i] === j ? value : 0)));
    }
  });
  const lengths = rest.map(length);
  const y = Float64Array.from(response.y, (value, i) => value - (response.offset?.[i] ?? 0));

  let rank = 0;
  if (leading >= 0) {
    const columns = varyingColumns(design, leading, directions[leading]!, widths[leading]!);
    for (const rows of rowsOfGroups(design, leading)) {
      const basis = orthonormal(columns.map((column) => Float64Array.from(rows, (i) => column[i]!)));
      rank += basis.length;
      for (const column of [...rest, y]) projectRows(basis, rows, column);
    }
  }
  const basis = orthonormal(rest, lengths);
  rank += basis.length;
  for (let pass = 0; pass < 2; pass += 1) for (const direction of basis) project(direction, y);
  const left = length(y);
  const heaviest = response.weights?.reduce((most, w) => Math.max(most, w), 0) ?? 1;
  return { rank, fits: heaviest * left * left <= residualRounding(design) };
}

/** Z_f V_f by columns, each of length n. */
function varyingColumns(design: Design, f: number, V: Float64Array, width: number): Float64Array[] {
  const { Z, q } = design.groupTerms[f]!;
  return Array.from({ length: width }, (_, a) =>
    Float64Array.from({ length: design.n }, (_row, i) => {
      let sum = 0;
      for (let k = 0; k < q; k += 1) sum += Z[i * q + k]! * V[k * width + a]!;
      return sum;
    }),
  );
}

function rowsOfGroups(design: Design, f: number): Int32Array[] {
  const { J, index, counts } = design.groupTerms[f]!;
  const rows = Array.from({ length: J }, (_, j) => new Int32Array(counts[j]!));
  const next = new Int32Array(J);
  for (let i = 0; i < design.n; i += 1) {
    const j = index[i]!;
    rows[j]![next[j]!] = i;
    next[j] = next[j]! + 1;
  }
  return rows;
}

/**
 * An orthonormal basis of the columns, which are used up; `lengths` are those they had before anything was taken off
 * them.
 */
function orthonormal(
  columns: readonly Float64Array[],
  lengths: readonly number[] = columns.map(length),
): Float64Array[] {
  const basis: Float64Array[] = [];
  columns.forEach((column, k) => {
    for (let pass = 0; pass < 2; pass += 1) for (const direction of basis) project(direction, column);
    const left = length(column);
    if (!(left > DEPENDENT * lengths[k]!)) return;
    for (let i = 0; i < column.length; i += 1) column[i] = column[i]! / left;
    basis.push(column);
  });
  return basis;
}

/** Takes off `column` what it has along a unit vector. */
function project(direction: Float64Array, column: Float64Array): void {
  let along = 0;
  for (let i = 0; i < column.length; i += 1) along += direction[i]! * column[i]!;
  for (let i = 0; i < column.length; i += 1) column[i] = column[i]! - along * direction[i]!;
}

/** The same for unit vectors over some of its rows. */
function projectRows(basis: readonly Float64Array[], rows: Int32Array, column: Float64Array): void {
  for (let pass = 0; pass < 2; pass += 1) {
    for (const direction of basis) {
      let along = 0;
      for (let i = 0; i < rows.length; i += 1) along += direction[i]! * column[rows[i]!]!;
      for (let i = 0; i < rows.length; i += 1) column[rows[i]!] = column[rows[i]!]! - along * direction[i]!;
    }
  }
}

/** Euclidean length, scaled by the largest entry so that no square overflows. */
function length(x: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < x.length; i += 1) largest = Math.max(largest, Math.abs(x[i]!));
  if (largest === 0) return 0;
  let sum = 0;
  for (let i = 0; i < x.length; i += 1) sum += (x[i]! / largest) ** 2;
  return largest * Math.sqrt(sum);
}
