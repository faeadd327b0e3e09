import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combinations, factor } from '../../src/data/factor.ts';
import type { Table } from '../../src/data/frame.ts';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { designNewRows } from '../../src/design/build/newRows.ts';
import type { Design } from '../../src/design/design.ts';
import { formula } from '../../src/formula/formula.ts';
import { faultOf } from '../faultOf.ts';

const rows = {
  f: ['b', 'a', 'b', 'a', 'b', 'a'],
  k: [2, 10, 10, 10, 2, 1],
  y: [1, 2, 3, 5, 4, 4],
};
const labels = (design: Design): string[] => design.columns.map(({ label }) => label);
const build = (text: string, data: Table = rows): Design => buildDesign(formula(text), { rows: data });

describe('interaction(f, k)', () => {
  it('is one factor of the combinations that occur, as R orders and names them', () => {
    // R: levels(interaction(f, factor(k), drop = TRUE)): "a.1" "b.2" "a.10" "b.10"
    expect(labels(build('y ~ interaction(f, k)'))).toEqual([
      'Intercept',
      'interaction(f, k)b.2',
      'interaction(f, k)a.10',
      'interaction(f, k)b.10',
    ]);
    const full = build('y ~ 0 + interaction(f, k)');
    expect(labels(full)[0]).toBe('interaction(f, k)a.1');
    expect([...full.X.slice(0, 8)]).toEqual([0, 1, 0, 0, 0, 0, 1, 0]);
    expect(full.deficiency).toBeUndefined();
  });

  it('has a level for every combination of rows, whatever the factors', () => {
    const level = fc.constantFrom('a', 'b', 'c');
    fc.assert(
      fc.property(fc.array(fc.tuple(level, level, level), { minLength: 1, maxLength: 30 }), (lists) => {
        const factors = [0, 1, 2].map((k) => factor({ kind: 'text', values: lists.map((list) => list[k]!) }));
        const { levels, index, parts } = combinations(factors, 'f');
        expect(lists.map((list) => list.join('.'))).toEqual(Array.from(index, (j) => levels[j]));
        expect(new Set(levels)).toEqual(new Set(lists.map((list) => list.join('.'))));
        expect(parts.map((part) => part.map((j, k) => factors[k]!.levels[j]).join('.'))).toEqual(levels);
        const sorted = [...levels].sort((a, b) => ([...a].reverse().join('') < [...b].reverse().join('') ? -1 : 1));
        expect(levels).toEqual(sorted);
      }),
      { seed: 20261128, numRuns: 200 },
    );
  });

  it('crosses with numbers and other factors, and makes cells of its own', () => {
    const data = { ...rows, x: [1, 2, 3, 4, 5, 6], g: ['p', 'q', 'q', 'p', 'q', 'p'] };
    expect(labels(build('y ~ 0 + interaction(f, k):x', data)).length).toBe(4);
    const { deficiency } = build('y ~ interaction(f, k) * g', data);
    expect(deficiency!.cells).toContain('interaction(f, k) "a.1" with g "q"');
  });

  it('of new rows is that of the fit, through JSON too, and a combination without a coefficient is refused', () => {
    const design = build('y ~ interaction(f, k)');
    const stored = { ...design, encoding: JSON.parse(JSON.stringify(design.encoding)) as Design['encoding'] };
    expect(designNewRows(stored, rows).X).toEqual(design.X);
    expect([...designNewRows(design, { f: ['b'], k: [10] }).X]).toEqual([1, 0, 0, 1]);
    const { code, message } = faultOf(() => designNewRows(design, { f: ['a', 'b'], k: [10, 1] }));
    expect(code).toBe('unknown-level');
    expect(message).toBe(
      'interaction(f, k): row 2 of newdata has f "b" with k "1", a combination without a coefficient; accepted: "a.1", "b.2", "a.10", "b.10"',
    );
    expect(faultOf(() => designNewRows(design, { f: ['z'], k: [1] })).message).toContain('f is "z"');
  });

  it('refuses two combinations of one name', () => {
    const data = { f: ['a.b', 'a', 'x'], k: ['c', 'b.c', 'y'], y: [1, 2, 3] };
    const { code, message } = faultOf(() => build('y ~ interaction(f, k)', data));
    expect(code).toBe('ambiguous-level');
    expect(message).toContain('two combinations of levels both read "a.b.c"; rename the levels that contain "."');
  });

  it('as a grouping factor is f:k', () => {
    const graph = formula('y ~ 1 + (1 | interaction(f, k))');
    expect(graph).toEqual(formula('y ~ 1 + (1 | f:k)'));
    expect(build('y ~ 1 + (1 | interaction(f, k))').groupTerms[0]!.levels).toEqual(['a:1', 'a:10', 'b:2', 'b:10']);
    expect(formula('y ~ 1 + (1 | f/interaction(a, b))')).toEqual(formula('y ~ 1 + (1 | f/a:b)'));
    // A column of that name is a column.
    expect(build('y ~ 1 + (1 | interaction)', { ...rows, interaction: rows.f }).groupTerms[0]!.J).toBe(2);
  });

  it.each([
    ['y ~ interaction(f)', 'a second column'],
    ['y ~ interaction(f, f)', 'stands twice'],
    ['y ~ interaction(f, log(k))', 'interaction(a, b)'],
    ['y ~ interaction(f, 2)', 'interaction(a, b)'],
    ['y ~ interaction()', 'interaction(a, b)'],
    ['y ~ log(interaction(f, k))', 'several columns'],
    ['log(y) ~ interaction(f, y)', 'cannot stand'],
    ['y ~ 1 + (1 | interaction(f))', 'a second column'],
    ['y ~ 1 + (1 | interaction(f, k)', 'parenthesis'],
    ['y ~ 1 + (1 | interaction(f, `k:l`))', 'no ":" in its name'],
    ['y ~ 1 + (1 | f:interaction(f, k))', 'stands twice'],
    ['interaction(y, k) ~ f', 'interaction'],
  ])('%s is refused', (text, says) => {
    expect(faultOf(() => build(text)).message).toContain(says);
  });
});
