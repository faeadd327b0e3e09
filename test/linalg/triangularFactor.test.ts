import { describe, expect, it } from 'vitest';
import { triangularFactor } from '../../src/linalg/triangularFactor.ts';
import { uniforms } from '../oracle/randomDesign.ts';

const uniform = uniforms(9);

describe('the triangular factor of M M′', () => {
  it.each([1, 2, 3, 5])('is lower triangular with a diagonal >= 0 and has the same product, %i x %i', (size) => {
    for (let trial = 0; trial < 20; trial++) {
      const M = Float64Array.from({ length: size * size }, () => uniform() - 0.5);
      const L = Float64Array.from(M);
      triangularFactor(L, size);
      for (let i = 0; i < size; i++) {
        expect(L[i * size + i]!).toBeGreaterThanOrEqual(0);
        for (let j = i + 1; j < size; j++) expect(L[i * size + j]).toBe(0);
        for (let j = 0; j < size; j++) {
          let own = 0;
          let given = 0;
          for (let k = 0; k < size; k++) {
            own += L[i * size + k]! * L[j * size + k]!;
            given += M[i * size + k]! * M[j * size + k]!;
          }
          expect(own).toBeCloseTo(given, 14);
        }
      }
    }
  });

  it('keeps the last pivot where M M′ has lost it', () => {
    // Rows (1, 0) and (-1e9, 1): the correlation of M M' is -1 in doubles, its Cholesky pivot 0.
    const L = Float64Array.of(1, 0, -1e9, 1);
    triangularFactor(L, 2);
    expect([...L]).toEqual([1, 0, -1e9, 1]);
    const turned = Float64Array.of(
      Math.SQRT1_2,
      Math.SQRT1_2,
      -1e9 * Math.SQRT1_2 - Math.SQRT1_2,
      -1e9 * Math.SQRT1_2 + Math.SQRT1_2,
    );
    triangularFactor(turned, 2);
    // Entries of 1e9 are known to 1e-7.
    expect(turned[3]).toBeCloseTo(1, 6);
  });
});
