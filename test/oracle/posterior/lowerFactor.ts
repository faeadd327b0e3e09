/**
 * Lower Cholesky factor of A (width x width, row-major, lower half read), in place; false where A is not positive
 * definite.
 */
export function lowerFactor(A: Float64Array, width: number): boolean {
  for (let i = 0; i < width; i += 1) {
    const row = i * width;
    for (let j = 0; j <= i; j += 1) {
      const other = j * width;
      let sum = A[row + j]!;
      for (let k = 0; k < j; k += 1) sum -= A[row + k]! * A[other + k]!;
      if (j < i) A[row + j] = sum / A[other + j]!;
      else if (sum > 0) A[row + i] = Math.sqrt(sum);
      else return false;
    }
  }
  return true;
}

/** x := A^-1 x of the factor. */
export function solveFactor(A: Float64Array, width: number, x: Float64Array): void {
  for (let i = 0; i < width; i += 1) {
    let sum = x[i]!;
    for (let k = 0; k < i; k += 1) sum -= A[i * width + k]! * x[k]!;
    x[i] = sum / A[i * width + i]!;
  }
  backFactor(A, width, x);
}

/** x := (L')^-1 x of the factor L: standard normals become deviations with covariance A^-1. */
export function backFactor(A: Float64Array, width: number, x: Float64Array): void {
  for (let i = width - 1; i >= 0; i -= 1) {
    let sum = x[i]!;
    for (let k = i + 1; k < width; k += 1) sum -= A[k * width + i]! * x[k]!;
    x[i] = sum / A[i * width + i]!;
  }
}

export function logDiagonal(A: Float64Array, width: number): number {
  let sum = 0;
  for (let i = 0; i < width; i += 1) sum += Math.log(A[i * width + i]!);
  return sum;
}
