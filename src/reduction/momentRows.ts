/**
 * The rows of a cell: their number is that of the cell divided by theirs, their means and products are those of the
 * cell's rows.
 */
export interface MomentRows {
  /** How many rows; at most the rank of the covariance and one, and never more than the cell has. */
  readonly count: number;
  /** count x m, row-major. */
  readonly values: Float64Array;
}

/** A pivot below this share of its diagonal is rounding: the column depends on those before it within the cell. */
const DEPENDENT = 1e-13;

/**
 * Rows with given moments: mean + L s_k, k = 0 … r, with L L' = C the covariance (divisor n) of rank r and s_k the
 * corners of a regular simplex about 0 with mean product I, so that r + 1 rows of n / (r + 1) each have n, mean and
 * covariance of the cell. `mean` has length m, `covariance` m x m, row-major.
 */
export function momentRows(mean: Float64Array, covariance: Float64Array): MomentRows {
  const m = mean.length;
  const { L, rank } = factor(covariance, m);
  const count = rank + 1;
  const values = new Float64Array(count * m);
  for (let k = 0; k < count; k++) {
    for (let i = 0; i < m; i++) {
      let value = 0;
      for (let j = 0; j < rank; j++) value += L[i * m + j]! * corner(k, j, rank);
      values[k * m + i] = mean[i]! + value;
    }
  }
  return { count, values };
}

/** Coordinate j of corner k of the simplex in r dimensions: the columns of Helmert's contrasts times sqrt(r + 1). */
function corner(k: number, j: number, r: number): number {
  if (k > j + 1) return 0;
  const scale = Math.sqrt((r + 1) / ((j + 1) * (j + 2)));
  return k <= j ? scale : -(j + 1) * scale;
}

/** Cholesky without exchanges of a positive semidefinite matrix: the columns of L that are not 0, the first `rank`. */
function factor(C: Float64Array, m: number): { L: Float64Array; rank: number } {
  const L = new Float64Array(m * m);
  let rank = 0;
  for (let i = 0; i < m; i++) {
    let pivot = C[i * m + i]!;
    for (let l = 0; l < rank; l++) pivot -= L[i * m + l]! * L[i * m + l]!;
    if (!(pivot > DEPENDENT * C[i * m + i]!)) continue;
    const root = Math.sqrt(pivot);
    L[i * m + rank] = root;
    for (let k = i + 1; k < m; k++) {
      let sum = C[k * m + i]!;
      for (let l = 0; l < rank; l++) sum -= L[k * m + l]! * L[i * m + l]!;
      L[k * m + rank] = sum / root;
    }
    rank += 1;
  }
  return { L, rank };
}
