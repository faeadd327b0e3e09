/**
 * The inverse of the leading count x count part of A = L L', L lower triangular in an r x r row-major array; `out` is r
 * x r, both triangles, its other rows and columns 0. Every inner product runs along rows: W holds the columns of L^-1
 * as rows.
 */
export function cornerInverse(L: Float64Array, r: number, count: number, out: Float64Array): void {
  const W = new Float64Array(count * count);
  for (let j = 0; j < count; j++) {
    const at = j * count;
    W[at + j] = 1 / L[j * r + j]!;
    for (let i = j + 1; i < count; i++) {
      const row = i * r;
      let sum = 0;
      for (let k = j; k < i; k++) sum += L[row + k]! * W[at + k]!;
      W[at + i] = -sum / L[row + i]!;
    }
  }
  out.fill(0);
  for (let i = 0; i < count; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < count; k++) sum += W[i * count + k]! * W[j * count + k]!;
      out[i * r + j] = sum;
      out[j * r + i] = sum;
    }
  }
}
