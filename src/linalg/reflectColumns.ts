/**
 * Reflects the first q columns of a table (rows x width, row-major, from `base`) to upper triangular form, in place,
 * and the others with them: R of Householder's QR factors (Golub & Van Loan 2013, algorithm 5.2.1), signs of its rows
 * free. Returns how many rows that used; a column of zeros is left as it is.
 */
export function reflectColumns(table: Float64Array, base: number, rows: number, width: number, q: number): number {
  const steps = Math.min(q, rows);
  for (let k = 0; k < steps; k += 1) {
    let norm2 = 0;
    for (let i = k; i < rows; i += 1) norm2 += table[base + i * width + k]! * table[base + i * width + k]!;
    if (norm2 === 0) continue;
    const pivot = base + k * width + k;
    const alpha = table[pivot]! > 0 ? -Math.sqrt(norm2) : Math.sqrt(norm2);
    const v0 = table[pivot]! - alpha;
    // H = I - v v' / (|v|^2 / 2) with v = x - alpha e1 and |v|^2 / 2 = -alpha v0.
    const half = -alpha * v0;
    table[pivot] = v0;
    for (let c = k + 1; c < width; c += 1) {
      let dot = 0;
      for (let i = k; i < rows; i += 1) dot += table[base + i * width + k]! * table[base + i * width + c]!;
      const f = dot / half;
      for (let i = k; i < rows; i += 1) {
        table[base + i * width + c] = table[base + i * width + c]! - f * table[base + i * width + k]!;
      }
    }
    table[pivot] = alpha;
    for (let i = k + 1; i < rows; i += 1) table[base + i * width + k] = 0;
  }
  return steps;
}
