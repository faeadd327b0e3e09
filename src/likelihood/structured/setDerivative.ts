import { invertLower } from '../../linalg/cholesky.ts';
import { cornerInverse } from '../../linalg/cornerInverse.ts';
import { product, transpose } from '../../linalg/smallMatrix.ts';
import type { StructuredProducts } from '../../products/structuredProducts.ts';
import type { StructuredSystem } from './structuredSystem.ts';

/**
 * The derivative of log|M| + r2 weight by the coefficient c_k of every set of cross-products S_k, at the last
 * evaluation, to `out`:
 *   tr(M^-1 D' A_k D) + weight [-d; 1]' S_k [-d; 1],   D = [Lambda 0; 0 I],
 * d the working coefficients less the reference (r2 has no derivative by the solution itself). `upTo` is the number of
 * border columns in the log-determinant: all for REML, those before beta for ML.
 */
export function setDerivative(
  products: StructuredProducts,
  system: StructuredSystem,
  upTo: number,
  weight: number,
  out: Float64Array,
): void {
  const { sets, pattern, size, reference, leading } = products;
  const { factor, lambda, scaling, solution } = system;
  const { J, q, r, start, columns } = pattern;
  const transposed = lambda.map((L) => transpose(L, Math.round(Math.sqrt(L.length))));
  const x = new Float64Array(size);
  system.coefficients(solution, x);
  const v = x.map((value, i) => reference[i]! - value);
  const C = new Float64Array(r * r);
  cornerInverse(factor.corner, r, upTo, C);

  // D C D', then the weights of the packed lower triangles, the residual last: off the diagonal twice.
  const scaled = Float64Array.from(C);
  for (let a = 0; a < r; a++) scaling.row(transposed, scaled, a * r);
  for (let a = 0; a < r; a++) scaling.column(transposed, scaled, a, r);
  const packed = ((r + 1) * (r + 2)) / 2;
  const weights = new Float64Array(packed);
  const tail = J * q;
  let at = 0;
  for (let a = 0; a < r; a++) {
    for (let b = 0; b <= a; b++) {
      weights[at++] = (a === b ? 1 : 2) * (scaled[a * r + b]! + weight * v[tail + a]! * v[tail + b]!);
    }
  }
  for (let b = 0; b < r; b++) weights[at++] = 2 * weight * v[tail + b]!;
  weights[at] = weight;
  for (let k = 0; k < sets.count; k++) {
    let sum = 0;
    const from = k * packed;
    for (let i = 0; i < packed; i++) sum += weights[i]! * sets.corner[from + i]!;
    out[k] = sum;
  }
  if (q === 0) return;

  const L = lambda[leading]!;
  const lower = new Float64Array(q * q);
  const edge = new Float64Array(q * r);
  const cross = new Float64Array(q * r);
  const own = new Float64Array(q * q);
  const side = new Float64Array(q * r);
  for (let j = 0; j < J; j++) {
    const first = start[j]!;
    const width = start[j + 1]! - first;
    invertLower(factor.blocks, q, lower, j * q * q, 0);
    // edge = L_j^-T Y_j; cross = -edge C; own = L_j^-T L_j^-1 + edge C edge'.
    for (let a = 0; a < q; a++) {
      for (let s = 0; s < width; s++) {
        let sum = 0;
        for (let k = a; k < q; k++) sum += lower[k * q + a]! * factor.border[q * first + k * width + s]!;
        edge[a * width + s] = sum;
      }
    }
    for (let a = 0; a < q; a++) {
      for (let s = 0; s < width; s++) {
        let sum = 0;
        const row = columns[first + s]! * r;
        for (let t = 0; t < width; t++) sum += C[row + columns[first + t]!]! * edge[a * width + t]!;
        cross[a * width + s] = -sum;
      }
      for (let b = 0; b < q; b++) {
        let sum = 0;
        for (let k = Math.max(a, b); k < q; k++) sum += lower[k * q + a]! * lower[k * q + b]!;
        for (let s = 0; s < width; s++) sum -= cross[a * width + s]! * edge[b * width + s]!;
        own[a * q + b] = sum;
      }
    }
    const whole = product(product(L, own, q), transposed[leading]!, q);
    for (let a = 0; a < q; a++) {
      const mine = v[j * q + a]!;
      for (let b = 0; b < q; b++) whole[a * q + b]! += weight * mine * v[j * q + b]!;
      for (let s = 0; s < width; s++) {
        let sum = 0;
        for (let k = 0; k < q; k++) sum += L[a * q + k]! * cross[k * width + s]!;
        side[a * width + s] = sum;
      }
      scaling.touched(transposed, side, a * width, j);
      for (let s = 0; s < width; s++) side[a * width + s]! += weight * mine * v[tail + columns[first + s]!]!;
    }
    for (let e = sets.start[j]!; e < sets.start[j + 1]!; e++) {
      let sum = 0;
      for (let i = 0; i < q * q; i++) sum += whole[i]! * sets.blocks[e * q * q + i]!;
      const from = sets.borderStart[e]!;
      for (let i = 0; i < q * width; i++) sum += 2 * side[i]! * sets.border[from + i]!;
      for (let a = 0; a < q; a++) sum += 2 * weight * v[j * q + a]! * sets.sides[e * q + a]!;
      out[sets.set[e]!]! += sum;
    }
  }
}
