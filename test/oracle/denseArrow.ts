import { Matrix } from 'ml-matrix';
import { type Arrow, type ArrowPattern, allocateArrow } from '../../src/linalg/arrow.ts';
import type { Rng } from '../../src/random/rng.ts';

/** An arrow matrix as one dense symmetric matrix. */
export function denseArrow(arrow: Arrow): Matrix {
  const { J, q, r, start, columns } = arrow.pattern;
  const M = Matrix.zeros(J * q + r, J * q + r);
  const put = (i: number, k: number, value: number) => {
    M.set(i, k, value);
    M.set(k, i, value);
  };
  for (let j = 0; j < J; j++) {
    const width = start[j + 1]! - start[j]!;
    for (let a = 0; a < q; a++) {
      for (let b = 0; b <= a; b++) put(j * q + a, j * q + b, arrow.blocks[(j * q + a) * q + b]!);
      for (let s = 0; s < width; s++) {
        put(j * q + a, J * q + columns[start[j]! + s]!, arrow.border[q * start[j]! + a * width + s]!);
      }
    }
  }
  for (let a = 0; a < r; a++) for (let b = 0; b <= a; b++) put(J * q + a, J * q + b, arrow.corner[a * r + b]!);
  return M;
}

/** A pattern whose blocks touch each border column with the given chance. */
export function randomPattern(J: number, q: number, r: number, chance: number, rng: Rng): ArrowPattern {
  const start = new Int32Array(J + 1);
  const columns: number[] = [];
  for (let j = 0; j < J; j++) {
    for (let k = 0; k < r; k++) if (rng.uniform() < chance) columns.push(k);
    start[j + 1] = columns.length;
  }
  return { J, q, r, start, columns: Int32Array.from(columns) };
}

/**
 * A random positive definite arrow matrix: normal entries, the diagonal raised to dominate. Upper triangles are left at
 * 0.
 */
export function randomArrow(pattern: ArrowPattern, rng: Rng): Arrow {
  const { J, q, r, start, columns } = pattern;
  const arrow = allocateArrow(pattern);
  const load = new Float64Array(r);
  for (let j = 0; j < J; j++) {
    const width = start[j + 1]! - start[j]!;
    for (let a = 0; a < q; a++) {
      for (let b = 0; b < a; b++) arrow.blocks[(j * q + a) * q + b] = rng.normal();
      arrow.blocks[(j * q + a) * q + a] = 3 * q + width + rng.exponential();
      for (let s = 0; s < width; s++) {
        arrow.border[q * start[j]! + a * width + s] = rng.normal();
        load[columns[start[j]! + s]!]! += 1;
      }
    }
  }
  for (let a = 0; a < r; a++) {
    for (let b = 0; b < a; b++) arrow.corner[a * r + b] = rng.normal();
    arrow.corner[a * r + a] = 3 * r + 3 * load[a]! + rng.exponential();
  }
  return arrow;
}
