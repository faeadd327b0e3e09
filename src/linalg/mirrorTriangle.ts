/** Copies the lower triangle of the n x n matrix (row-major) that begins at `offset` to its upper one. */
export function mirrorTriangle(a: Float64Array, n: number, offset: number): void {
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) a[offset + j * n + i] = a[offset + i * n + j]!;
}
