import { describe, expect, it } from 'vitest';
import type { ModelData } from '../../src/data/frame.ts';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import type { Design } from '../../src/design/design.ts';
import { ModelError } from '../../src/errors.ts';
import { formula } from '../../src/formula/formula.ts';
import type { ModelGraph } from '../../src/graph/node.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { columnOf, handBuiltGraph } from './handBuiltGraph.ts';

function fault(graph: ModelGraph, data: ModelData, missing?: 'drop'): ModelError {
  try {
    buildDesign(graph, data, missing === undefined ? {} : { missing });
  } catch (error) {
    if (error instanceof ModelError) return error;
    throw error;
  }
  throw new Error('no error was thrown');
}

const labels = (design: Design) => design.columns.map((column) => column.label);

const rows = {
  y: [1, 2, 3, 4, 5, 7],
  x: [0.5, -1, 2, 3, 1, 0],
  w: [1, 1, 2, 2, 5, 5],
  g: ['b', 'b', 'a', 'a', 'c', 'c'],
  sex: ['m', 'f', 'm', 'f', 'm', 'm'],
};

describe('the response', () => {
  it('may be an expression of columns, with offsets, weights and standard errors beside it', () => {
    const graph = handBuiltGraph({ response: 'log(y)', population: ['1'], offset: ['x', 'w/2'], weights: 'w' });
    const { response } = buildDesign(graph, { rows });
    expect(response.label).toBe('log(y)');
    // Our logarithm and the engine's may differ in the last bit.
    rows.y.forEach((y, i) => {
      expect(Math.abs(response.y[i]! - Math.log(y))).toBeLessThanOrEqual(4.5e-16);
    });
    expect([...response.offset!]).toEqual(rows.x.map((x, i) => x + rows.w[i]! / 2));
    expect([...response.weights!]).toEqual(rows.w);
    expect(response.standardErrors).toBeNull();
    const meta = buildDesign(handBuiltGraph({ population: ['1'], se: 'w' }), { rows }).response;
    expect([...meta.standardErrors!]).toEqual(rows.w);
    expect(meta.offset).toBeNull();
  });

  it.each([
    [
      'text as response',
      { response: 'sex', population: ['1'] },
      'not-numeric',
      'response sex: column "sex" is text ("m" in row 1 of rows)',
    ],
    [
      'a weight of zero',
      { population: ['1'], weights: 'I(x + 1)' },
      'not-positive',
      'weight I(x + 1) is 0 in row 2 of rows with x = -1',
    ],
    [
      'a negative standard error',
      { population: ['1'], se: 'x' },
      'not-positive',
      'standard error x is -1 in row 2 of rows',
    ],
    [
      'the log of zero',
      { response: 'log(x)', population: ['1'] },
      'not-finite',
      'log(x) is NaN in row 2 of rows (x = -1)',
    ],
    [
      'an infinite predictor',
      { population: ['1', 'log(x + 1)'] },
      'not-finite',
      'log(x + 1) is -Infinity in row 2 of rows (x = -1)',
    ],
  ])('is refused when it has %s', (_, parts, code, sentence) => {
    const error = fault(handBuiltGraph(parts), { rows });
    expect(error.code).toBe(code);
    expect(error.message).toContain(sentence);
  });

  it('names the cell that made a numeric column text', () => {
    const data = { rows: { y: ['1', '2', 'n/a'], x: [1, 2, 3] } };
    expect(fault(handBuiltGraph({ population: ['1', 'x'] }), data).message).toContain('"n/a" in row 3 of rows');
  });
});

describe('the population part', () => {
  it('expands the dot to the columns of the rows that nothing else uses, less the excepted', () => {
    const graph = handBuiltGraph({ population: ['1', '.'], except: ['sex'], groups: [{}], offset: ['x'] });
    expect(labels(buildDesign(graph, { rows: { ...rows, v: [1, 0, 2, 9, 1, 0] } }))).toEqual(['Intercept', 'w', 'v']);
  });

  it('does not take the key of a group table for a predictor that the dot stands for', () => {
    const design = buildDesign(handBuiltGraph({ population: ['1', '.', 'v'] }), {
      rows: { y: rows.y, x: rows.x, g: rows.g },
      groups: { g: { g: ['a', 'b', 'c'], v: [1, 2, 7] } },
    });
    expect(labels(design)).toEqual(['Intercept', 'x', 'v']);
  });

  it('quotes odd column names as formulas do, and takes __proto__ for a name like any other', () => {
    const table = JSON.parse(
      '{"y":[1,2,4,3,5],"my x":[1,0,2,5,1],"__proto__":[3,1,1,0,7],"größe":["a","b","b","a","a"],"constructor":[0,0,1,2,9]}',
    );
    const design = buildDesign(handBuiltGraph({ population: ['1', '.'] }), { rows: table });
    expect(labels(design)).toEqual(['Intercept', '`my x`', '__proto__', 'größeb', 'constructor']);
    expect(columnOf(design.X, 5, 2)).toEqual([3, 1, 1, 0, 7]);
    expect(JSON.parse(JSON.stringify(design.encoding))).toEqual(design.encoding);
  });

  it('centres within groups and between them', () => {
    const graph = handBuiltGraph({ population: ['1', 'within(x, g)', 'between(x, g)'] });
    const design = buildDesign(graph, { rows });
    const means = [-0.25, -0.25, 2.5, 2.5, 0.5, 0.5];
    expect(columnOf(design.X, 3, 2)).toEqual(means);
    expect(columnOf(design.X, 3, 1)).toEqual(rows.x.map((x, i) => x - means[i]!));
    expect(design.encoding['within(x, g)']).toEqual({ kind: 'groupMeans', means: { a: 2.5, b: -0.25, c: 0.5 } });
  });

  it('treats a text column as a factor and a numeric one under factor() as well', () => {
    const graph = handBuiltGraph({ population: ['1', 'factor(w, ref = "5")', 'sex'] });
    const design = buildDesign(graph, { rows });
    expect(labels(design)).toEqual(['Intercept', 'w1', 'w2', 'sexm']);
    expect(columnOf(design.X, 4, 1)).toEqual([1, 1, 0, 0, 0, 0]);
  });

  it.each([
    [
      'a misspelt column',
      { population: ['1', 'wx'] },
      'unknown-column',
      'column "wx" is not in rows (y, x, w, g, sex); nearest names: ',
    ],
    [
      'a misspelt grouping factor',
      { population: ['1'], groups: [{ by: 'gg' }] },
      'unknown-column',
      'column "gg" is not in rows',
    ],
    [
      'arithmetic with text',
      { population: ['1', 'I(sex^2)'] },
      'not-numeric',
      'column "sex" is text ("m" in row 1 of rows)',
    ],
    [
      'a reference that is no level',
      { population: ['1', 'factor(sex, ref = "M")'] },
      'unknown-level',
      'its levels are "f", "m"',
    ],
    [
      'a polynomial of too high degree',
      { population: ['1', 'poly(w, 3)'] },
      'bad-call',
      'number of distinct values, which is 3',
    ],
    [
      'two columns of one label',
      { population: ['1', 'sex', 'factor(sex)'] },
      'duplicate-label',
      'both give a column "sexm"',
    ],
  ])('refuses %s', (_, parts, code, sentence) => {
    const error = fault(handBuiltGraph(parts), { rows });
    expect(error.code).toBe(code);
    expect(error.message).toContain(sentence);
  });

  it('refuses a factor of one level and a constant under scale()', () => {
    const data = { rows: { y: [1, 2], s: ['a', 'a'], c: [0.1, 0.1] } };
    expect(fault(handBuiltGraph({ population: ['1', 's'] }), data).message).toContain('s has one level ("a") in rows');
    expect(fault(handBuiltGraph({ population: ['1', 'scale(c)'] }), data).code).toBe('constant-column');
  });
});

describe('missing values', () => {
  const holes = { ...rows, y: [1, null, 3, 4, 5, 7], x: [1, null, 2, null, 0, 4], unused: [null, 1, 1, 1, 1, 1] };

  it('are an error that counts the rows of each used column', () => {
    const error = fault(handBuiltGraph({ population: ['1', 'x'] }), { rows: holes });
    expect(error.message).toContain('2 of the 6 rows have missing values, the first in row 2 (y in 1, x in 2)');
  });

  it('leave their rows out on request, and messages still name the rows as given', () => {
    const graph = handBuiltGraph({ population: ['1', 'x'], groups: [{}] });
    const design = buildDesign(graph, { rows: holes }, { missing: 'drop' });
    expect(design.dropped).toBe(2);
    expect(design.n).toBe(4);
    expect([...design.response.y]).toEqual([1, 3, 5, 7]);
    expect([...design.groupTerms[0]!.index]).toEqual([1, 0, 2, 2]);
    expect([...design.rows.columns.keys()]).toEqual(['y', 'x', 'g']);
    const log = handBuiltGraph({ population: ['1', 'log(x)'] });
    expect(fault(log, { rows: holes }, 'drop').message).toContain('log(x) is -Infinity in row 5 of rows (x = 0)');
  });

  it('are an error when no row is left', () => {
    const data = { rows: { y: [1, null], x: [null, 1] } };
    expect(fault(handBuiltGraph({ population: ['1', 'x'] }), data, 'drop').message).toContain(
      'all 2 rows have missing',
    );
  });
});

describe('group terms', () => {
  it('have sorted levels, the membership of each row, and counts', () => {
    const [term] = buildDesign(handBuiltGraph({ population: ['1'], groups: [{ terms: ['1', 'x'] }] }), {
      rows,
    }).groupTerms;
    expect(term!.levels).toEqual(['a', 'b', 'c']);
    expect([...term!.index]).toEqual([1, 1, 0, 0, 2, 2]);
    expect([...term!.counts]).toEqual([2, 2, 2]);
    expect(term!.labels).toEqual(['Intercept', 'x']);
    expect(columnOf(term!.Z, 2, 1)).toEqual(rows.x);
    expect(term!.blocks).toEqual([{ start: 0, size: 2, cov: 'Sigma' }]);
  });

  it('join the bars of one factor, a covariance block each, and a block for each column with ||', () => {
    const groups = [
      { terms: ['1'], cov: 'A' },
      { by: 'sex', terms: ['1'] },
      { terms: ['sex'], cov: 'B', structure: 'diagonal' as const },
    ];
    const [term, other] = buildDesign(handBuiltGraph({ population: ['1'], groups }), { rows }).groupTerms;
    expect(term!.labels).toEqual(['Intercept', 'sexf', 'sexm']);
    expect(term!.blocks).toEqual([
      { start: 0, size: 1, cov: 'A' },
      { start: 1, size: 1, cov: 'B' },
      { start: 2, size: 1, cov: 'B' },
    ]);
    expect(other!.factor).toBe('sex');
  });

  it('nest factors by the combinations that occur', () => {
    const design = buildDesign(formula('strength ~ 1 + (1 | batch/cask)'), { rows: fixtureFrame('pastes') });
    expect(design.groupTerms.map((term) => [term.factor, term.J])).toEqual([
      ['batch', 10],
      ['batch:cask', 30],
    ]);
    expect(design.groupTerms[1]!.levels.slice(0, 4)).toEqual(['A:a', 'A:b', 'A:c', 'B:a']);
  });

  it('take numeric columns for grouping factors, in numeric order', () => {
    const design = buildDesign(formula('Reaction ~ Days + (Days | Subject)'), { rows: fixtureFrame('sleepstudy') });
    expect(design.groupTerms[0]!.levels.slice(0, 3)).toEqual(['308', '309', '310']);
    expect(design.groupTerms[0]!.J).toBe(18);
  });

  it.each([
    ['a factor of one level', [{ by: 'one' }], 'one-level', 'grouping factor one has one level ("k")'],
    ['one column twice', [{ terms: ['1', 'x'] }, { terms: ['x'] }], 'duplicate-varying', 'by g, x varies twice'],
    ['two equal columns', [{ terms: ['1', 'x', 'I(x)'] }], 'duplicate-varying', 'by g, x and I(x) are equal'],
  ])('refuse %s', (_, groups, code, sentence) => {
    const data = { rows: { ...rows, one: new Array(6).fill('k') } };
    const error = fault(handBuiltGraph({ population: ['1'], groups }), data);
    expect(error.code).toBe(code);
    expect(error.message).toContain(sentence);
  });
});

describe('a linearly dependent population part', () => {
  it('is refused, naming the dependent columns and those they depend on', () => {
    const data = { rows: { ...rows, v: rows.x.map((x, i) => 3 - x + 2 * rows.w[i]!), k: [2, 2, 2, 2, 2, 2] } };
    const error = fault(handBuiltGraph({ population: ['1', 'w', 'x', 'sex', 'v', 'k'] }), data);
    expect(error.code).toBe('rank-deficient');
    expect(error.message).toContain('v depends on Intercept, w, x; k is constant, as is Intercept');
  });

  it('names the level-2 predictor that group dummies explain, and a column of zeros', () => {
    const explained = fault(handBuiltGraph({ population: ['1', 'g', 'w'] }), { rows });
    expect(explained.message).toContain('w depends on Intercept, gb, gc');
    const zero = fault(handBuiltGraph({ population: ['z'] }), { rows: { y: [1, 2], z: [0, 0] } });
    expect(zero.message).toContain('z is 0 in every row');
  });

  it('is told from columns that are only badly scaled', () => {
    const year = Float64Array.from({ length: 40 }, (_, i) => 2000 + (i % 20));
    const stamp = Float64Array.from({ length: 40 }, (_, i) => 1.7e9 + 60 * i);
    const income = Float64Array.from({ length: 40 }, (_, i) => 5e4 + 2e4 * Math.sin(i * i));
    const tiny = income.map((value) => value * 1e-12);
    const data = { rows: { y: year, year, stamp, income, tiny: tiny.map((value, i) => value * (i % 3)) } };
    const graph = handBuiltGraph({ population: ['1', 'year', 'I(year^2)', 'stamp', 'income', 'tiny'] });
    expect(buildDesign(graph, data).p).toBe(6);
  });

  it('is refused when there are more columns than rows', () => {
    const data = { rows: { y: [1, 2], a: [1, 2], b: [2, 5] } };
    expect(fault(handBuiltGraph({ population: ['1', 'a', 'b'] }), data).message).toContain('(2 rows, 3 columns)');
  });
});
