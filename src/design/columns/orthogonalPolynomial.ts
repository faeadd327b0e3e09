/**
 * The orthogonal polynomials of a set of points by their three-term recurrence (Forsythe 1957; Kennedy & Gentle 1980,
 * section 8.3.1), the ones of R's `poly(x, degree)`: column k has mean zero, length one, and a positive leading term.
 *
 * `alpha` (length degree) and `norm2` (length degree + 2: 1, then the squared lengths of p_0 … p_degree) are R's
 * `coefs` attribute; they evaluate the same polynomials at new points.
 */
export interface PolynomialBasis {
  readonly alpha: readonly number[];
  readonly norm2: readonly number[];
}

/**
 * The basis over the points x (length n), each as often as it counts (once where nothing is given), up to a degree
 * below the number of distinct points.
 */
export function polynomialBasis(x: ArrayLike<number>, degree: number, counts?: Float64Array): PolynomialBasis {
  const n = x.length;
  const alpha: number[] = [];
  const norm2 = [1, counts ? counts.reduce((sum, count) => sum + count, 0) : n];
  let previous = new Float64Array(n);
  let current = new Float64Array(n).fill(1);
  for (let k = 0; k < degree; k++) {
    let moment = 0;
    for (let i = 0; i < n; i++) moment += (counts?.[i] ?? 1) * x[i]! * current[i]! * current[i]!;
    alpha.push(moment / norm2[k + 1]!);
    const ratio = k === 0 ? 0 : norm2[k + 1]! / norm2[k]!;
    const next = new Float64Array(n);
    let length2 = 0;
    for (let i = 0; i < n; i++) {
      next[i] = (x[i]! - alpha[k]!) * current[i]! - ratio * previous[i]!;
      length2 += (counts?.[i] ?? 1) * next[i]! * next[i]!;
    }
    norm2.push(length2);
    previous = current;
    current = next;
  }
  return { alpha, norm2 };
}

/** Columns 1 … degree of the basis at the points x (any length): degree arrays of x's length. */
export function evaluatePolynomials(basis: PolynomialBasis, x: ArrayLike<number>): Float64Array[] {
  const n = x.length;
  const columns = basis.alpha.map(() => new Float64Array(n));
  const { alpha, norm2 } = basis;
  for (let i = 0; i < n; i++) {
    let previous = 0;
    let current = 1;
    for (let k = 0; k < alpha.length; k++) {
      const ratio = k === 0 ? 0 : norm2[k + 1]! / norm2[k]!;
      const next = (x[i]! - alpha[k]!) * current - ratio * previous;
      columns[k]![i] = next / Math.sqrt(norm2[k + 2]!);
      previous = current;
      current = next;
    }
  }
  return columns;
}
