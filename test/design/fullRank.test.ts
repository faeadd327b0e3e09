import fc from 'fast-check';
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { checkFullRank } from '../../src/design/fullRank.ts';
import type { TermColumn } from '../../src/design/termColumns.ts';
import { ModelError } from '../../src/errors.ts';
import { parseTerm } from '../../src/formula/terms.ts';

function column(label: string, values: ArrayLike<number>): TermColumn {
  const parts = label === 'Intercept' ? [] : [{ atom: parseTerm(label).atoms[0]!, label }];
  return { label, term: label, parts, values: Float64Array.from(values) };
}

function dependent(columns: TermColumn[], n: number): string | null {
  try {
    checkFullRank(columns, n);
    return null;
  } catch (error) {
    if (error instanceof ModelError) return error.message;
    throw error;
  }
}

/** The number of singular values of the matrix with columns of length one that are above 1e-9 of the largest. */
function rank(columns: readonly TermColumn[]): number {
  const scaled = columns.map(({ values }) => {
    const norm = Math.hypot(...values);
    return Array.from(values, (value) => (norm === 0 ? 0 : value / norm));
  });
  const { diagonal } = new SingularValueDecomposition(new Matrix(scaled).transpose(), { autoTranspose: true });
  return diagonal.filter((value) => value > 1e-9 * diagonal[0]!).length;
}

describe('checkFullRank', () => {
  it('counts as many dependent columns as the singular values do', () => {
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
        const message = dependent(columns, 6);
        const faults = message === null ? 0 : message.split('): ')[1]!.split('; ').length - 1;
        expect(columns.length - faults).toBe(rank(columns));
      }),
      { seed: 20260101, numRuns: 500 },
    );
  });

  it('sees through the rounding of a hundred thousand rows that a column is constant', () => {
    const n = 100_000;
    const columns = [column('Intercept', new Float64Array(n).fill(1)), column('x', new Float64Array(n).fill(0.1))];
    expect(dependent(columns, n)).toContain('x is constant, as is Intercept');
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
    const message = dependent(
      columns.map(([label, values]) => column(label as string, values as Float64Array)),
      n,
    );
    expect(message).toContain('total depends on year, share; leave it out');
  });
});
