import { type BlockCoordinates, blockCoordinates } from './blockCoordinates.ts';
import type { PosteriorModel } from './posteriorModel.ts';

/**
 * The linear predictor in coordinates that rounding does not trouble: eta = offset + X beta + sum Z u = start + C c,
 * where c holds standardised deviations e of every block (u_c = L e) and the coordinates gamma of an orthonormal
 * basis of X's columns, beta = R^-1 (Q'y + gamma).
 */
export interface CoefficientFrame {
  readonly blocks: readonly BlockCoordinates[];
  /** Where the deviations of each block begin in c; gamma stands at the end, p entries. */
  readonly from: readonly number[];
  readonly gamma: number;
  readonly width: number;
  /** The linear predictor at c = 0 (length n): the offset, and with continuous responses what Q'y explains. */
  readonly start: Float64Array;
  /** Columns of c that touch row i, and the entries there before the factors L are applied. */
  readonly rows: readonly FrameRow[];
  /** Of gamma, from the normal priors: precision (p x p) and precision times mean. */
  readonly precision: Float64Array;
  readonly side: Float64Array;
  /** The priors as rows of least squares: (row'gamma - rest)^2 is -2 times the log of a prior's density. */
  readonly priorRows: readonly { readonly row: readonly number[]; readonly rest: number }[];
  /**
   * The same straight from the priors: -2 times the log of their density at c, up to a constant; no difference of
   * large numbers.
   */
  priorSquares(c: Float64Array): number;
  /** Coefficients as written. */
  beta(c: Float64Array): number[];
}

export interface FrameRow {
  readonly at: Int32Array;
  readonly value: Float64Array;
}

/** Throws where the columns of X are dependent. */
export function coefficientFrame(model: PosteriorModel, centred: boolean): CoefficientFrame {
  const { X, y, offset, family } = model;
  const p = model.labels.length;
  const continuous = family === 'gaussian' || family === 'studentT';
  const { Q, R } = orthonormal(X, p);
  const residual = y.map((value, i) => value - offset[i]!);
  const projected = Array.from({ length: p }, (_, k) =>
    continuous ? Q.reduce((sum, row, i) => sum + row[k]! * residual[i]!, 0) : 0,
  );
  const blocks = model.blocks.map((block) => blockCoordinates(block, centred));
  const from: number[] = [];
  let width = 0;
  model.blocks.forEach(({ J }, b) => {
    from.push(width);
    width += J * blocks[b]!.q;
  });
  const gamma = width;
  width += p;
  const rows = y.map((_, i): FrameRow => {
    const at: number[] = [];
    const value: number[] = [];
    model.blocks.forEach(({ index }, b) => {
      const { q, columns } = blocks[b]!;
      for (let k = 0; k < q; k += 1) {
        at.push(from[b]! + index[i]! * q + k);
        value.push(columns[i]![k]!);
      }
    });
    for (let k = 0; k < p; k += 1) {
      at.push(gamma + k);
      value.push(Q[i]![k]!);
    }
    return { at: Int32Array.from(at), value: Float64Array.from(value) };
  });
  const back = (g: readonly number[]): number[] => {
    const beta = [...g];
    for (let k = p - 1; k >= 0; k -= 1) {
      for (let l = k + 1; l < p; l += 1) beta[k]! -= R[k]![l]! * beta[l]!;
      beta[k]! /= R[k]![k]!;
    }
    return beta;
  };
  const precision = new Float64Array(p * p);
  const side = new Float64Array(p);
  const directions: { readonly v: readonly number[]; readonly rest: number; readonly sd: number }[] = [];
  for (const { direction, mean, sd } of model.coefficients) {
    // direction'beta = v'(Q'y + gamma), R'v = direction.
    const v = [...direction];
    for (let k = 0; k < p; k += 1) {
      for (let l = 0; l < k; l += 1) v[k]! -= R[l]![k]! * v[l]!;
      v[k]! /= R[k]![k]!;
    }
    const rest = mean - v.reduce((sum, value, k) => sum + value * projected[k]!, 0);
    directions.push({ v, rest, sd });
    for (let k = 0; k < p; k += 1) {
      side[k]! += (v[k]! * rest) / (sd * sd);
      for (let l = 0; l < p; l += 1) precision[k * p + l]! += (v[k]! * v[l]!) / (sd * sd);
    }
  }
  return {
    blocks,
    from,
    gamma,
    width,
    start: Float64Array.from(y, (_, i) => offset[i]! + projected.reduce((sum, value, k) => sum + value * Q[i]![k]!, 0)),
    rows,
    precision,
    side,
    priorRows: directions.map(({ v, rest, sd }) => ({ row: v.map((value) => value / sd), rest: rest / sd })),
    priorSquares: (c) =>
      directions.reduce((sum, { v, rest, sd }) => {
        let value = -rest;
        for (let k = 0; k < p; k += 1) value += v[k]! * c[gamma + k]!;
        return sum + (value / sd) ** 2;
      }, 0),
    beta: (c) => back(projected.map((value, k) => value + c[gamma + k]!)),
  };
}

/** Columns of X as Q R, Gram-Schmidt done twice. */
function orthonormal(X: readonly (readonly number[])[], p: number): { Q: number[][]; R: number[][] } {
  const Q = X.map((row) => [...row]);
  const R = Array.from({ length: p }, () => new Array<number>(p).fill(0));
  for (let k = 0; k < p; k += 1) {
    const whole = Math.hypot(...Q.map((row) => row[k]!));
    for (let pass = 0; pass < 2; pass += 1) {
      for (let j = 0; j < k; j += 1) {
        const part = Q.reduce((sum, row) => sum + row[j]! * row[k]!, 0);
        R[j]![k]! += part;
        for (const row of Q) row[k]! -= part * row[j]!;
      }
    }
    const length = Math.hypot(...Q.map((row) => row[k]!));
    if (!(length > 1e-10 * whole)) throw new Error('the oracle takes columns of full rank');
    R[k]![k] = length;
    for (const row of Q) row[k]! /= length;
  }
  return { Q, R };
}
