import fc from 'fast-check';
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { type Dependence, dependentColumns, type RankColumn } from '../../src/design/columns/dependentColumns.ts';
import { limitedPivoting } from '../oracle/limitedPivoting.ts';

function column(label: string, values: ArrayLike<number>): RankColumn {
  return { label, parts: label === 'Intercept' ? [] : [label], values: Float64Array.from(values) };
}

/** The largest entry of a dependent column less its combination, as a share of the largest of its parts. */
function remainder(columns: readonly RankColumn[], { column: j, weights }: Dependence): number {
  let worst = 0;
  let size = Number.MIN_VALUE;
  columns[j]!.values.forEach((value, i) => {
    let rest = value;
    for (const [k, weight] of weights) {
      const part = weight * columns[k]!.values[i]!;
      rest -= part;
      size = Math.max(size, Math.abs(part));
    }
    worst = Math.max(worst, Math.abs(rest));
  });
  return worst / size;
}

/** The number of singular values of the matrix with columns of length one that are above 1e-9 of the largest. */
function rank(columns: readonly RankColumn[]): number {
  const scaled = columns.map(({ values }) => {
    const norm = Math.hypot(...values);
    return Array.from(values, (value) => (norm === 0 ? 0 : value / norm));
  });
  const { diagonal } = new SingularValueDecomposition(new Matrix(scaled).transpose(), { autoTranspose: true });
  return diagonal.filter((value) => value > 1e-9 * diagonal[0]!).length;
}

describe('dependentColumns', () => {
  it('are as many as the singular values say, those that limited pivoting leaves out, and the combinations they are given as', () => {
    const small = fc.integer({ min: -2, max: 2 });
    const matrix = fc.array(fc.array(small, { minLength: 6, maxLength: 6 }), { minLength: 1, maxLength: 6 });
    const scales = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(matrix, scales, fc.boolean(), (lists, powers, intercept) => {
        const columns = lists.map((list, k) =>
          column(
            `x${k}`,
            list.map((value) => value * 10 ** powers[k]!),
          ),
        );
        if (intercept) columns.unshift(column('Intercept', new Array(6).fill(1)));
        const found = dependentColumns(columns, 6);
        expect(columns.length - found.length).toBe(rank(columns));
        expect(found.map(({ column }) => column)).toEqual(limitedPivoting(columns.map(({ values }) => [...values])));
        // Six small whole numbers a column: rounding is a few units in the last place, times a condition below 1e4.
        for (const dependence of found) expect(remainder(columns, dependence)).toBeLessThan(1e-11);
      }),
      { seed: 20260101, numRuns: 500 },
    );
  });

  it('sees through the rounding of a hundred thousand rows that a column is constant', () => {
    const n = 100_000;
    const columns = [column('Intercept', new Float64Array(n).fill(1)), column('x', new Float64Array(n).fill(0.1))];
    const [found] = dependentColumns(columns, n);
    expect(found!.sentence).toBe('x is constant, as is Intercept');
    expect(found!.weights[0]![1]).toBeCloseTo(0.1, 14);
  });

  it('names exactly the columns that a dependent one is made of, whatever their units', () => {
    const n = 50;
    const wave = (k: number) => Float64Array.from({ length: n }, (_, i) => Math.sin((i + 1) * (k + 0.3)));
    const year = wave(1).map((value) => 2000 + Math.round(10 * value));
    const income = wave(2).map((value) => 5e4 + 2e4 * value);
    const share = wave(3).map((value) => 1e-6 * value);
    const sum = year.map((value, i) => 1e-3 * value - 1e5 * share[i]!);
    const columns = [
      ['Intercept', new Float64Array(n).fill(1)],
      ['year', year],
      ['income', income],
      ['share', share],
      ['total', sum],
    ];
    const found = dependentColumns(
      columns.map(([label, values]) => column(label as string, values as Float64Array)),
      n,
    );
    expect(found.map(({ sentence }) => sentence)).toEqual(['total depends on year, share']);
    const weights = new Map(found[0]!.weights);
    expect(weights.get(1)).toBeCloseTo(1e-3, 12);
    expect(weights.get(3)! / -1e5).toBeCloseTo(1, 9);
  });
});
