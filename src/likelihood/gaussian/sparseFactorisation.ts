import { cholesky, forwardSolve } from '../../linalg/cholesky.ts';
import { inverse, product, transpose } from '../../linalg/smallMatrix.ts';
import type { HeadTail } from '../../linalg/sparse/headTail.ts';
import {
  allocateHeadTail,
  factorHeadTail,
  type HeadTailMatrix,
  logDetHeadTail,
  logDetLast,
  solveHeadTail,
} from '../../linalg/sparse/headTailFactor.ts';
import { inverseHeadTail } from '../../linalg/sparse/headTailInverse.ts';
import { levelFill } from '../../products/levelFill.ts';
import { diagonalOfLevels, multiplyLevels } from '../../products/levelProducts.ts';
import { scaleTransposed } from '../../products/relativePrecision.ts';
import type { SparseProducts } from '../../products/sparseProducts.ts';
import { addProducts } from './addProducts.ts';
import { levelFloors, raisedFactor } from './raisedFactor.ts';
import type { RelativeFactorisation } from './relativeFactorisation.ts';

/**
 * Several large factors: levels in the order of least degree, a sparse head and what is left as a dense tail, beta
 * last.
 *
 * The derivative is Lambda^-T sum_j (I - M^-1_jj) Lambda^-1 by the entries of the inverse, less weight sum_j g_j g_j'.
 * Where Lambda is next to singular it is taken at the covariance that is raised (`levelFloors`) in those directions:
 * sum_j Z_j'V^-1 Z_j is off by 1e-7 of itself there, and the entries keep nine digits of what is subtracted.
 */
export function sparseFactorisation(products: SparseProducts, places: HeadTail): RelativeFactorisation {
  const { A, p, size, groups } = products;
  const { head, tail } = places;
  const fill = levelFill(A, places);
  const factor = allocateHeadTail(places);
  const penalty = new Float64Array(size).fill(1, 0, size - p);
  const floors = levelFloors(A);
  let lambda: readonly Float64Array[] = [];
  let space: { entries: HeadTailMatrix; work: Float64Array } | null = null;
  // What has been made at which factors: a search asks for the same more than once.
  let factored: readonly Float64Array[] | null = null;
  let inverted: number | null = null;
  let traces: { without: number; sums: readonly Float64Array[]; raised: readonly Float64Array[] } | null = null;

  const factorAt = (Lambda: readonly Float64Array[]): boolean => {
    if (factored?.every((L, f) => L.every((entry, k) => entry === Lambda[f]![k]))) return true;
    factored = null;
    inverted = null;
    fill(Lambda, penalty, factor);
    if (!factorHeadTail(factor)) return false;
    factored = Lambda.map((L) => L.slice());
    return true;
  };
  const entriesOfInverse = (without: number): HeadTailMatrix => {
    space ??= { entries: allocateHeadTail(places), work: new Float64Array(tail * tail) };
    if (inverted !== without) inverseHeadTail(factor, without, space.entries, space.work);
    inverted = without;
    return space.entries;
  };

  return {
    keepsDigits: false,
    factor(Lambda) {
      lambda = Lambda;
      const same = factored;
      if (!factorAt(lambda)) return false;
      if (same !== factored) traces = null;
      return true;
    },
    logDetZ: () => logDetHeadTail(factor, p),
    logDetX: () => logDetLast(factor, p),
    solve: (b) => solveHeadTail(factor, b),
    project: (v, out) => scaleTransposed(products, lambda, v, out),
    penalise(out, at) {
      for (let i = 0; i < size - p; i++) out[i]! -= at[i]!;
    },
    coefficientFactor() {
      const out = new Float64Array(p * p);
      for (let a = 0; a < p; a++) {
        const row = (tail - p + a) * tail + tail - p;
        for (let b = 0; b <= a; b++) out[a * p + b] = factor.corner[row + b]!;
      }
      return out;
    },
    multiply: (x, out) => multiplyLevels(A, x, out),
    diagonal: diagonalOfLevels(A),
    derivative({ solution, score }, reml, weight, images) {
      const without = reml ? 0 : p;
      if (traces?.without !== without) traces = { without, ...shares(without) };
      const { sums, raised } = traces;
      return groups.map(({ J, q }, f) => {
        const L = raised[f]!;
        const back = inverse(L, q)!;
        const from = A.offsets[f]!;
        // Off the boundary the modes stand for the score, e = Lambda'g, and D Lambda is half way to D.
        const regular = L === lambda[f];
        const inner = sums[f]!.slice();
        if (regular) addProducts(solution, solution, from, J, q, -weight, inner);
        const half = product(transpose(back, q), inner, q);
        const D = product(half, back, q);
        if (!regular) addProducts(score, score, from, J, q, -weight, D);
        if (images) images[f]!.set(regular ? half : product(D, lambda[f]!, q));
        return D;
      });
    },
    conditionalCovariance() {
      // Where the whole inverse is there, beta is conditioned on: Z_jj - Z_jb Z_bb^-1 Z_bj.
      const whole = inverted === 0 && p > 0;
      const entries = entriesOfInverse(whole ? 0 : p);
      const known = whole ? coefficientBlock(entries) : null;
      return groups.map(({ J, q }, f) => {
        const out = new Float64Array(J * q * q);
        for (let j = 0; j < J; j++) {
          readBlock(entries, A.offsets[f]! + j * q, q, out, j * q * q);
          if (known !== null) takeCoefficients(entries, known, A.offsets[f]! + j * q, q, out, j * q * q);
        }
        return out;
      });
    },
  };

  /** sum_j (I - M^-1_jj) by factor, and the factors at which they are: raised where next to singular. */
  function shares(without: number): { sums: Float64Array[]; raised: readonly Float64Array[] } {
    const raised = lambda.map((L, f) => raisedFactor(L, groups[f]!.q, floors[f]!));
    const differs = raised.some((L, f) => L !== lambda[f]);
    if (differs && !factorAt(raised)) return { sums: lambda.map((L) => L.map(() => Number.NaN)), raised };
    const entries = entriesOfInverse(without);
    const sums = groups.map(({ J, q }, f) => {
      const sum = new Float64Array(q * q);
      const block = new Float64Array(q * q);
      for (let j = 0; j < J; j++) {
        readBlock(entries, A.offsets[f]! + j * q, q, block);
        for (let a = 0; a < q; a++) {
          for (let b = 0; b < q; b++) sum[a * q + b]! += (a === b ? 1 : 0) - block[a * q + b]!;
        }
      }
      return sum;
    });
    if (differs) factorAt(lambda);
    return { sums, raised };
  }

  /** The lower factor of the inverse's block of beta. */
  function coefficientBlock({ corner }: HeadTailMatrix): Float64Array {
    const out = new Float64Array(p * p);
    for (let a = 0; a < p; a++) {
      for (let b = 0; b < p; b++) out[a * p + b] = corner[(tail - p + a) * tail + tail - p + b]!;
    }
    cholesky(out, p);
    return out;
  }

  function takeCoefficients(
    entries: HeadTailMatrix,
    known: Float64Array,
    first: number,
    q: number,
    out: Float64Array,
    to: number,
  ): void {
    const beside = new Float64Array(q * p);
    for (let a = 0; a < q; a++) {
      const column = places.place[first + a]!;
      for (let k = 0; k < p; k++) {
        beside[a * p + k] =
          column >= head
            ? entries.corner[(tail - p + k) * tail + column - head]!
            : entries.values[places.start[column + 1]! - p + k]!;
      }
      forwardSolve(known, p, beside, 0, a * p);
    }
    for (let a = 0; a < q; a++) {
      for (let b = 0; b < q; b++) {
        for (let k = 0; k < p; k++) out[to + a * q + b]! -= beside[a * p + k]! * beside[b * p + k]!;
      }
    }
  }

  /** The q x q block of the inverse that belongs to one level, both triangles. */
  function readBlock(entries: HeadTailMatrix, first: number, q: number, out: Float64Array, to = 0): void {
    for (let a = 0; a < q; a++) {
      const column = places.place[first + a]!;
      for (let b = a; b < q; b++) {
        let value: number;
        if (column >= head) value = entries.corner[(column - head) * tail + column - head + b - a]!;
        else if (a === b) value = entries.diagonal[column]!;
        else value = entries.values[places.start[column]! + b - a - 1]!;
        out[to + a * q + b] = value;
        out[to + b * q + a] = value;
      }
    }
  }
}
