/** M S M' (size x size, row-major, S symmetric) as a new array, exactly symmetric. */
export function congruence(M: Float64Array, S: Float64Array, size: number): Float64Array {
  const half = new Float64Array(size * size);
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += M[i * size + k]! * S[k * size + j]!;
      half[i * size + j] = sum;
    }
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += half[i * size + k]! * M[j * size + k]!;
      out[i * size + j] = sum;
      out[j * size + i] = sum;
    }
  }
  return out;
}
