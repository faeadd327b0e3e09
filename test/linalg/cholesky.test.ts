import { Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import {
  backwardSolve,
  cholesky,
  choleskySolve,
  forwardSolve,
  invertFromCholesky,
  invertLower,
  logDeterminant,
  multiplyLower,
} from '../../src/linalg/cholesky.ts';
import { createRng } from '../../src/random/rng.ts';

// Condition numbers here are below 1e3: a hundred roundings of 1e-16 each leave errors below 1e-12 relative to the
// entries.
const TOLERANCE = 1e-12;
const OFFSET = 3;

function positiveDefinite(n: number, seed: number): { A: Matrix; stored: Float64Array } {
  const rng = createRng([seed, n]);
  const M = Matrix.zeros(n, n + 2).apply(function fill(this: Matrix, i, j) {
    this.set(i, j, rng.normal());
  });
  const A = M.mmul(M.transpose()).add(Matrix.eye(n, n).mul(0.5 * n));
  const stored = new Float64Array(OFFSET + n * n + 1).fill(7);
  stored.set(A.to1DArray(), OFFSET);
  return { A, stored };
}

function lower(stored: Float64Array, n: number): Matrix {
  return Matrix.zeros(n, n).apply(function fill(this: Matrix, i, j) {
    this.set(i, j, j <= i ? stored[OFFSET + i * n + j]! : 0);
  });
}

function largest(M: Matrix): number {
  return M.isEmpty() ? 0 : Matrix.abs(M).max();
}

describe.each([0, 1, 2, 3, 4, 7, 14])('cholesky of a %i x %i matrix inside a longer array', (n) => {
  const { A, stored } = positiveDefinite(n, 11);
  const factored = stored.slice();
  const ok = cholesky(factored, n, OFFSET);
  const L = lower(factored, n);

  it("gives L with L L' = A, and touches neither the upper triangle nor what lies around the matrix", () => {
    expect(ok).toBe(true);
    if (n > 0) expect(largest(Matrix.sub(L.mmul(L.transpose()), A))).toBeLessThan(TOLERANCE * largest(A));
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) expect(factored[OFFSET + i * n + j]).toBe(A.get(i, j));
    expect(factored.slice(0, OFFSET)).toEqual(stored.slice(0, OFFSET));
    expect(factored[OFFSET + n * n]).toBe(7);
  });

  it("solves L x = b, L' x = b and A x = b in place at an offset", () => {
    const rng = createRng([12, n]);
    const b = Float64Array.from({ length: n + 2 }, () => rng.normal());
    for (const [solve, M] of [
      [forwardSolve, L],
      [backwardSolve, L.transpose()],
      [choleskySolve, A],
    ] as const) {
      const x = b.slice();
      solve(factored, n, x, OFFSET, 2);
      expect(x[0]).toBe(b[0]);
      for (let i = 0; i < n; i++) {
        let back = 0;
        for (let k = 0; k < n; k++) back += M.get(i, k) * x[2 + k]!;
        expect(Math.abs(back - b[2 + i]!)).toBeLessThan(TOLERANCE * largest(A));
      }
    }
  });

  it('multiplies by L, inverts L and A (also over the factor itself), and gives log |A|', () => {
    const x = Float64Array.from({ length: n }, (_, i) => i + 1);
    multiplyLower(factored, n, x, OFFSET);
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let k = 0; k <= i; k++) sum += L.get(i, k) * (k + 1);
      expect(x[i]).toBeCloseTo(sum, 10);
    }
    const inverseL = new Float64Array(n * n).fill(5);
    invertLower(factored, n, inverseL, OFFSET);
    const own = factored.slice();
    invertLower(own, n, own, OFFSET, OFFSET);
    const inverseA = factored.slice();
    invertFromCholesky(inverseA, n, inverseA, OFFSET, OFFSET);
    for (const result of [own, inverseA]) {
      expect(result.slice(0, OFFSET)).toEqual(stored.slice(0, OFFSET));
      expect(result[OFFSET + n * n]).toBe(7);
    }
    if (n === 0) return;
    expect(largest(Matrix.sub(L.mmul(Matrix.from1DArray(n, n, inverseL)), Matrix.eye(n)))).toBeLessThan(TOLERANCE);
    expect(own.slice(OFFSET, OFFSET + n * n)).toEqual(inverseL);
    const full = Matrix.from1DArray(n, n, inverseA.slice(OFFSET, OFFSET + n * n));
    expect(largest(Matrix.sub(A.mmul(full), Matrix.eye(n)))).toBeLessThan(TOLERANCE);
    let product = 1;
    for (let i = 0; i < n; i++) product *= L.get(i, i) ** 2;
    expect(logDeterminant(factored, n, OFFSET)).toBeCloseTo(Math.log(product), 11);
  });
});

describe('cholesky', () => {
  it.each([
    ['indefinite', [1, 0, 2, 1]],
    ['singular', [1, 0, 1, 1]],
    ['negative', [-1, 0, 0, 1]],
    ['not a number', [Number.NaN, 0, 0, 1]],
    ['infinite', [Number.POSITIVE_INFINITY, 0, 0, 1]],
  ])('returns false for a matrix that is %s', (_, entries) => {
    expect(cholesky(Float64Array.from(entries), 2)).toBe(false);
  });

  it.each([2, 13])('of order %i takes every pivot above 0 and below infinity, however small or large', (n) => {
    const diagonal = (last: number) => {
      const a = new Float64Array(n * n);
      for (let i = 0; i < n; i++) a[i * n + i] = i === n - 1 ? last : 0.25;
      return a;
    };
    for (const last of [Number.MIN_VALUE, 1e-300, 1, Number.MAX_VALUE]) {
      const a = diagonal(last);
      expect(cholesky(a, n)).toBe(true);
      expect([a[0], a[n * n - 1]]).toEqual([0.5, Math.sqrt(last)]);
    }
    for (const last of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) expect(cholesky(diagonal(last), n)).toBe(false);
  });

  it('takes matrix and vector from the start of their arrays unless told otherwise', () => {
    const L = Float64Array.of(2, 0, 1, 3);
    const solved = Float64Array.of(4, 11);
    forwardSolve(L, 2, solved);
    expect([...solved]).toEqual([2, 3]);
    backwardSolve(L, 2, solved);
    expect([...solved]).toEqual([0.5, 1]);
    choleskySolve(L, 2, solved);
    // A = L L' = [4 2; 2 10].
    expect([...solved].map((x) => 36 * x)).toEqual([expect.closeTo(3, 14), expect.closeTo(3, 14)]);
    multiplyLower(L, 2, solved.fill(1));
    expect([...solved]).toEqual([2, 4]);
    expect(logDeterminant(L, 2)).toBeCloseTo(2 * Math.log(6), 15);
    const inverse = new Float64Array(4);
    invertLower(L, 2, inverse);
    expect([...inverse]).toEqual([0.5, 0, expect.closeTo(-1 / 6, 15), expect.closeTo(1 / 3, 15)]);
    invertFromCholesky(L, 2, inverse);
    expect([...inverse].map((x) => 36 * x)).toEqual([10, -2, -2, 4].map((x) => expect.closeTo(x, 14)));
  });

  it('reads the lower triangle only', () => {
    const a = Float64Array.from([4, Number.NaN, 2, 5]);
    expect(cholesky(a, 2)).toBe(true);
    expect([a[0], a[2], a[3]]).toEqual([2, 1, 2]);
  });
});
