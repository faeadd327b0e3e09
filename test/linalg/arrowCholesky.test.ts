import { CholeskyDecomposition, inverse, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { allocateArrow, copyArrow } from '../../src/linalg/arrow.ts';
import {
  backwardSolveArrow,
  factorArrow,
  forwardSolveArrow,
  logDetBlocks,
  multiplyArrow,
  quadraticFormArrow,
  solveArrow,
} from '../../src/linalg/arrowCholesky.ts';
import { logDetCorner } from '../../src/linalg/arrowCorner.ts';
import { inverseBlocks, inverseCorner } from '../../src/linalg/arrowInverse.ts';
import { createRng } from '../../src/random/rng.ts';
import { denseArrow, randomArrow, randomPattern } from '../oracle/denseArrow.ts';

// The diagonals dominate (condition numbers below 1e2), entries are of order 1 to 1e2: rounding stays below 1e-12
// relative to the largest.
const TOLERANCE = 1e-12;

const shapes = [
  [0, 0, 3, 1],
  [0, 2, 4, 1],
  [5, 0, 3, 0.5],
  [1, 1, 0, 1],
  [1, 3, 2, 1],
  [6, 1, 3, 1],
  [7, 1, 3, 1],
  [13, 1, 3, 1],
  [20, 1, 12, 0.3],
  [15, 2, 4, 1],
  [30, 2, 17, 0.2],
  [10, 3, 9, 0.4],
  [12, 4, 6, 0.5],
  [8, 4, 5, 0],
] as const;

function closeTo(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = TOLERANCE): void {
  expect(actual.length).toBe(expected.length);
  const scale = Array.from(expected).reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThan(tolerance * scale);
  }
}

describe.each(shapes)('an arrow matrix of J = %i blocks, q = %i, r = %i, touched share %d', (J, q, r, chance) => {
  const rng = createRng([21, J, q, r]);
  const pattern = randomPattern(J, q, r, chance, rng);
  const A = randomArrow(pattern, rng);
  const dense = denseArrow(A);
  const size = J * q + r;
  const factor = allocateArrow(pattern);
  copyArrow(A, factor);
  const ok = factorArrow(factor);
  const L = size === 0 ? Matrix.zeros(0, 0) : new CholeskyDecomposition(dense).lowerTriangularMatrix;
  const vector = () => Float64Array.from({ length: size }, () => rng.normal());
  const times = (M: Matrix, x: Float64Array) =>
    size === 0 ? [] : M.mmul(Matrix.columnVector(Array.from(x))).to1DArray();

  it('has the dense Cholesky factor, in the same places', () => {
    expect(ok).toBe(true);
    for (let j = 0; j < J; j++) {
      const width = pattern.start[j + 1]! - pattern.start[j]!;
      for (let a = 0; a < q; a++) {
        for (let b = 0; b <= a; b++) {
          closeTo([factor.blocks[(j * q + a) * q + b]!], [L.get(j * q + a, j * q + b)]);
        }
        for (let s = 0; s < width; s++) {
          const column = J * q + pattern.columns[pattern.start[j]! + s]!;
          closeTo([factor.border[q * pattern.start[j]! + a * width + s]!], [L.get(column, j * q + a)]);
        }
      }
    }
    for (let a = 0; a < r; a++) {
      for (let b = 0; b <= a; b++) closeTo([factor.corner[a * r + b]!], [L.get(J * q + a, J * q + b)]);
    }
  });

  it("solves with L, with L' and with the whole matrix", () => {
    const x = vector();
    for (const [solve, M] of [
      [forwardSolveArrow, L],
      [backwardSolveArrow, L.transpose()],
      [solveArrow, dense],
    ] as const) {
      const b = Float64Array.from(times(M, x));
      solve(factor, b);
      closeTo(b, x);
    }
  });

  it('multiplies and gives quadratic forms without being factored', () => {
    const x = vector();
    const out = new Float64Array(size).fill(Number.NaN);
    multiplyArrow(A, x, out);
    closeTo(out, times(dense, x));
    const form = times(dense, x).reduce((sum, value, i) => sum + value * x[i]!, 0);
    closeTo([quadraticFormArrow(A, x)], [form]);
  });

  it('gives the log-determinant in the parts of the blocks and of any rows of the corner', () => {
    const logs = Array.from({ length: size }, (_, i) => 2 * Math.log(L.get(i, i)));
    const sum = (from: number, to: number) => logs.slice(from, to).reduce((total, value) => total + value, 0);
    closeTo([logDetBlocks(factor)], [sum(0, J * q)]);
    const split = Math.floor(r / 2);
    closeTo([logDetCorner(factor, 0, split)], [sum(J * q, J * q + split)]);
    closeTo([logDetCorner(factor, split, r)], [sum(J * q + split, size)]);
    closeTo([logDetCorner(factor)], [sum(J * q, size)]);
  });

  it('gives the diagonal blocks and the corner of the inverse', () => {
    const P = size === 0 ? Matrix.zeros(0, 0) : inverse(dense);
    const corner = new Float64Array(r * r);
    inverseCorner(factor, corner);
    for (let a = 0; a < r; a++) {
      for (let b = 0; b < r; b++) closeTo([corner[a * r + b]!], [P.get(J * q + a, J * q + b)]);
    }
    const blocks = new Float64Array(J * q * q);
    inverseBlocks(factor, blocks);
    for (let j = 0; j < J; j++) {
      for (let a = 0; a < q; a++) {
        for (let b = 0; b < q; b++) closeTo([blocks[(j * q + a) * q + b]!], [P.get(j * q + a, j * q + b)]);
      }
    }
    const given = new Float64Array(J * q * q);
    inverseBlocks(factor, given, corner);
    expect(given).toEqual(blocks);
  });
});

describe('an arrow matrix of which few blocks touch the border', () => {
  // As many touches as J / r, q J / r, J or r: no count of them makes a sparse border a dense one.
  it.each([
    [4, 1, 2, [1, 3]],
    [6, 2, 3, [0, 5]],
    [4, 2, 2, [0, 1, 2, 3]],
    [6, 1, 3, [0, 2, 4]],
  ] as const)('is solved as the dense one: J = %i, q = %i, r = %i, blocks %j', (J, q, r, blocks) => {
    const start = new Int32Array(J + 1);
    for (let j = 0; j < J; j++) start[j + 1] = start[j]! + (blocks.some((block) => block === j) ? 1 : 0);
    const pattern = { J, q, r, start, columns: Int32Array.from(blocks, (_, k) => k % r) };
    const rng = createRng([24, J, q, r]);
    const A = randomArrow(pattern, rng);
    const dense = denseArrow(A);
    const factor = allocateArrow(pattern);
    copyArrow(A, factor);
    expect(factorArrow(factor)).toBe(true);
    const b = Float64Array.from({ length: J * q + r }, () => rng.normal());
    const L = new CholeskyDecomposition(dense).lowerTriangularMatrix;
    const [forward, whole] = [b.slice(), b.slice()];
    forwardSolveArrow(factor, forward);
    closeTo(L.mmul(Matrix.columnVector([...forward])).to1DArray(), b);
    solveArrow(factor, whole);
    closeTo(dense.mmul(Matrix.columnVector([...whole])).to1DArray(), b);
  });
});

describe('factorArrow', () => {
  it('returns false when a block or the corner after elimination is not positive definite', () => {
    const pattern = { J: 1, q: 1, r: 1, start: Int32Array.of(0, 1), columns: Int32Array.of(0) };
    const arrow = (block: number, edge: number, corner: number) => ({
      pattern,
      blocks: Float64Array.of(block),
      border: Float64Array.of(edge),
      corner: Float64Array.of(corner),
    });
    expect(factorArrow(arrow(-1, 0, 1))).toBe(false);
    expect(factorArrow(arrow(1, 2, 3))).toBe(false);
    expect(factorArrow(arrow(1, 2, 5))).toBe(true);
  });

  it.each(shapes.filter(([J, q]) => J > 0 && q > 0))(
    'returns false for any pivot that is not positive and finite: J = %i, q = %i, r = %i, touched share %d',
    (J, q, r, chance) => {
      const rng = createRng([23, J, q, r]);
      const pattern = randomPattern(J, q, r, chance, rng);
      const A = randomArrow(pattern, rng);
      const spoilt = allocateArrow(pattern);
      for (const value of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
        for (const j of [0, J >> 1, J - 1]) {
          for (let a = 0; a < q; a++) {
            copyArrow(A, spoilt);
            spoilt.blocks[(j * q + a) * q + a] = value;
            expect(factorArrow(spoilt)).toBe(false);
          }
        }
        for (let a = 0; a < r; a++) {
          copyArrow(A, spoilt);
          spoilt.corner[a * r + a] = value;
          expect(factorArrow(spoilt)).toBe(false);
        }
      }
    },
  );

  it('keeps its log-determinant finite where the product of the pivots is not', () => {
    const J = 400;
    const pattern = { J, q: 1, r: 0, start: new Int32Array(J + 1), columns: new Int32Array(0) };
    const arrow = allocateArrow(pattern);
    arrow.blocks.fill(1e300);
    expect(factorArrow(arrow)).toBe(true);
    expect(logDetBlocks(arrow) / (J * 300 * Math.LN10)).toBeCloseTo(1, 12);
  });
});
