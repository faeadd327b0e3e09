import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { spanFit } from '../../src/products/spanFit.ts';
import { denseColumns } from '../oracle/denseGaussian.ts';
import { handDesign } from '../oracle/handDesign.ts';
import { randomDesign, uniforms } from '../oracle/randomDesign.ts';

const identity = (q: number): Float64Array =>
  Float64Array.from({ length: q * q }, (_, k) => (k % (q + 1) === 0 ? 1 : 0));

/** Rank by singular values above 1e-9 of the largest. */
function rankOf(A: Matrix): number {
  const values = new SingularValueDecomposition(A, { autoTranspose: true }).diagonal;
  return values.filter((value) => value > 1e-9 * values[0]!).length;
}

describe('the rank of [X Z] and whether y lies in its span', () => {
  it.each(Array.from({ length: 20 }, (_, seed) => seed))('are those of singular values: design %d', (seed) => {
    const uniform = uniforms(101 * seed + 3);
    const n = 4 + Math.floor(16 * uniform());
    const q = 1 + Math.floor(2 * uniform());
    const factors = [
      { J: 2 + Math.floor(uniform() * Math.min(n, 9)), columns: Array.from({ length: q }, (_, a) => a) },
      ...(uniform() < 0.5 ? [{ J: 2 + Math.floor(3 * uniform()), columns: [0] }] : []),
    ];
    const design = randomDesign({ n, p: 2, factors, centre: seed % 2 === 0 ? 0 : 2000, spread: 3 }, seed);
    const all = denseColumns(design);
    const whole = design.groupTerms.map((term) => identity(term.q));
    const found = spanFit(design, whole, Infinity)!;
    const rank = rankOf(all);
    expect(found.rank).toBe(rank);
    const augmented = Matrix.zeros(n, all.columns + 1);
    augmented.setSubMatrix(all, 0, 0);
    augmented.setColumn(all.columns, Array.from(design.response.y));
    expect(found.fits).toBe(rankOf(augmented) === rank);
    const none = spanFit(
      design,
      design.groupTerms.map(() => new Float64Array(0)),
      Infinity,
    )!;
    expect(none.rank).toBe(2);
  });

  it('take the directions given: the difference of two columns only', () => {
    const index = [0, 0, 1, 1, 2, 2];
    const Z = index.map((_, i) => (i % 2 === 0 ? [1, 0] : [0, 1]));
    const design = handDesign({
      y: [1, -1, 2, -2, 5, -5],
      X: index.map(() => [1]),
      groups: [{ factor: 'g', J: 3, index, Z }],
    });
    expect(spanFit(design, [Float64Array.of(1, -1)], Infinity)).toEqual({ rank: 4, fits: true });
    expect(spanFit(design, [Float64Array.of(1, 1)], Infinity)).toEqual({ rank: 3, fits: false });
    expect(spanFit(design, [identity(2)], Infinity)).toEqual({ rank: 6, fits: true });
  });

  it('are not sought beyond the budget', () => {
    const design = randomDesign({ n: 20, p: 3, factors: [{ J: 4, columns: [0] }] }, 1);
    expect(spanFit(design, [identity(1)], 100)).toBeNull();
  });
});
