/** A least-squares fit that may leave some coefficients undetermined. */
export interface LeastSquares {
  readonly rank: number;
  /** Length q; meaningful where `estimable`. */
  readonly coefficients: Float64Array;
  /**
   * Diagonal of (A'A)^-1 (length q): times the residual variance, the squared standard error; meaningful where
   * `estimable`.
   */
  readonly variances: Float64Array;
  /** Whether the data determine the coefficient: e_k lies in the row space of A. */
  readonly estimable: readonly boolean[];
}

/** A column counts as a combination of others when what is left of it is this small, all columns scaled to length 1. */
const RANK_TOLERANCE = 1e-9;

/** A coefficient of the null space that is no more than rounding. */
const NULL_TOLERANCE = 1e-7;

/**
 * Minimises |y - A x|^2 by Householder QR with column pivoting on columns scaled to length 1 (Golub & Van Loan 2013,
 * algorithm 5.4.1). `A` (n x q, row-major) and `y` (length n) are overwritten; rows weighted by sqrt(w_i) beforehand
 * make it weighted. A coefficient is estimable when every x that fits equally well has the same value there: with all
 * of a column 0, its own coefficient is not and the others are.
 */
export function leastSquares(A: Float64Array, y: Float64Array, q: number): LeastSquares {
  const n = y.length;
  const norms = new Float64Array(q);
  for (let k = 0; k < q; k++) {
    let peak = 0;
    for (let i = 0; i < n; i++) peak = Math.max(peak, Math.abs(A[i * q + k]!));
    if (peak === 0) continue;
    let square = 0;
    for (let i = 0; i < n; i++) square += (A[i * q + k]! / peak) ** 2;
    norms[k] = peak * Math.sqrt(square);
    for (let i = 0; i < n; i++) A[i * q + k]! /= norms[k]!;
  }
  const order = Array.from({ length: q }, (_, k) => k);
  let rank = 0;
  for (; rank < Math.min(n, q); rank++) {
    const pivot = longestColumn(A, n, q, rank);
    if (pivot.norm <= RANK_TOLERANCE) break;
    if (pivot.column !== rank) {
      for (let i = 0; i < n; i++) {
        const value = A[i * q + rank]!;
        A[i * q + rank] = A[i * q + pivot.column]!;
        A[i * q + pivot.column] = value;
      }
      const moved = order[rank]!;
      order[rank] = order[pivot.column]!;
      order[pivot.column] = moved;
    }
    reflect(A, y, q, rank, pivot.norm);
  }
  return solve(A, y, q, rank, order, norms);
}

function longestColumn(A: Float64Array, n: number, q: number, from: number): { column: number; norm: number } {
  let column = from;
  let best = -1;
  for (let k = from; k < q; k++) {
    let square = 0;
    for (let i = from; i < n; i++) square += A[i * q + k]! * A[i * q + k]!;
    if (square > best * (1 + 1e-12)) {
      best = square;
      column = k;
    }
  }
  return { column, norm: Math.sqrt(Math.max(0, best)) };
}

/** One Householder step: zeros column `r` below the diagonal, applied to the later columns and to y. */
function reflect(A: Float64Array, y: Float64Array, q: number, r: number, norm: number): void {
  const n = y.length;
  const head = A[r * q + r]!;
  const alpha = head > 0 ? -norm : norm;
  const v0 = head - alpha;
  const beta = 1 / (norm * (norm + Math.abs(head)));
  for (let k = r + 1; k <= q; k++) {
    const right = k === q;
    const get = (i: number): number => (right ? y[i]! : A[i * q + k]!);
    let dot = v0 * get(r);
    for (let i = r + 1; i < n; i++) dot += A[i * q + r]! * get(i);
    dot *= beta;
    for (let i = r; i < n; i++) {
      const value = get(i) - dot * (i === r ? v0 : A[i * q + r]!);
      if (right) y[i] = value;
      else A[i * q + k] = value;
    }
  }
  A[r * q + r] = alpha;
  for (let i = r + 1; i < n; i++) A[i * q + r] = 0;
}

/** Back-substitution on the first `rank` rows of R, in the pivoted order. */
function solve(
  R: Float64Array,
  y: Float64Array,
  q: number,
  rank: number,
  order: readonly number[],
  norms: Float64Array,
): LeastSquares {
  const back = (x: Float64Array): Float64Array => {
    for (let i = rank - 1; i >= 0; i--) {
      for (let k = i + 1; k < rank; k++) x[i]! -= R[i * q + k]! * x[k]!;
      x[i]! /= R[i * q + i]!;
    }
    return x;
  };
  const coefficients = new Float64Array(q);
  const variances = new Float64Array(q);
  const estimable = new Array<boolean>(q).fill(false);
  const x = back(y.slice(0, rank));
  const squares = new Float64Array(rank);
  for (let c = 0; c < rank; c++) {
    const column = new Float64Array(rank);
    column[c] = 1;
    back(column).forEach((value, i) => {
      squares[i]! += value * value;
    });
  }
  const free = new Float64Array(rank);
  for (let c = rank; c < q; c++) {
    back(Float64Array.from({ length: rank }, (_, i) => R[i * q + c]!)).forEach((value, i) => {
      free[i] = Math.max(free[i]!, Math.abs(value));
    });
  }
  for (let i = 0; i < rank; i++) {
    const k = order[i]!;
    coefficients[k] = x[i]! / norms[k]!;
    variances[k] = squares[i]! / (norms[k]! * norms[k]!);
    estimable[k] = free[i]! <= NULL_TOLERANCE;
  }
  return { rank, coefficients, variances, estimable };
}
