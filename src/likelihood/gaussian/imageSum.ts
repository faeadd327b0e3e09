import { product, transpose } from '../../linalg/smallMatrix.ts';
import { symmetricEigen } from '../../linalg/symmetricEigen.ts';

/** D_f Lambda~_f for every factor, q x q row-major. */
export type Images = readonly Float64Array[];

/**
 * D Lambda as a sum over the groups, where Lambda has no inverse and may have entries of any size t. D itself is
 * O(1 / t^2) in the directions in which Lambda is large, a difference of terms of size n; D Lambda formed from it has
 * errors of eps n t where it is 1 / t. Kept beside it is Lambda'D Lambda = sum_j (I - covariance of the modes e_j) -
 * ..., which says with all digits what D Lambda is along those directions.
 */
export interface ImageSum {
  /** Adds a group's I - modes (q x q) to Lambda'D Lambda and `image` to D Lambda. */
  addIdentity(modes: Float64Array, image: Float64Array): void;
  /** Subtracts from entry (a, b) of D Lambda, and of Lambda'D Lambda. */
  subtract(a: number, b: number, image: number, square: number): void;
  /** Adds weight g e' and weight e e', g and e being q entries from `at` of the score and the modes: e = Lambda'g. */
  addRank(score: Float64Array, modes: Float64Array, at: number, weight: number): void;
  /** D Lambda to `out`. */
  finish(Lambda: Float64Array, out: Float64Array): void;
}

/** Directions of Lambda longer than this take their share from Lambda'D Lambda. */
const LARGE = 30;

export function imageSum(q: number): ImageSum {
  const image = new Float64Array(q * q);
  const square = new Float64Array(q * q);
  return {
    addIdentity(modes, added) {
      for (let i = 0; i < q * q; i++) {
        image[i]! += added[i]!;
        square[i]! += (i % (q + 1) === 0 ? 1 : 0) - modes[i]!;
      }
    },
    subtract(a, b, ofImage, ofSquare) {
      image[a * q + b]! -= ofImage;
      square[a * q + b]! -= ofSquare;
    },
    addRank(score, modes, at, weight) {
      for (let a = 0; a < q; a++) {
        for (let b = 0; b < q; b++) {
          image[a * q + b]! += weight * score[at + a]! * modes[at + b]!;
          square[a * q + b]! += weight * modes[at + a]! * modes[at + b]!;
        }
      }
    },
    finish(Lambda, out) {
      out.set(image);
      const { values, vectors } = symmetricEigen(product(Lambda, transpose(Lambda, q), q), q);
      // u'D Lambda = (Lambda'u)'(Lambda'D Lambda) / s^2 along an eigenvector u, Lambda Lambda'u = s^2 u.
      for (let k = 0; k < q; k++) {
        if (!(values[k]! > LARGE * LARGE)) continue;
        for (let b = 0; b < q; b++) {
          let along = 0;
          for (let a = 0; a < q; a++) {
            let turned = 0;
            for (let c = 0; c < q; c++) turned += Lambda[c * q + a]! * vectors[c * q + k]!;
            along += (turned * square[a * q + b]!) / values[k]!;
          }
          for (let a = 0; a < q; a++) along -= vectors[a * q + k]! * out[a * q + b]!;
          for (let a = 0; a < q; a++) out[a * q + b]! += vectors[a * q + k]! * along;
        }
      }
    },
  };
}
