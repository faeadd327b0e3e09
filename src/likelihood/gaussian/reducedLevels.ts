import { backwardSolve, cholesky, forwardSolve } from '../../linalg/cholesky.ts';
import { type FactorPair, type LevelProducts, turnedPair } from '../../products/levelProducts.ts';

/**
 * M = Lambda'Z'WZ Lambda + I with the levels of the leading factor eliminated, never formed. In units in which its
 * blocks are M_aa = I, and the mean of the diagonal within each other level is 1 (coefficients R v of a vector v, R
 * q x q by level),
 *   S = R_r'A_rr R_r + G^-2 - C'C,   C = R_a'A_ar R_r,
 * G one number a level, so that S turns with the coordinates within levels. Vectors of S have the others' coefficients,
 * from `first` to `first + length` in the order of the cross-products.
 */
export interface ReducedLevels {
  readonly first: number;
  readonly length: number;
  /** By coordinate of S, the G of its level. */
  readonly scale: Float64Array;
  /** The Cholesky factors of M_aa's blocks, J x q x q. */
  readonly factors: Float64Array;
  /** At relative factors; false where M_aa is not numerically positive definite. */
  set(lambda: readonly Float64Array[]): boolean;
  /** out := S x. */
  multiply(x: Float64Array, out: Float64Array): void;
  /** The right side for S of M e = b: G^-1 b_r - C'L^-1 b_a, and the leading part of b := L^-1 b_a. */
  reduce(b: Float64Array, out: Float64Array): void;
  /** b := (L^-T (b_a - C x), G^-1 x): the solution of M e = b from that of S. */
  restore(x: Float64Array, b: Float64Array): void;
}

export function reducedLevels(A: LevelProducts, leading: number): ReducedLevels {
  const { groups, offsets, blocks, p, size } = A;
  const { J, q } = groups[leading]!;
  const first = J * q;
  const length = size - p - first;
  const pairs = A.pairs.map((pair) => (pair.g === leading ? turnedPair(pair, groups) : pair));
  const scaled = pairs.map(({ values }) => new Float64Array(values.length));
  // R by level, q x q, of every factor; the blocks of S by level of every other factor.
  const R = groups.map((group) => new Float64Array(group.J * group.q * group.q));
  const own = groups.map((group) => new Float64Array(group.J * group.q * group.q));
  const factors = own[leading]!;
  const scale = new Float64Array(length);
  const others = groups.map((_, f) => f).filter((f) => f !== leading);
  const middle = new Float64Array(first);

  return {
    first,
    length,
    scale,
    factors,
    set(lambda) {
      for (let f = 0; f < groups.length; f++) {
        const { J: levels, q: width } = groups[f]!;
        const L = lambda[f]!;
        for (let j = 0; j < levels; j++) {
          const at = j * width * width;
          inUnits(blocks[f]!, at, L, 0, L, 0, width, width, own[f]!, at);
          let trace = 0;
          for (let a = 0; a < width; a++) {
            own[f]![at + a * width + a]! += 1;
            trace += own[f]![at + a * width + a]!;
          }
          if (f === leading) {
            if (!cholesky(own[f]!, width, at)) return false;
            // R' = L^-1 Lambda': its rows by forward solution, then turned.
            for (let b = 0; b < width; b++) {
              const row = L.slice(b * width, (b + 1) * width);
              forwardSolve(own[f]!, width, row, at);
              R[f]!.set(row, at + b * width);
            }
          } else {
            const g = Math.sqrt(trace / width);
            for (let k = 0; k < width * width; k++) {
              R[f]![at + k] = L[k]! / g;
              own[f]![at + k]! /= g * g;
            }
            scale.fill(g, offsets[f]! - first + j * width, offsets[f]! - first + (j + 1) * width);
          }
        }
      }
      pairs.forEach(({ f, g, start, levels, values }, at) => {
        const [rows, columns] = [groups[f]!.q, groups[g]!.q];
        for (let j = 0; j < groups[f]!.J; j++) {
          for (let k = start[j]!; k < start[j + 1]!; k++) {
            const to = k * rows * columns;
            const [left, right] = [j * rows * rows, levels[k]! * columns * columns];
            inUnits(values, to, R[f]!, left, R[g]!, right, rows, columns, scaled[at]!, to);
          }
        }
      });
      return true;
    },
    multiply(x, out) {
      for (const f of others) {
        const { J: levels, q: width } = groups[f]!;
        const from = offsets[f]! - first;
        for (let i = 0; i < levels * width; i++) {
          const level = i - (i % width);
          let sum = 0;
          for (let b = 0; b < width; b++) sum += own[f]![i * width + b]! * x[from + level + b]!;
          out[from + i] = sum;
        }
      }
      middle.fill(0);
      pairs.forEach((pair, at) => {
        const g = offsets[pair.g]! - first;
        if (pair.f === leading) {
          timesBlocks(pair, scaled[at]!, x, g, middle, 0);
        } else {
          const f = offsets[pair.f]! - first;
          timesBlocks(pair, scaled[at]!, x, g, out, f);
          timesTurned(pair, scaled[at]!, x, f, out, g, 1);
        }
      });
      takeLeading(out);
    },
    reduce(b, out) {
      for (let j = 0; j < J; j++) forwardSolve(factors, q, b, j * q * q, j * q);
      for (let i = 0; i < length; i++) out[i] = b[first + i]! / scale[i]!;
      middle.set(b.subarray(0, first));
      takeLeading(out);
    },
    restore(x, b) {
      middle.fill(0);
      pairs.forEach((pair, at) => {
        if (pair.f === leading) timesBlocks(pair, scaled[at]!, x, offsets[pair.g]! - first, middle, 0);
      });
      for (let i = 0; i < first; i++) b[i] = b[i]! - middle[i]!;
      for (let j = 0; j < J; j++) backwardSolve(factors, q, b, j * q * q, j * q);
      for (let i = 0; i < length; i++) b[first + i] = x[i]! / scale[i]!;
    },
  };

  /** out := out - C' middle. */
  function takeLeading(out: Float64Array): void {
    pairs.forEach((pair, at) => {
      if (pair.f === leading) timesTurned(pair, scaled[at]!, middle, 0, out, offsets[pair.g]! - first, -1);
    });
  }

  /** out := out + P x, P the pair's blocks, x and out from where the two factors stand. */
  function timesBlocks(
    { f, g, start, levels }: FactorPair,
    values: Float64Array,
    x: Float64Array,
    from: number,
    out: Float64Array,
    to: number,
  ): void {
    const [rows, columns] = [groups[f]!.q, groups[g]!.q];
    for (let j = 0; j < start.length - 1; j++) {
      if (rows === 1 && columns === 1) {
        let sum = out[to + j]!;
        for (let k = start[j]!, end = start[j + 1]!; k < end; k++) sum += values[k]! * x[from + levels[k]!]!;
        out[to + j] = sum;
        continue;
      }
      for (let k = start[j]!; k < start[j + 1]!; k++) {
        let at = k * rows * columns;
        const column = from + levels[k]! * columns;
        for (let a = to + j * rows; a < to + (j + 1) * rows; a++) {
          for (let b = 0; b < columns; b++, at++) out[a] = out[a]! + values[at]! * x[column + b]!;
        }
      }
    }
  }

  /** out := out + sign P'x. */
  function timesTurned(
    { f, g, start, levels }: FactorPair,
    values: Float64Array,
    x: Float64Array,
    from: number,
    out: Float64Array,
    to: number,
    sign: number,
  ): void {
    const [rows, columns] = [groups[f]!.q, groups[g]!.q];
    for (let j = 0; j < start.length - 1; j++) {
      if (rows === 1 && columns === 1) {
        const own = sign * x[from + j]!;
        for (let k = start[j]!, end = start[j + 1]!; k < end; k++) {
          const i = to + levels[k]!;
          out[i] = out[i]! + values[k]! * own;
        }
        continue;
      }
      for (let k = start[j]!; k < start[j + 1]!; k++) {
        let at = k * rows * columns;
        const column = to + levels[k]! * columns;
        for (let a = from + j * rows; a < from + (j + 1) * rows; a++) {
          for (let b = 0; b < columns; b++, at++) out[column + b] = out[column + b]! + sign * values[at]! * x[a]!;
        }
      }
    }
  }
}

/** out := L'M R, M rows x columns. */
function inUnits(
  M: Float64Array,
  from: number,
  L: Float64Array,
  left: number,
  R: Float64Array,
  right: number,
  rows: number,
  columns: number,
  out: Float64Array,
  to: number,
): void {
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b < columns; b++) {
      let sum = 0;
      for (let k = 0; k < rows; k++) {
        for (let l = 0; l < columns; l++) {
          sum += L[left + k * rows + a]! * M[from + k * columns + l]! * R[right + l * columns + b]!;
        }
      }
      out[to + a * columns + b] = sum;
    }
  }
}
