import { describe, expect, it } from 'vitest';
import type { ModelData } from '../../src/data/frame.ts';
import { toFrame } from '../../src/data/toFrame.ts';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import type { Design } from '../../src/design/design.ts';
import { ModelError } from '../../src/errors.ts';
import { formula } from '../../src/formula/formula.ts';
import type { ModelGraph } from '../../src/graph/node.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { handBuiltGraph } from './handBuiltGraph.ts';

const radon = fixtureFrame('radon_arm');
const column = (name: string) => radon.columns.get(name)!.values;
const counties = [...new Set(column('county') as string[])];
const uranium = counties.map((county) => column('log_uranium')[column('county').indexOf(county as never)] as number);
const homes = toFrame(
  { county: [...column('county')], floor: [...column('floor')], log_radon: [...column('log_radon')] },
  'rows',
);

function fault(graph: ModelGraph, data: ModelData): ModelError {
  try {
    buildDesign(graph, data);
  } catch (error) {
    if (error instanceof ModelError) return error;
    throw error;
  }
  throw new Error('no error was thrown');
}

const labels = (design: Design) => design.columns.map((item) => item.label);
const composite = formula('log_radon ~ floor * log_uranium + (1 + floor | county)');
const declared = formula('log_radon ~ floor + (1 + floor | county)', { level2: { county: '~ log_uranium' } });

describe('the two spellings of a model with level-2 predictors', () => {
  it('give the same X, labels, Z, W and map of columns, with the predictor on the rows or in the group table', () => {
    const table = { county: [...counties].reverse(), log_uranium: [...uranium].reverse() };
    const designs = [
      buildDesign(composite, { rows: radon }),
      buildDesign(declared, { rows: radon }),
      buildDesign(composite, { rows: homes, groups: { county: table } }),
      buildDesign(declared, { rows: homes, groups: { county: table } }),
    ];
    const [first] = designs;
    expect(labels(first!)).toEqual(['Intercept', 'floor', 'log_uranium', 'floor:log_uranium']);
    for (const design of designs) {
      expect(labels(design)).toEqual(labels(first!));
      expect(design.X).toEqual(first!.X);
      const [term] = design.groupTerms;
      expect(term!.levels).toEqual([...counties].sort());
      expect(term!.index).toEqual(first!.groupTerms[0]!.index);
      expect(term!.Z).toEqual(first!.groupTerms[0]!.Z);
      expect(term!.level2).toEqual(first!.groupTerms[0]!.level2);
    }
    const { m, labels: predictors, columns, W } = first!.groupTerms[0]!.level2;
    expect([m, predictors, [...columns]]).toEqual([2, ['Intercept', 'log_uranium'], [0, 2, 1, 3]]);
    expect([...W.slice(0, 2)]).toEqual([1, uranium[counties.indexOf('AITKIN')]]);
    expect(designs[1]!.groupTerms[0]!.gamma).toBe('gamma_county');
    expect(first!.groupTerms[0]!.gamma).toBeUndefined();
  });

  it('agree with factors among the level-2 predictors', () => {
    const rows = fixtureFrame('hsb40');
    const one = buildDesign(formula('mathach ~ ses * (sector + meanses) + (1 + ses | school)'), { rows });
    const other = buildDesign(
      formula('mathach ~ ses + (1 + ses | school)', { level2: { school: '~ sector + meanses' } }),
      { rows },
    );
    const expected = ['Intercept', 'ses', 'sectorPublic', 'meanses', 'ses:sectorPublic', 'ses:meanses'];
    expect(labels(one)).toEqual(expected);
    expect(labels(other)).toEqual(expected);
    expect(other.X).toEqual(one.X);
    expect(other.groupTerms[0]!.level2).toEqual(one.groupTerms[0]!.level2);
    expect(one.groupTerms[0]!.level2.labels).toEqual(['Intercept', 'sectorPublic', 'meanses']);
    expect([...one.groupTerms[0]!.level2.columns]).toEqual([0, 2, 3, 1, 4, 5]);
  });
});

describe('the level-2 view', () => {
  const rows = {
    y: [1, 2, 3, 4, 5, 7],
    x: [0.5, -1, 2, 3, 1, 0],
    w: [1, 1, 2, 2, 5, 5],
    g: ['b', 'b', 'a', 'a', 'c', 'c'],
  };
  const view = (graph: ModelGraph, data: ModelData = { rows }) => buildDesign(graph, data).groupTerms[0]!.level2;

  it('leaves out columns that vary within groups and do not vary by group, and products that are not in X', () => {
    const level2 = view(handBuiltGraph({ population: ['1', 'x', 'w'], groups: [{ terms: ['1'] }] }));
    expect([level2.labels, [...level2.columns]]).toEqual([
      ['Intercept', 'w'],
      [0, 2],
    ]);
    const lone = view(handBuiltGraph({ population: ['1', 'x:w'], groups: [{ terms: ['1', 'x'] }] }));
    expect([lone.labels, [...lone.columns]]).toEqual([
      ['Intercept', 'w'],
      [0, -1, -1, 1],
    ]);
  });

  it('keeps the constant in W when no column of X belongs to the factor', () => {
    const level2 = view(handBuiltGraph({ population: ['x'], groups: [{}] }));
    expect([level2.labels, [...level2.columns], [...level2.W]]).toEqual([['Intercept'], [-1], [1, 1, 1]]);
  });

  it('takes the varying column with most parts where several match', () => {
    const single = { ...rows, g: ['a', 'b', 'c', 'd', 'e', 'f'] };
    const level2 = view(handBuiltGraph({ population: ['1', 'x'], groups: [{ terms: ['1', 'x'] }] }), { rows: single });
    expect([level2.labels, [...level2.columns]]).toEqual([['Intercept'], [0, 1]]);
  });

  it('counts a group mean as constant within its group', () => {
    const level2 = view(handBuiltGraph({ population: ['1', 'within(x, g)', 'between(x, g)'], groups: [{}] }));
    expect(level2.labels).toEqual(['Intercept', 'between(x, g)']);
    expect([...level2.W]).toEqual([1, 2.5, 1, -0.25, 1, 0.5]);
  });

  it('may be given for each varying term apart: means as outcomes', () => {
    const graph = handBuiltGraph({ groups: [{ terms: ['1', 'x'], level2: { 1: ['1', 'w'], x: ['1'] } }] });
    const design = buildDesign(graph, { rows });
    expect(labels(design)).toEqual(['Intercept', 'x', 'w']);
    expect([...design.groupTerms[0]!.level2.columns]).toEqual([0, 2, 1, -1]);
  });

  it('puts population terms first, then varying, level-2 and product terms, each degree by itself', () => {
    const graph = handBuiltGraph({ population: ['z', 'v'], groups: [{ terms: ['1', 'x'], level2: ['1', 'w'] }] });
    const more = { ...rows, z: [1, 4, 2, 8, 5, 7], v: [3, 1, 4, 1, 5, 9] };
    expect(labels(buildDesign(graph, { rows: more }))).toEqual(['Intercept', 'z', 'v', 'x', 'w', 'x:w']);
  });

  it('is refused for a declared predictor that varies within a group, naming two of its values', () => {
    const graph = handBuiltGraph({ groups: [{ level2: ['1', 'log(x + 2)'] }] });
    const error = fault(graph, { rows });
    expect(error.code).toBe('level2-varies');
    expect(error.message).toBe(
      'level-2 predictor x varies within g "b" (0.5 in row 1 of rows, -1 in row 2 of rows); it must have one value per group',
    );
  });
});

describe('group tables', () => {
  const rows = { y: [1, 2, 3, 4, 5], g: ['b', 'b', 'a', 'c', 'c'], x: [1, 4, 2, 3, 9] };
  const table = { g: ['d', 'c', 'b', 'a'], w: [4, 30, 2, 1], kind: ['p', 'p', 'q', 'q'] };
  const graph = handBuiltGraph({ population: ['1', 'x', 'w'], groups: [{}] });

  it('keep groups without rows, with counts of 0 and their level-2 predictors', () => {
    const [term] = buildDesign(graph, { rows, groups: { g: table } }).groupTerms;
    expect(term!.levels).toEqual(['a', 'b', 'c', 'd']);
    expect([...term!.counts]).toEqual([1, 2, 2, 0]);
    expect([...term!.level2.W]).toEqual([1, 1, 1, 2, 1, 30, 1, 4]);
  });

  it('are kept in the design with the used columns, in the order of the levels', () => {
    const design = buildDesign(graph, { rows, groups: { g: table } });
    expect(design.tables.get('g')).toEqual(toFrame({ g: ['a', 'b', 'c', 'd'], w: [1, 2, 30, 4] }, 'g'));
  });

  it('take scale, center and poly of a column that stands only there over their groups, each once', () => {
    const scaled = handBuiltGraph({ population: ['1', 'scale(w)', 'center(I(w + x))'], groups: [{}] });
    const { encoding } = buildDesign(scaled, { rows, groups: { g: table } });
    const mean = (4 + 30 + 2 + 1) / 4;
    const sd = Math.sqrt([4, 30, 2, 1].reduce((sum, w) => sum + (w - mean) ** 2, 0) / 3);
    expect(encoding['scale(w)']).toEqual({ kind: 'affine', centre: mean, scale: sd });
    expect(encoding['center(I(w + x))']).toEqual({ kind: 'affine', centre: (3 + 6 + 3 + 33 + 39) / 5, scale: 1 });
  });

  it('have means to the last digit, however many rows', () => {
    const n = 100_000;
    const x = Array.from({ length: n }, (_, i) => (i % 2 === 0 ? 0.1 : 0.3));
    const plain = x.reduce((sum, value) => sum + value, 0) / n;
    const { encoding } = buildDesign(handBuiltGraph({ population: ['1', 'center(x)'], groups: [] }), {
      rows: { y: x.map((_, i) => i % 3), x },
    });
    // The plain sum has lost three digits.
    expect(Math.abs(plain - 0.2)).toBeGreaterThan(1e-14);
    expect(Math.abs((encoding['center(x)'] as { centre: number }).centre - 0.2)).toBeLessThan(1e-16);
  });

  it('serve factors nested in them, and nested factors their own tables', () => {
    const nested = {
      y: [1, 2, 3, 4, 5, 6],
      a: ['u', 'u', 'u', 'v', 'v', 'v'],
      b: [1, 1, 2, 1, 2, 2],
    };
    const groups = {
      a: { a: ['u', 'v'], size: [10, 20] },
      'a:b': { b: [3, 2, 1, 2, 1], a: ['v', 'v', 'v', 'u', 'u'], rank: [0, 4, 3, 2, 1] },
    };
    const bars = [{ by: 'a' }, { by: 'a:b' }];
    const design = buildDesign(handBuiltGraph({ population: ['1', 'size', 'rank'], groups: bars }), {
      rows: nested,
      groups,
    });
    const [outer, inner] = design.groupTerms;
    expect(inner!.levels).toEqual(['u:1', 'u:2', 'v:1', 'v:2', 'v:3']);
    expect([...inner!.counts]).toEqual([2, 1, 1, 2, 0]);
    expect(outer!.level2.labels).toEqual(['Intercept', 'size']);
    expect(inner!.level2.labels).toEqual(['Intercept', 'size', 'rank']);
    expect([...inner!.level2.W.slice(12)]).toEqual([1, 20, 0]);
  });

  it('may belong to a column that is no grouping factor of the model', () => {
    const design = buildDesign(handBuiltGraph({ population: ['1', 'w'] }), { rows, groups: { g: table } });
    expect([...design.X]).toEqual([1, 2, 1, 2, 1, 1, 1, 30, 1, 30]);
    expect(design.groupTerms).toEqual([]);
  });

  it('may belong to a column with a colon in its name, which is no nesting', () => {
    const odd = { y: [1, 2, 3], 'a:b': ['v', 'u', 'v'] };
    const graphOf = handBuiltGraph({ population: ['1', 'w'], groups: [{ by: 'a:b' }] });
    const design = buildDesign(graphOf, { rows: odd, groups: { 'a:b': { 'a:b': ['u', 'v'], w: [5, 6] } } });
    expect([...design.X]).toEqual([1, 6, 1, 5, 1, 6]);
    expect(design.groupTerms[0]!.levels).toEqual(['u', 'v']);
  });

  it('may hold the grouping column of a higher level', () => {
    const up = handBuiltGraph({ population: ['1', 'size'], groups: [{}, { by: 'kind' }] });
    const kinds = { kind: ['q', 'p'], size: [7, 8] };
    const design = buildDesign(up, { rows, groups: { g: table, kind: kinds } });
    expect([...design.groupTerms[1]!.index]).toEqual([1, 1, 1, 0, 0]);
    expect([...design.X]).toEqual([1, 7, 1, 7, 1, 7, 1, 8, 1, 8]);
  });

  it.each([
    [
      'a group of the rows that is not in the table',
      { g: ['a', 'b'], w: [1, 2] },
      'unknown-group',
      'g "c" in rows has no row in groups.g (2 groups given)',
    ],
    [
      'a table of one group',
      { g: ['a'], w: [1] },
      'unknown-group',
      'g "b" in rows has no row in groups.g (1 group given)',
    ],
    [
      'two rows of one group',
      { g: ['a', 'b', 'c', 'b'], w: [1, 2, 3, 4] },
      'duplicate-group',
      'groups.g has two rows for g "b" (rows 2 and 4)',
    ],
    [
      'a missing value',
      { ...table, w: [1, null, null, 2] },
      'missing-values',
      'groups.g: w is missing for 2 of 4 groups: "b", "c"',
    ],
    ['a missing key', { g: ['a', null], w: [1, 2] }, 'table-key', 'column "g" is missing in row 2'],
    ['no key column', { group: ['a'], w: [1] }, 'table-key', 'groups.g has no column "g"'],
    [
      'a column that also stands on the rows',
      { ...table, x: [1, 2, 3, 4] },
      'duplicate-column',
      'column "x" stands in rows and in groups.g',
    ],
    [
      'no such predictor',
      { g: table.g },
      'unknown-column',
      'column "w" is neither in rows (y, g, x) nor groups.g (g); nearest names: ',
    ],
  ])('are refused for %s', (_, given, code, sentence) => {
    const error = fault(graph, { rows, groups: { g: given } });
    expect(error.code).toBe(code);
    expect(error.message).toContain(sentence);
  });

  it('name up to five groups without a value, and count the others', () => {
    const missing = (count: number) => {
      const w = Array.from({ length: 8 }, (_, j) => (j < count ? null : j));
      return fault(graph, { rows, groups: { g: { g: [...'abcdefgh'], w } } }).message;
    };
    expect(missing(5)).toBe(
      'groups.g: w is missing for 5 of 8 groups: "a", "b", "c", "d", "e"; every group needs a value',
    );
    expect(missing(7)).toContain('7 of 8 groups: "a", "b", "c", "d", "e" and 2 more; every');
  });

  it('are refused when they belong to no column of the rows', () => {
    const error = fault(graph, { rows: { ...rows, w: rows.x }, groups: { county: { county: ['a'], u: [1] } } });
    expect(error.message).toContain(
      'groups.county belongs to no column of the rows: there is no "county"; grouping factors of the model are g',
    );
  });

  it('are refused when a group without rows has no value of a level-2 predictor on the rows', () => {
    const onRows = { ...rows, w: [2, 2, 1, 3, 3] };
    const error = fault(graph, { rows: onRows, groups: { g: { g: ['a', 'b', 'c', 'd'] } } });
    expect(error.code).toBe('level2-unknown');
    expect(error.message).toContain('groups.g lists groups without rows ("d"), for which the level-2 predictor w');
  });
});
