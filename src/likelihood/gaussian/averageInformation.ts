import { dot } from '../../linalg/dot.ts';
import { symmetricEigen } from '../../linalg/symmetricEigen.ts';
import { lowerTriangle, type RelativeFactors, type SearchBlock } from '../relativeFactor.ts';
import type { PenalizedLeastSquares } from './penalizedLeastSquares.ts';

/**
 * The average information of a deviance by the covariances S of the blocks, search coordinates, entries (a, b), a >= b,
 * in the order of the coordinates (Gilmour, Thompson & Cullis 1995): the mean of observed and expected information, in
 * which the traces cancel. With V_k = Z E_k Z' the derivative of V by an entry, P = V^-1 less what X takes of it, and
 * w_k = V_k P y,
 *   H_kl = w_k'P w_l / sigma^2 - (y'P w_k)(y'P w_l) / (sigma^4 N),
 * the last term where sigma is profiled out. P y = W (y - eta) has gone into the score Z'P y already, so that it takes
 * one solution for each entry. Given the system at its last evaluation; size x size.
 */
export function averageInformation(
  { factorisation, crossProducts, score }: PenalizedLeastSquares,
  factors: RelativeFactors,
  sigma2: number,
  divisor: number | null,
): Float64Array {
  const { size: d } = factors;
  const { size, groups, borderOffsets } = crossProducts;
  const directions: Float64Array[] = [];
  for (const block of factors.blocks) {
    const { J, q } = groups[block.factor]!;
    const from = borderOffsets[block.factor]!;
    const m = factors.workingBasis(block);
    const width = block.size;
    const scores = new Float64Array(J * width);
    for (let j = 0; j < J; j++) {
      for (let b = 0; b < width; b++) {
        for (let a = 0; a < q; a++) scores[j * width + b]! += m[a * width + b]! * score[from + j * q + a]!;
      }
    }
    each(block, (a, b) => {
      const h = new Float64Array(size);
      for (let j = 0; j < J; j++) {
        for (let k = 0; k < q; k++) {
          const own = m[k * width + a]! * scores[j * width + b]!;
          h[from + j * q + k] = a === b ? own : own + m[k * width + b]! * scores[j * width + a]!;
        }
      }
      directions.push(h);
    });
  }
  const images = directions.map((h) => {
    const out = new Float64Array(size);
    factorisation.multiply(h, out);
    return out;
  });
  const sides = images.map((image) => {
    const out = new Float64Array(size);
    factorisation.project(image, out);
    return out;
  });
  const solutions = sides.map((side) => {
    const out = side.slice();
    factorisation.solve(out);
    return out;
  });
  const slopes = directions.map((h) => dot(h, score));
  const H = new Float64Array(d * d);
  for (let k = 0; k < d; k++) {
    for (let l = 0; l <= k; l++) {
      const square = dot(directions[k]!, images[l]!) - dot(sides[k]!, solutions[l]!);
      const along = divisor === null ? 0 : (slopes[k]! * slopes[l]!) / (sigma2 * sigma2 * divisor);
      H[k * d + l] = square / sigma2 - along;
      H[l * d + k] = H[k * d + l]!;
    }
  }
  return H;
}

/**
 * The Hessian by search coordinates, S = L L' in each block, given that by the covariances (`information`) and their
 * derivatives K (size x size by block): J'HJ + 2 K_ac at entries (a, b) and (c, b), the curvature of S itself, as far
 * as that leaves it positive. On the boundary the second term is all there is.
 */
export function searchCurvature(
  { blocks, size: d }: Pick<RelativeFactors, 'blocks' | 'size'>,
  x: ArrayLike<number>,
  information: Float64Array,
  K: readonly Float64Array[],
): Float64Array {
  const jacobian = new Float64Array(d * d);
  const own = new Float64Array(d * d);
  blocks.forEach((block, at) => {
    const L = lowerTriangle(x, block);
    const { size, offset } = block;
    let column = offset;
    each(block, (c, e) => {
      let row = offset;
      each(block, (a, b) => {
        const change = (a === c ? L[b * size + e]! : 0) + (b === c ? L[a * size + e]! : 0);
        jacobian[row * d + column] = change;
        if (b === e) own[row * d + column] = 2 * K[at]![a * size + c]!;
        row++;
      });
      column++;
    });
  });
  const half = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let k = 0; k < d; k++) {
      for (let l = 0; l < d; l++) half[i * d + k]! += information[i * d + l]! * jacobian[l * d + k]!;
    }
  }
  const H = new Float64Array(d * d);
  for (let i = 0; i < d; i++) {
    for (let k = 0; k < d; k++) {
      for (let l = 0; l < d; l++) H[i * d + k]! += jacobian[l * d + i]! * half[l * d + k]!;
    }
  }
  const whole = H.map((entry, k) => entry + own[k]!);
  return d > 0 && symmetricEigen(whole, d).values[0]! < 0 && symmetricEigen(H, d).values[0]! > 0 ? H : whole;
}

/** The entries of a block's lower triangle in the order of its coordinates: by columns. */
function each({ size }: SearchBlock, visit: (a: number, b: number) => void): void {
  for (let b = 0; b < size; b++) for (let a = b; a < size; a++) visit(a, b);
}
