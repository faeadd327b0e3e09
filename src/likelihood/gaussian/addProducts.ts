/** out += weight sum_j v_j w_j', the q entries of each level from `from`. */
export function addProducts(
  v: Float64Array,
  w: Float64Array,
  from: number,
  J: number,
  q: number,
  weight: number,
  out: Float64Array,
): void {
  for (let at = from; at < from + J * q; at += q) {
    for (let a = 0; a < q; a++) {
      for (let b = 0; b < q; b++) out[a * q + b] = out[a * q + b]! + weight * v[at + a]! * w[at + b]!;
    }
  }
}
