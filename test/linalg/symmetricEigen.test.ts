import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { symmetricEigen } from '../../src/linalg/symmetricEigen.ts';
import { createRng } from '../../src/random/rng.ts';

const rng = createRng([20260101, 3]);

function randomSymmetric(d: number): Float64Array {
  const A = new Float64Array(d * d);
  for (let i = 0; i < d; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      A[i * d + j] = rng.normal();
      A[j * d + i] = A[i * d + j]!;
    }
  }
  return A;
}

describe('symmetricEigen', () => {
  it.each([1, 2, 3, 5, 10, 25])('gives the eigenvalues of ml-matrix in ascending order for %i rows', (d) => {
    const A = randomSymmetric(d);
    const { values, vectors } = symmetricEigen(A, d);
    const oracle = new EigenvalueDecomposition(Matrix.from1DArray(d, d, A), { assumeSymmetric: true });
    const expected = [...oracle.realEigenvalues].sort((a, b) => a - b);
    for (let k = 0; k < d; k += 1) expect(values[k]).toBeCloseTo(expected[k]!, 11);
    // A V = V diag(values), V'V = I.
    for (let i = 0; i < d; i += 1) {
      for (let k = 0; k < d; k += 1) {
        let image = 0;
        let inner = 0;
        for (let j = 0; j < d; j += 1) {
          image += A[i * d + j]! * vectors[j * d + k]!;
          inner += vectors[j * d + i]! * vectors[j * d + k]!;
        }
        expect(image).toBeCloseTo(values[k]! * vectors[i * d + k]!, 11);
        expect(inner).toBeCloseTo(i === k ? 1 : 0, 12);
      }
    }
  });

  it('keeps the digits of a small eigenvalue of a badly scaled matrix', () => {
    // diag(1e10, 1e-10) congruent to a correlation of 1/2: the determinant is 3/4, exactly.
    const { values } = symmetricEigen(Float64Array.of(1e10, 0.5, 0.5, 1e-10), 2);
    expect(values[0]! / 0.75e-10).toBeCloseTo(1, 12);
    expect(values[1]! / 1e10).toBeCloseTo(1, 12);
  });

  it('handles zeros, ties and diagonal matrices', () => {
    expect([...symmetricEigen(new Float64Array(9), 3).values]).toEqual([0, 0, 0]);
    expect([...symmetricEigen(Float64Array.of(2, 0, 0, -1), 2).values]).toEqual([-1, 2]);
    expect([...symmetricEigen(Float64Array.of(1, 0, 0, 1), 2).vectors].map(Math.abs)).toEqual([1, 0, 0, 1]);
  });
});
