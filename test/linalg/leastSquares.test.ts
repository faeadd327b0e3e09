import { inverse, Matrix } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { leastSquares } from '../../src/linalg/leastSquares.ts';
import { createRng } from '../../src/random/rng.ts';

function random(n: number, q: number, seed: number): { A: Float64Array; y: Float64Array } {
  const rng = createRng([seed]);
  return {
    A: Float64Array.from({ length: n * q }, () => rng.normal()),
    y: Float64Array.from({ length: n }, () => rng.normal()),
  };
}

describe('leastSquares', () => {
  it('equals the normal equations on full-rank columns', () => {
    for (const [n, q] of [
      [4, 1],
      [5, 5],
      [30, 4],
    ] as const) {
      const { A, y } = random(n, q, n);
      const X = new Matrix(Array.from({ length: n }, (_, i) => Array.from(A.subarray(i * q, (i + 1) * q))));
      const C = inverse(X.transpose().mmul(X));
      const expected = C.mmul(X.transpose()).mmul(Matrix.columnVector(Array.from(y)));
      const fit = leastSquares(A.slice(), y.slice(), q);
      expect(fit.rank).toBe(q);
      for (let k = 0; k < q; k++) {
        // Normal equations square the condition number: 1e-8 leaves room for that.
        expect(fit.coefficients[k]).toBeCloseTo(expected.get(k, 0), 8);
        expect(fit.variances[k]! / C.get(k, k)).toBeCloseTo(1, 8);
        expect(fit.estimable[k]).toBe(true);
      }
    }
  });

  it('keeps its digits on a year that varies little about 2000', () => {
    const years = Array.from({ length: 21 }, (_, i) => 2000 + i);
    const A = Float64Array.from(years.flatMap((year) => [1, year]));
    const y = Float64Array.from(years.map((year) => 3 + 0.25 * (year - 2010)));
    const fit = leastSquares(A, y, 2);
    expect(fit.coefficients[1]).toBeCloseTo(0.25, 12);
    expect(fit.coefficients[0]! / (3 - 0.25 * 2010)).toBeCloseTo(1, 12);
  });

  it('leaves a column of zeros undetermined and determines the others', () => {
    const fit = leastSquares(Float64Array.from([1, 0, 1, 0, 1, 0]), Float64Array.from([1, 2, 6]), 2);
    expect(fit).toMatchObject({ rank: 1, estimable: [true, false] });
    expect(fit.coefficients[0]).toBeCloseTo(3, 14);
    expect(fit.variances[0]).toBeCloseTo(1 / 3, 14);
  });

  it('leaves two equal columns undetermined and determines a third', () => {
    const A = Float64Array.from([1, 1, 2, 1, 1, -1, 1, 1, 0.5, 1, 1, 3]);
    const fit = leastSquares(A, Float64Array.from([5, 2, 3.5, 6]), 3);
    expect(fit.estimable).toEqual([false, false, true]);
    expect(fit.coefficients[2]).toBeCloseTo(1, 12);
  });

  it('determines nothing from no rows', () => {
    expect(leastSquares(new Float64Array(0), new Float64Array(0), 2)).toMatchObject({
      rank: 0,
      estimable: [false, false],
    });
  });
});
