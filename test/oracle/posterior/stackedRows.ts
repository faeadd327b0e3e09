/** Least squares on rows that differ in size by any factor. */
export interface StackedRows {
  /**
   * Of M (rows x width, row-major) and its right-hand side, both destroyed: log |M'M| / 2, the least |M c - side|^2, and
   * c itself; null where M is not of full rank.
   */
  solve(
    M: Float64Array,
    side: Float64Array,
    c: Float64Array,
  ): { readonly logRoot: number; readonly squares: number } | null;
  /** x := standard normals turned into deviations of covariance (M'M)^-1, after `solve`. */
  deviate(x: Float64Array): void;
}

/**
 * Householder's QR factorisation of rows sorted by their largest entry, columns pivoted by what is left of them: the
 * small rows then keep their own digits beside large ones (Cox & Higham 1998, "Stability of Householder QR
 * factorization for weighted least squares problems"), which cross-products do not.
 */
export function stackedRows(rows: number, width: number): StackedRows {
  const A = new Float64Array(rows * width);
  const b = new Float64Array(rows);
  const order = new Int32Array(width);
  const v = new Float64Array(rows);
  const back = (x: Float64Array): void => {
    for (let k = width - 1; k >= 0; k -= 1) {
      let sum = x[k]!;
      for (let l = k + 1; l < width; l += 1) sum -= A[k * width + l]! * x[l]!;
      x[k] = sum / A[k * width + k]!;
    }
  };
  const scatter = (x: Float64Array): void => {
    const kept = x.slice(0, width);
    for (let k = 0; k < width; k += 1) x[order[k]!] = kept[k]!;
  };
  const reflect = (k: number): boolean => {
    let norm = 0;
    for (let i = k; i < rows; i += 1) norm = Math.hypot(norm, A[i * width + k]!);
    if (!(norm > 0)) return false;
    const head = A[k * width + k]!;
    const end = head > 0 ? -norm : norm;
    // v = column - end e_k; H = I + v v' / (end v_k).
    for (let i = k; i < rows; i += 1) v[i] = A[i * width + k]!;
    v[k] = head - end;
    const scale = 1 / (end * v[k]!);
    for (let l = k + 1; l <= width; l += 1) {
      let sum = 0;
      for (let i = k; i < rows; i += 1) sum += v[i]! * (l < width ? A[i * width + l]! : b[i]!);
      sum *= scale;
      for (let i = k; i < rows; i += 1) {
        if (l < width) A[i * width + l]! += sum * v[i]!;
        else b[i]! += sum * v[i]!;
      }
    }
    A[k * width + k] = end;
    return true;
  };
  return {
    solve(M, side, c) {
      const sizes = Array.from({ length: rows }, (_, i) => {
        let most = 0;
        for (let k = 0; k < width; k += 1) most = Math.max(most, Math.abs(M[i * width + k]!));
        return most;
      });
      const sorted = sizes.map((_, i) => i).sort((i, j) => sizes[j]! - sizes[i]!);
      sorted.forEach((from, to) => {
        A.set(M.subarray(from * width, (from + 1) * width), to * width);
        b[to] = side[from]!;
      });
      for (let k = 0; k < width; k += 1) order[k] = k;
      let logRoot = 0;
      for (let k = 0; k < width; k += 1) {
        let best = k;
        let most = -1;
        for (let l = k; l < width; l += 1) {
          let left = 0;
          for (let i = k; i < rows; i += 1) left += A[i * width + l]! ** 2;
          if (left > most) [best, most] = [l, left];
        }
        for (let i = 0; best > k && i < rows; i += 1) {
          const kept = A[i * width + k]!;
          A[i * width + k] = A[i * width + best]!;
          A[i * width + best] = kept;
        }
        [order[k], order[best]] = [order[best]!, order[k]!];
        if (!reflect(k)) return null;
        logRoot += Math.log(Math.abs(A[k * width + k]!));
      }
      for (let k = 0; k < width; k += 1) c[k] = b[k]!;
      back(c);
      scatter(c);
      let squares = 0;
      for (let i = width; i < rows; i += 1) squares += b[i]! ** 2;
      return { logRoot, squares };
    },
    deviate(x) {
      back(x);
      scatter(x);
    },
  };
}
