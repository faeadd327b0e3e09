import { type Arrow, allocateArrow } from '../linalg/arrow.ts';
import { factorArrow, logDetBlocks } from '../linalg/arrowCholesky.ts';
import { logDetCorner } from '../linalg/arrowCorner.ts';
import { inverseBlocks } from '../linalg/arrowInverse.ts';
import { backwardSolve } from '../linalg/cholesky.ts';
import { cornerInverse } from '../linalg/cornerInverse.ts';
import { relativePrecision } from '../products/relativePrecision.ts';
import type { WorkingPredictor } from './workingPredictor.ts';

/** The curvature of -log p(y | e, beta) + |e|^2 / 2 on the arrow matrix, for one set of row weights at a time. */
export interface Curvature {
  /** Factor of M = [Lambda 0; 0 I]'[Z X]'W[Z X][Lambda 0; 0 I] + diag(I, V^-1), at the last evaluation. */
  readonly factor: Arrow;
  /** Weighs the rows, assembles and factors; false where M is not numerically positive definite. */
  evaluate(Lambda: readonly Float64Array[], weight: Float64Array, betaPrecision: Float64Array | null): boolean;
  /** log |Lambda'Z'WZ Lambda + I|: the part of log |M| before beta. */
  logDetGroups(): number;
  /** log |M|. */
  logDet(): number;
  /**
   * out_i := z_i'Lambda M^-1 Lambda'z_i, the variance of row i's linear predictor under N(mode, M^-1); beta counts
   * where the predictor has it.
   */
  leverages(Lambda: readonly Float64Array[], out: Float64Array): void;
  /** The corner of M^-1, r x r, both triangles, once `leverages` has been asked. */
  readonly inverse: Float64Array;
}

/** Workspaces for the curvature of a predictor; `Lambda[f]` are working factors, q_f x q_f row-major. */
export function curvature(predictor: WorkingPredictor): Curvature {
  const { pattern, p, groups, leading, n } = predictor;
  const { J, q, r, start, columns } = pattern;
  const fill = relativePrecision(predictor);
  const factor = allocateArrow(pattern);
  const blocks = new Float64Array(J * q * q);
  const cross = new Float64Array(factor.border.length);
  const corner = new Float64Array(r * r);
  const spread = new Float64Array(q);
  const others = groups.map((_, f) => f).filter((f) => f !== leading);
  const width = others.reduce((sum, f) => sum + groups[f]!.q, 0) + p;
  const values = new Float64Array(width);
  const place = new Int32Array(width);
  const within = new Int32Array(width);
  const scaled = new Float64Array(q);

  return {
    factor,
    inverse: corner,
    evaluate(Lambda, weight, betaPrecision) {
      predictor.weigh(weight);
      fill(Lambda, betaPrecision, factor);
      return factorArrow(factor);
    },
    logDetGroups: () => logDetBlocks(factor) + logDetCorner(factor, 0, r - p),
    logDet: () => logDetBlocks(factor) + logDetCorner(factor),
    leverages(Lambda, out) {
      cornerInverse(factor.corner, r, r, corner);
      inverseBlocks(factor, blocks, corner);
      if (width > 0) crossInverse();
      const level = leading >= 0 ? predictor.at[leading]! : null;
      for (let i = 0; i < n; i++) {
        let total = 0;
        const first = level === null ? 0 : level[i]!;
        if (level !== null) {
          scaleRow(predictor.Z[leading]!, i, Lambda[leading]!, q, scaled, 0);
          for (let a = 0; a < q; a++) {
            let sum = 0;
            for (let b = 0; b < q; b++) sum += blocks[first * q + a * q + b]! * scaled[b]!;
            total += scaled[a]! * sum;
          }
        }
        if (width > 0) {
          loadRow(i, Lambda, first);
          if (level !== null) {
            const j = first / q;
            const edge = q * start[j]!;
            const wide = start[j + 1]! - start[j]!;
            for (let a = 0; a < q; a++) {
              for (let s = 0; s < width; s++) {
                total += 2 * scaled[a]! * cross[edge + a * wide + within[s]!]! * values[s]!;
              }
            }
          }
          for (let s = 0; s < width; s++) {
            const row = place[s]! * r;
            let sum = corner[row + place[s]!]! * values[s]!;
            for (let t = 0; t < s; t++) sum += 2 * corner[row + place[t]!]! * values[t]!;
            total += values[s]! * sum;
          }
        }
        out[i] = total;
      }
    },
  };

  /** cross := the border of M^-1 in the places of B: -L_j^-T G_j times the corner of M^-1. */
  function crossInverse(): void {
    for (let j = 0; j < J; j++) {
      const first = start[j]!;
      const wide = start[j + 1]! - first;
      const edge = q * first;
      for (let s = 0; s < wide; s++) {
        for (let a = 0; a < q; a++) {
          let sum = 0;
          const row = columns[first + s]! * r;
          for (let t = 0; t < wide; t++)
            sum += corner[row + columns[first + t]!]! * factor.border[edge + a * wide + t]!;
          spread[a] = -sum;
        }
        backwardSolve(factor.blocks, q, spread, j * q * q, 0);
        for (let a = 0; a < q; a++) cross[edge + a * wide + s] = spread[a]!;
      }
    }
  }

  function loadRow(i: number, Lambda: readonly Float64Array[], first: number): void {
    let k = 0;
    for (const f of others) {
      const wide = groups[f]!.q;
      scaleRow(predictor.Z[f]!, i, Lambda[f]!, wide, values, k);
      for (let a = 0; a < wide; a++, k++) {
        place[k] = predictor.at[f]![i]! - J * q + a;
        within[k] = predictor.local[f]![i]! + a;
      }
    }
    const j = J > 0 ? first / q : 0;
    const wide = J > 0 ? start[j + 1]! - start[j]! : 0;
    for (let a = 0; a < p; a++, k++) {
      values[k] = predictor.X[i * p + a]!;
      place[k] = r - p + a;
      within[k] = wide - p + a;
    }
  }
}

/** out[to ..] := Lambda' z_i. */
function scaleRow(Z: Float64Array, i: number, Lambda: Float64Array, q: number, out: Float64Array, to: number): void {
  for (let b = 0; b < q; b++) {
    let sum = 0;
    for (let a = 0; a < q; a++) sum += Z[i * q + a]! * Lambda[a * q + b]!;
    out[to + b] = sum;
  }
}
