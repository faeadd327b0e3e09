/**
 * Turns a square matrix M (size x size, row-major) in place into the lower triangular L with L L' = M M' and a diagonal
 * >= 0, by Givens rotations of its columns (Golub & Van Loan 2013, section 5.1.8): M M' is never formed. Allocates
 * nothing.
 */
export function triangularFactor(M: Float64Array, size: number): void {
  for (let i = 0; i < size; i += 1) {
    for (let j = i + 1; j < size; j += 1) {
      const a = M[i * size + i]!;
      const b = M[i * size + j]!;
      if (b === 0) continue;
      const length = Math.sqrt(a * a + b * b);
      const c = a / length;
      const s = b / length;
      for (let k = i; k < size; k += 1) {
        const x = M[k * size + i]!;
        const y = M[k * size + j]!;
        M[k * size + i] = c * x + s * y;
        M[k * size + j] = c * y - s * x;
      }
      M[i * size + j] = 0;
    }
    if (M[i * size + i]! < 0) for (let k = i; k < size; k += 1) M[k * size + i] = -M[k * size + i]!;
  }
}
