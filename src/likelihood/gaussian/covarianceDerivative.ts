import { invertLower } from '../../linalg/cholesky.ts';
import { inverse, product, transpose } from '../../linalg/smallMatrix.ts';
import type { CovarianceSystem } from './covarianceSystem.ts';
import { type DividedCorner, dividedCorner } from './dividedCorner.ts';
import { type ImageSum, type Images, imageSum } from './imageSum.ts';
import { otherDerivative } from './otherDerivative.ts';

/**
 * From this least singular value of Lambda on, D comes from the modes' covariance: no digits lost to a large Lambda.
 */
const INVERTIBLE = 0.1;

/**
 * The derivative of a deviance log|M| + k log r2 (or + r2) by the working relative covariance S_f = Lambda~_f
 * Lambda~_f', for every factor, q x q symmetric: D_f = sum_j (Z_j'V^-1 Z_j - [REML: Z_j'V^-1 X (X'V^-1 X)^-1 X'V^-1
 * Z_j]) - weight sum_j g_j g_j', g_j = Z_j'W(y - eta), where d(deviance) = sum_f tr(D_f dS_f), and `weight` =
 * d(deviance)/d(r2). It exists on the boundary too: S is at a minimum over all covariances only if every D_f is
 * positive semidefinite with D_f S_f = 0. With E = Z_j'W[Z Lambda, X] the first term is A_jj - E M^-1 E', by the factor
 * of M; for Lambda well away from 0 it is Lambda^-T (I - M^-1_jj) Lambda^-1, which is the same. `upTo` is the number of
 * border columns in the log-determinant: all for REML, those before beta for ML. With `images` given D_f Lambda_f is
 * put there, by sums of its own where Lambda has no inverse: half the derivative by Lambda, with digits at any size.
 */
export function covarianceDerivative(
  system: CovarianceSystem,
  upTo: number,
  weight: number,
  images?: Images,
): Float64Array[] {
  const { crossProducts, factor, lambda } = system;
  const { leading } = crossProducts;
  const others = crossProducts.groups.reduce((sum, { J, q }, f) => (f === leading ? sum : sum + J * q), 0);
  const corner = dividedCorner(factor, others, upTo, system.inverse);
  const out = lambda.map((L) => new Float64Array(L.length));
  out.forEach((D, f) => {
    const q = crossProducts.groups[f]!.q;
    const inverted = safeInverse(lambda[f]!, q);
    const image = images && !inverted ? imageSum(q) : null;
    if (f === leading) leadingDerivative(system, corner, inverted, D, image);
    else otherDerivative(system, corner, f, inverted, D, image);
    subtractSquares(system, f, inverted ? system.solution : system.score, weight, D);
    symmetrise(D, q);
    if (inverted) {
      const half = product(transpose(inverted, q), D, q);
      if (images) images[f]!.set(half);
      D.set(product(half, inverted, q));
    } else if (images && image) {
      const { J } = crossProducts.groups[f]!;
      const from = crossProducts.borderOffsets[f]!;
      for (let i = from; i < from + J * q; i += q) image.addRank(system.score, system.solution, i, -weight);
      image.finish(lambda[f]!, images[f]!);
    }
  });
  return out;
}

/** Lambda^-1 where its least singular value is surely above INVERTIBLE, else null. */
function safeInverse(L: Float64Array, q: number): Float64Array | null {
  const result = inverse(L, q);
  if (result === null) return null;
  let norm2 = 0;
  for (const value of result) norm2 += value * value;
  return norm2 < 1 / (INVERTIBLE * INVERTIBLE) ? result : null;
}

/** The first term before Lambda^-1 is put on either side, if it is: the lower triangle of `out`. */
function leadingDerivative(
  system: CovarianceSystem,
  corner: DividedCorner,
  inverted: Float64Array | null,
  out: Float64Array,
  image: ImageSum | null,
): void {
  const { factor, blocks, centring } = system;
  const { J, q, r, start, columns } = factor.pattern;
  const L = system.lambda[system.crossProducts.leading]!;
  const lower = new Float64Array(q * q);
  const half = new Float64Array(q * q);
  const edge = new Float64Array(q * r);
  const modal = new Float64Array(q * r);
  const { S, others, p } = corner;
  const ofEdge = new Float64Array(q * p);
  const ofModal = new Float64Array(q * p);
  const m = centring.columns.length;
  for (let j = 0; j < J; j++) {
    const at = j * q * q;
    const first = start[j]!;
    const width = start[j + 1]! - first;
    const g = q * first;
    invertLower(factor.blocks, q, lower, at, 0);
    if (inverted) {
      modalEdge(edge);
      for (let a = 0; a < q; a++) {
        for (let b = 0; b <= a; b++) {
          let sum = a === b ? 1 : 0;
          for (let k = a; k < q; k++) sum -= lower[k * q + a]! * lower[k * q + b]!;
          half[a * q + b] = sum;
        }
      }
    } else {
      // half = L^-1 Lambda' A_jj; edge = Z_j'W[X] D - half' Y: the first term is A_jj - half'half - edge C edge'.
      const scaled = product(lower, transpose(L, q), q);
      const y = product(scaled, blocks.subarray(at, at + q * q), q);
      for (let a = 0; a < q; a++) {
        for (let s = 0; s < width; s++) edge[a * width + s] = system.border[g + a * width + s]!;
        system.scaling.touched(system.lambda, edge, a * width, j);
        for (let s = 0; s < width; s++) {
          let sum = edge[a * width + s]!;
          for (let k = 0; k < q; k++) sum -= y[k * q + a]! * factor.border[g + k * width + s]!;
          edge[a * width + s] = sum;
        }
        for (let b = 0; b <= a; b++) {
          let sum = blocks[at + a * q + b]!;
          for (let k = 0; k < q; k++) sum -= y[k * q + a]! * y[k * q + b]!;
          half[a * q + b] = sum;
        }
      }
    }
    let used = 0;
    while (used < width && columns[first + used]! < others) used++;
    for (let s = 0; s < used; s++) {
      const row = columns[first + s]! * r;
      for (let b = 0; b < q; b++) {
        let sum = 0;
        for (let t = 0; t < used; t++) sum += S[row + columns[first + t]!]! * edge[b * width + t]!;
        for (let a = b; a < q; a++) half[a * q + b]! -= edge[a * width + s]! * sum;
      }
    }
    corner.rows(edge, 0, q, { columns, first, width }, ofEdge);
    for (let a = 0; a < q; a++) {
      for (let b = 0; b <= a; b++) half[a * q + b]! -= corner.inner(ofEdge, a, ofEdge, b);
    }
    for (let a = 0; a < q; a++) for (let b = 0; b <= a; b++) out[a * q + b]! += half[a * q + b]!;
    if (image) {
      // D_j Lambda = A_jj Lambda (L L')^-1 - edge C modal', Lambda'D_j Lambda = I - (L L')^-1 - modal C modal'.
      modalEdge(modal);
      const inverse2 = product(transpose(lower, q), lower, q);
      image.addIdentity(inverse2, product(product(blocks.subarray(at, at + q * q), L, q), inverse2, q));
      for (let s = 0; s < used; s++) {
        for (let b = 0; b < q; b++) {
          let sum = 0;
          for (let t = 0; t < used; t++)
            sum += S[columns[first + s]! * r + columns[first + t]!]! * modal[b * width + t]!;
          for (let a = 0; a < q; a++) image.subtract(a, b, edge[a * width + s]! * sum, modal[a * width + s]! * sum);
        }
      }
      corner.rows(modal, 0, q, { columns, first, width }, ofModal);
      for (let a = 0; a < q; a++) {
        for (let b = 0; b < q; b++) {
          image.subtract(a, b, corner.inner(ofEdge, a, ofModal, b), corner.inner(ofModal, a, ofModal, b));
        }
      }
    }

    /** L^-T Y (+ F): the covariance of the modes e_j is L^-T L^-1 + this C this'. */
    function modalEdge(to: Float64Array): void {
      for (let a = 0; a < q; a++) {
        for (let s = 0; s < width; s++) {
          let sum = 0;
          for (let k = a; k < q; k++) sum += lower[k * q + a]! * factor.border[g + k * width + s]!;
          to[a * width + s] = sum;
        }
      }
      if (!centring.active) return;
      for (let c = 0; c < m; c++) {
        for (let s = 0; s < width; s++) {
          if (columns[first + s] !== centring.columns[c]) continue;
          for (let a = 0; a < q; a++) to[a * width + s]! += centring.F[(j * q + a) * m + c]!;
        }
      }
    }
  }
}

/**
 * D -= weight sum_l v_l v_l' (lower triangle): v the score g, or the modes e = Lambda'g where Lambda^-1 is still to be
 * put on either side.
 */
function subtractSquares(system: CovarianceSystem, f: number, v: Float64Array, weight: number, D: Float64Array): void {
  const { crossProducts } = system;
  const { J, q } = crossProducts.groups[f]!;
  const from = crossProducts.borderOffsets[f]!;
  for (let l = 0; l < J; l++) {
    for (let a = 0; a < q; a++) {
      const value = weight * v[from + l * q + a]!;
      for (let b = 0; b <= a; b++) D[a * q + b]! -= value * v[from + l * q + b]!;
    }
  }
}

function symmetrise(D: Float64Array, q: number): void {
  for (let a = 0; a < q; a++) for (let b = 0; b < a; b++) D[b * q + a] = D[a * q + b]!;
}
