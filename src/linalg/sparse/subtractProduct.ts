/** Inner products are cut into runs of so many terms: rows of three tiles of a run stay in the first cache. */
const RUN = 192;

/**
 * C_ij -= sum_k A_ik B_jk for i0 <= i < i1, j0 <= j < j1, k0 <= k < k1: all three row-major with `stride` entries a
 * row, C possibly A or B itself in rows or columns that the sum does not read. Three rows by three columns at a time,
 * whose nine sums stay in registers. Every sum runs in the order of k, in runs of 192, whatever tile it falls into.
 */
export function subtractProduct(
  a: Float64Array,
  b: Float64Array,
  c: Float64Array,
  stride: number,
  [i0, i1]: readonly [number, number],
  [j0, j1]: readonly [number, number],
  [k0, k1]: readonly [number, number],
): void {
  for (let from = k0; from < k1; from += RUN) {
    const to = Math.min(from + RUN, k1);
    let i = i0;
    for (; i + 2 < i1; i += 3) {
      let j = j0;
      for (; j + 2 < j1; j += 3) nine(a, i * stride, b, j * stride, c, i * stride + j, stride, from, to);
      for (; j < j1; j++) {
        for (let t = i; t < i + 3; t++) one(a, t * stride, b, j * stride, c, t * stride + j, from, to);
      }
    }
    for (; i < i1; i++) {
      for (let j = j0; j < j1; j++) one(a, i * stride, b, j * stride, c, i * stride + j, from, to);
    }
  }
}

function nine(
  a: Float64Array,
  rowA: number,
  b: Float64Array,
  rowB: number,
  c: Float64Array,
  at: number,
  stride: number,
  from: number,
  to: number,
): void {
  let s00 = 0;
  let s01 = 0;
  let s02 = 0;
  let s10 = 0;
  let s11 = 0;
  let s12 = 0;
  let s20 = 0;
  let s21 = 0;
  let s22 = 0;
  const twice = 2 * stride;
  for (let p = rowA + from, r = rowB + from, end = rowA + to; p < end; p++, r++) {
    const u = b[r]!;
    const v = b[r + stride]!;
    const w = b[r + twice]!;
    const x = a[p]!;
    const y = a[p + stride]!;
    const z = a[p + twice]!;
    s00 += x * u;
    s10 += y * u;
    s20 += z * u;
    s01 += x * v;
    s11 += y * v;
    s21 += z * v;
    s02 += x * w;
    s12 += y * w;
    s22 += z * w;
  }
  const second = at + stride;
  const third = second + stride;
  c[at] = c[at]! - s00;
  c[at + 1] = c[at + 1]! - s01;
  c[at + 2] = c[at + 2]! - s02;
  c[second] = c[second]! - s10;
  c[second + 1] = c[second + 1]! - s11;
  c[second + 2] = c[second + 2]! - s12;
  c[third] = c[third]! - s20;
  c[third + 1] = c[third + 1]! - s21;
  c[third + 2] = c[third + 2]! - s22;
}

function one(
  a: Float64Array,
  rowA: number,
  b: Float64Array,
  rowB: number,
  c: Float64Array,
  at: number,
  from: number,
  to: number,
): void {
  let sum = 0;
  for (let k = from; k < to; k++) sum += a[rowA + k]! * b[rowB + k]!;
  c[at] = c[at]! - sum;
}
