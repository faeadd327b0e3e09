import { describe, expect, it } from 'vitest';
import { orthogonalise } from '../../src/linalg/orthogonalise.ts';

describe('orthogonalise', () => {
  it.each([
    ['zeros before a column far from 0', [0, 1e9], [0, 1]],
    ['a constant before a column far from 0', [3, 1e9], [0, 1]],
    ['a single column', [5], [2]],
  ])('gives orthogonal columns of mean square 1, and leaves zeros: %s', (_title, level, spread) => {
    const [n, k] = [40, level.length];
    const M = Float64Array.from({ length: n * k }, (_, at) => level[at % k]! + spread[at % k]! * Math.sin(at));
    const T = orthogonalise(M, k, new Float64Array(n).fill(1));
    expect(T.every(Number.isFinite)).toBe(true);
    const dot = (a: number, b: number): number => {
      let sum = 0;
      for (let i = 0; i < n; i++) {
        let [x, y] = [0, 0];
        for (let l = 0; l < k; l++) {
          x += M[i * k + l]! * T[l * k + a]!;
          y += M[i * k + l]! * T[l * k + b]!;
        }
        sum += (x * y) / n;
      }
      return sum;
    };
    for (let a = 0; a < k; a++) {
      // The digits that 1e9 leaves of a spread of 1: seven, of squares summed.
      expect(dot(a, a)).toBeCloseTo(level[a] === 0 && spread[a] === 0 ? 0 : 1, 6);
      for (let b = 0; b < a; b++) expect(Math.abs(dot(a, b))).toBeLessThan(1e-6);
    }
  });
});
