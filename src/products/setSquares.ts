import type { StructuredProducts } from './structuredProducts.ts';

/**
 * Returns a function that fills, for each set, r' S_k r, r the residuals at x (working coordinates, in the arrow's
 * order), from the cross-products of each set about the reference, without a pass over the rows:
 *   r' S r = rss - 2 c'd + d' S d,   d = x - x_ref.
 * Allocates nothing.
 */
export function setSquares(products: StructuredProducts): (x: Float64Array, out: Float64Array) => void {
  const { sets, pattern, reference, size } = products;
  const { J, q, r, start: touched, columns } = pattern;
  const { corner, start, set, blocks, sides, borderStart, border } = sets;
  const packed = ((r + 1) * (r + 2)) / 2;
  const head = size - r;
  const d = new Float64Array(size);
  return (x, out) => {
    for (let i = 0; i < size; i += 1) d[i] = x[i]! - reference[i]!;
    for (let k = 0; k < sets.count; k += 1) {
      let at = k * packed;
      let sum = 0;
      for (let a = 0; a < r; a += 1) {
        let row = 0;
        for (let b = 0; b < a; b += 1) row += 2 * corner[at++]! * d[head + b]!;
        sum += (row + corner[at++]! * d[head + a]!) * d[head + a]!;
      }
      for (let b = 0; b < r; b += 1) sum -= 2 * corner[at++]! * d[head + b]!;
      sum += corner[at]!;
      out[k] = sum;
    }
    if (q === 0) return;
    for (let j = 0; j < J; j += 1) {
      const width = touched[j + 1]! - touched[j]!;
      for (let e = start[j]!; e < start[j + 1]!; e += 1) {
        let sum = 0;
        for (let i = 0; i < q; i += 1) {
          let row = -2 * sides[e * q + i]!;
          for (let l = 0; l < q; l += 1) row += blocks[(e * q + i) * q + l]! * d[j * q + l]!;
          const from = borderStart[e]! + i * width;
          for (let l = 0; l < width; l += 1) row += 2 * border[from + l]! * d[head + columns[touched[j]! + l]!]!;
          sum += row * d[j * q + i]!;
        }
        out[set[e]!] = out[set[e]!]! + sum;
      }
    }
  };
}
