/** A B for n x n row-major matrices. */
export function product(A: ArrayLike<number>, B: ArrayLike<number>, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const a = A[i * n + k]!;
      if (a !== 0) for (let j = 0; j < n; j++) out[i * n + j]! += a * B[k * n + j]!;
    }
  }
  return out;
}

/** A^-1 (n x n, row-major) by Gauss-Jordan elimination with row exchanges, or null when a pivot is 0. */
export function inverse(A: ArrayLike<number>, n: number): Float64Array | null {
  const work = Float64Array.from(A);
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) out[i * n + i] = 1;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(work[i * n + k]!) > Math.abs(work[pivot * n + k]!)) pivot = i;
    const value = work[pivot * n + k]!;
    if (!(Math.abs(value) > 0)) return null;
    for (let j = 0; j < n; j++) {
      const w = work[pivot * n + j]! / value;
      work[pivot * n + j] = work[k * n + j]!;
      work[k * n + j] = w;
      const o = out[pivot * n + j]! / value;
      out[pivot * n + j] = out[k * n + j]!;
      out[k * n + j] = o;
    }
    for (let i = 0; i < n; i++) {
      const factor = work[i * n + k]!;
      if (i === k || factor === 0) continue;
      for (let j = 0; j < n; j++) {
        work[i * n + j]! -= factor * work[k * n + j]!;
        out[i * n + j]! -= factor * out[k * n + j]!;
      }
    }
  }
  return out;
}

/** A', n x n. */
export function transpose(A: ArrayLike<number>, n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) out[a * n + b] = A[b * n + a]!;
  return out;
}

/** `value` times the identity, n x n, row-major. */
export function identity(n: number, value = 1): Float64Array {
  const I = new Float64Array(n * n);
  for (let k = 0; k < n; k++) I[k * n + k] = value;
  return I;
}

/** x'Ax of a matrix as wide as x is long. */
export function quadraticForm(A: ArrayLike<number>, x: ArrayLike<number>): number {
  const n = x.length;
  let sum = 0;
  for (let a = 0; a < n; a++) for (let b = 0; b < n; b++) sum += x[a]! * x[b]! * A[a * n + b]!;
  return sum;
}
