import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseCsv } from '../../src/data/csv.ts';
import type { Frame } from '../../src/data/frame.ts';
import { toFrame } from '../../src/data/toFrame.ts';
import { atomEvaluator } from '../../src/design/columns/atomValue.ts';
import { columnSource } from '../../src/design/columns/columnSource.ts';
import { learningEncoder } from '../../src/design/columns/learningEncoder.ts';
import { rowMajor, termColumns } from '../../src/design/columns/termColumns.ts';
import { parseTerm } from '../../src/formula/terms.ts';
import { columnOf } from './handBuiltGraph.ts';

const read = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');

interface Contrasts {
  readonly data: Record<string, string[] | number[]>;
  readonly cases: readonly { formula: string; terms: string[]; labels: string[]; X: number[] }[];
}
interface Model {
  readonly data: string;
  readonly terms: string[];
  readonly n: number;
  readonly labels: string[];
  readonly sum: number[];
  readonly squares: number[];
  readonly weighted: number[];
  readonly last: number[];
}

function columns(frame: Frame, terms: readonly string[]) {
  const source = columnSource(frame, new Map(), { where: 'rows' });
  return termColumns(
    terms.map(parseTerm),
    atomEvaluator(
      source,
      learningEncoder(() => null),
    ),
    frame.n,
  );
}

/**
 * R's numbers come from other summation orders and, for poly, a QR: a few hundred roundings of numbers up to `size`.
 */
function expectClose(actual: number, expected: number, size: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(1e-12 * size);
}

const contrasts: Contrasts = JSON.parse(read('design/contrasts.json'));
const models: readonly Model[] = JSON.parse(read('design/models.json'));

describe('the columns of a list of terms', () => {
  const frame = toFrame(contrasts.data, 'rows');

  it.each(contrasts.cases)("are R's for $formula, in R's order and with R's labels", ({ terms, labels, X }) => {
    const made = columns(frame, terms);
    expect(made.map((column) => column.label)).toEqual(labels);
    const matrix = rowMajor(made, frame.n);
    expect(matrix.length).toBe(X.length);
    const size = Math.max(...X.map(Math.abs));
    for (const [i, value] of matrix.entries()) expectClose(value, X[i]!, size);
  });

  it.each(models)("are R's for $terms on $data", (model) => {
    const made = columns(parseCsv(read(`data/${model.data}.csv`), model.data), model.terms);
    expect(made.map((column) => column.label)).toEqual(model.labels);
    const matrix = rowMajor(made, model.n);
    made.forEach((_, k) => {
      const x = columnOf(matrix, made.length, k);
      const size = Math.max(
        1,
        x.reduce((sum, value) => sum + Math.abs(value), 0),
      );
      expectClose(
        x.reduce((sum, value) => sum + value, 0),
        model.sum[k]!,
        size,
      );
      expectClose(
        x.reduce((sum, value, i) => sum + (value * (i + 1)) / model.n, 0),
        model.weighted[k]!,
        size,
      );
      const squares = x.reduce((sum, value) => sum + value * value, 0);
      expectClose(squares, model.squares[k]!, Math.max(1, squares));
      expectClose(x.at(-1)!, model.last[k]!, Math.max(1, Math.abs(x.at(-1)!)));
    });
  });

  it('are 1 where a comparison is true and 0 elsewhere', () => {
    const rows = toFrame({ x: [1, 2, 3, 4], y: [4, 2, 2, 4], g: ['b', 'a', 'b', 'c'], f: [0, 1, 1, 0] }, 'rows');
    const values = (text: string): number[] => Array.from(rowMajor(columns(rows, [text]), 4));
    expect(values('I(x > 2)')).toEqual([0, 0, 1, 1]);
    expect(values('I(x >= y)')).toEqual([0, 1, 1, 1]);
    expect(values('I(x < y)')).toEqual([1, 0, 0, 0]);
    expect(values('I(2 <= x)')).toEqual([0, 1, 1, 1]);
    expect(values('I(x == y)')).toEqual([0, 1, 0, 1]);
    expect(values('I(x != y)')).toEqual([1, 0, 1, 0]);
    expect(values('I(g == "b")')).toEqual([1, 0, 1, 0]);
    expect(values('I("b" != g)')).toEqual([0, 1, 0, 1]);
    // A number is compared with a text by its label, as factor(f, ref = "1") takes it.
    expect(values('I(f == "1")')).toEqual([0, 1, 1, 0]);
    expect(values('I((g == "a") + (g == "b") - (x > 3) * 2)')).toEqual([1, 1, 1, -2]);
    expect(values('center(x > 2)')).toEqual([-0.5, -0.5, 0.5, 0.5]);
    expect(() => values('I(g == "d")')).toThrow('g == "d": "d" is no level of g; its levels are "a", "b", "c"');
    expect(() => values('I(g > 2)')).toThrow('column "g" is text ("b" in row 1 of rows) where numbers are needed');
  });
});
