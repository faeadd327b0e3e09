import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Table } from '../../src/data/frame.ts';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { designNewRows } from '../../src/design/build/newRows.ts';
import { deficiencySentence } from '../../src/design/deficiencySentence.ts';
import type { Design } from '../../src/design/design.ts';
import { fullRank } from '../../src/design/fullRank.ts';
import { formula } from '../../src/formula/formula.ts';
import { parseTerm } from '../../src/formula/terms.ts';
import { faultOf } from '../faultOf.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { limitedPivoting } from '../oracle/limitedPivoting.ts';
import { uniforms } from '../oracle/randomDesign.ts';
import { columnOf } from './handBuiltGraph.ts';

type Columns = Record<string, (string | number)[]>;

interface Golden {
  readonly formula: string;
  readonly rows: Columns;
  /** Of the full X. */
  readonly names: readonly string[];
  readonly dropped: readonly string[];
  readonly more: Columns;
  readonly estimable: readonly boolean[];
}

/** Made by test/fixtures/likelihood/rankDeficient.R. */
const { designs } = JSON.parse(
  readFileSync(new URL('../fixtures/likelihood/rankDeficient.json', import.meta.url), 'utf8'),
) as { readonly designs: readonly Golden[] };

const labels = (design: Design): string[] => design.columns.map(({ label }) => label);
const rowsOf = (columns: Columns): Table => ({ ...columns, y: Object.values(columns)[0]!.map((_, i) => Math.sin(i)) });

function keptWhole(text: string, columns: Columns): Design {
  return buildDesign(formula(`y ${text}`), { rows: rowsOf(columns) }, { rankDeficient: 'keep' });
}

/** The columns that makes cells in the made-up designs: texts, and the number u that is 0 or 1. */
const CATEGORIES = new Set(['f1', 'f2', 'f3', 'n', 'u']);

/** The parts of a label that are numbers of more than two values: `x` in `f1b:f2B:x`. */
const numbersIn = (label: string): string =>
  label
    .split(':')
    .filter((part) => part !== 'Intercept' && part !== 'u' && !/^(f1|f2|f3|n)/u.test(part))
    .join(':');

/**
 * The columns that are dependent because cells of a term never occur, by brute force: among the columns of the term and
 * the terms within it (times the same numbers), they depend on earlier ones in the rows as they are, and not in rows
 * that have every combination of the categories of the term.
 */
function emptyByBruteForce(text: string, columns: Columns, whole: Design): Set<number> {
  const found = new Set<number>();
  const atomsOf = (term: string): string[] => (term === '1' ? [] : parseTerm(term).atoms.map((atom) => atom.text));
  for (const [c, { term, label: own }] of whole.columns.entries()) {
    const crossed = atomsOf(term).filter((atom) => CATEGORIES.has(atom));
    if (crossed.length < 2) continue;
    const complete: Columns = Object.fromEntries(Object.keys(columns).map((name) => [name, []]));
    const uniform = uniforms(c + 1);
    const add = (cell: Record<string, string | number>): void => {
      for (const [name, given] of Object.entries(columns)) {
        const number = typeof given[0] === 'number' && name !== 'u';
        complete[name]!.push(cell[name] ?? (number ? uniform() : given[Math.floor(uniform() * given.length)]!));
      }
    };
    const visit = (names: readonly string[], cell: Record<string, string | number>): void => {
      const [name, ...rest] = names;
      if (name === undefined) for (let i = 0; i < 6; i++) add(cell);
      else for (const level of new Set(columns[name]!)) visit(rest, { ...cell, [name]: level });
    };
    visit(crossed, {});
    // Every level of every factor, so that the columns are the same.
    for (const name of CATEGORIES) for (const level of new Set(columns[name] ?? [])) add({ [name]: level });
    const filled = keptWhole(text, complete);
    expect(labels(filled)).toEqual(labels(whole));
    const family = whole.columns.flatMap((column, k) => {
      const inside = atomsOf(column.term).every((atom) => !CATEGORIES.has(atom) || crossed.includes(atom));
      return inside && numbersIn(column.label) === numbersIn(own) ? [k] : [];
    });
    const dependent = (design: Design): number[] =>
      limitedPivoting(family.map((k) => columnOf(design.X, design.p, k))).map((place) => family[place]!);
    const always = new Set(dependent(filled));
    for (const column of dependent(whole)) if (!always.has(column)) found.add(column);
  }
  return found;
}

describe('a design that is not of full rank', () => {
  it('is compared with R on designs of every kind: many deficient, many rows not estimable', () => {
    const deficient = designs.filter(({ dropped }) => dropped.length > 0);
    expect(deficient.length).toBeGreaterThan(50);
    expect(designs.filter(({ estimable }) => estimable.includes(false)).length).toBeGreaterThan(40);
    expect(
      designs.filter(({ dropped, estimable }) => dropped.length > 0 && estimable.includes(true)).length,
    ).toBeGreaterThan(40);
  });

  it.each(designs.map((golden, i) => [`${i} ${golden.formula}`, golden] as const))(
    '%s has the columns R keeps and determines the rows R determines',
    (_, golden) => {
      const design = buildDesign(
        formula(`y ${golden.formula}`),
        { rows: rowsOf(golden.rows) },
        { rankDeficient: 'drop' },
      );
      expect((design.deficiency?.columns ?? design.columns).map(({ label }) => label)).toEqual(golden.names);
      expect(labels(design)).toEqual(golden.names.filter((name) => !golden.dropped.includes(name)));
      expect(design.X.length).toBe(design.n * design.p);
      expect(design.deficiency?.leftOut ?? true).toBe(true);
      const found = designNewRows(design, golden.more);
      expect(found.notEstimable.map((reason) => reason === null)).toEqual(golden.estimable);
      // The rows of the fit are determined, and have its own columns.
      const again = designNewRows(design, golden.rows);
      expect(again.notEstimable.every((reason) => reason === null)).toBe(true);
      expect(again.X).toEqual(design.X);
    },
  );

  it.each(
    designs.filter(({ dropped }) => dropped.length > 0).map((golden, i) => [`${i} ${golden.formula}`, golden] as const),
  )('%s: what is left out without being asked is what empty cells make dependent', (_, { formula: text, rows }) => {
    const whole = keptWhole(text, rows);
    const { dependent } = whole.deficiency!;
    const byBruteForce = emptyByBruteForce(text, rows, whole);
    expect(dependent.filter(({ emptyCell }) => emptyCell).map(({ column }) => whole.columns[column]!.label)).toEqual(
      dependent.filter(({ column }) => byBruteForce.has(column)).map(({ column }) => whole.columns[column]!.label),
    );
    const asked = dependent.filter(({ emptyCell }) => !emptyCell).map(({ sentence }) => sentence);
    if (asked.length === 0) {
      expect(labels(fullRank(whole, 'error'))).toEqual(labels(fullRank(whole, 'drop')));
      return;
    }
    const { code, message } = faultOf(() => buildDesign(formula(`y ${text}`), { rows: rowsOf(rows) }));
    expect(code).toBe('rank-deficient');
    expect(message).toContain(asked.slice(0, 10).join('; '));
    expect(message).toContain("rankDeficient: 'drop' (--rank-deficient drop)");
  });

  it('names the cells that no row has, those of two factors before those of three', () => {
    const rows: Columns = { f1: [], f2: [], f3: [], y: [] };
    for (const f1 of ['a', 'b']) {
      for (const f2 of ['x', 'y', 'z']) {
        for (const f3 of ['k', 'l']) {
          if ((f1 === 'b' && f2 === 'z') || (f1 === 'a' && f2 === 'y' && f3 === 'l')) continue;
          for (let i = 0; i < 2; i++) {
            for (const [k, level] of [f1, f2, f3].entries()) rows[`f${k + 1}`]!.push(level);
            rows['y']!.push(rows['y']!.length % 5);
          }
        }
      }
    }
    const design = buildDesign(formula('y ~ f1 * f2 * f3'), { rows });
    expect(design.deficiency!.cells).toEqual(['f1 "b" with f2 "z"', 'f1 "a" with f2 "y" with f3 "l"']);
    expect(deficiencySentence(design.deficiency!)).toBe(
      'left out of the population part: f1b:f2z, f1b:f2y:f3l, f1b:f2z:f3l, as no row has f1 "b" with f2 "z", f1 "a" with f2 "y" with f3 "l"',
    );
    expect(deficiencySentence(keptWhole('~ f1 * f2', rows).deficiency!)).toBe(
      'in the population part by their priors, which tell what the rows do not: f1b:f2z, as no row has f1 "b" with f2 "z"',
    );
  });

  it('says both in one sentence where columns depend on others too, and cuts long lists', () => {
    const rows = {
      f1: ['a', 'a', 'b', 'b', 'a'],
      f2: ['x', 'y', 'x', 'x', 'y'],
      x: [1, 2, 3, 4, 6],
      y: [1, 4, 2, 3, 3],
    };
    const design = buildDesign(formula('y ~ f1 * f2 + x + I(2 * x)'), { rows }, { rankDeficient: 'drop' });
    expect(deficiencySentence(design.deficiency!)).toBe(
      'left out of the population part: f1b:f2y, as no row has f1 "b" with f2 "y"; I(2 * x), as I(2 * x) depends on x',
    );
    const many: Columns = { a: [], b: [], y: [] };
    for (let i = 0; i < 60; i++) {
      many['a']!.push(`a${i % 6}`);
      many['b']!.push(`b${String(i % 30).padStart(2, '0')}`);
      many['y']!.push((i * i) % 7);
    }
    const nested = buildDesign(formula('y ~ a/b'), { rows: many });
    expect(nested.p).toBe(30);
    const sentence = deficiencySentence(nested.deficiency!);
    expect(nested.deficiency!.cellCount).toBe(150);
    expect(nested.deficiency!.cells.length).toBe(100);
    expect(sentence).toContain('and 140 more, as no row has a "a0" with b "b01"');
    expect(sentence).toContain('and 145 more cells');
  });

  it('keeps the level-2 view of what is left: columns of X are products of the columns it says', () => {
    const graph = formula('cty ~ drv * class + (1 + displ | manufacturer)');
    const design = buildDesign(graph, { rows: fixtureFrame('mpg') });
    const [term] = design.groupTerms;
    const { m, labels: names, W, columns } = term!.level2;
    expect(m).toBe(names.length);
    expect(W.length).toBe(term!.J * m);
    let found = 0;
    for (let k = 0; k < term!.q; k++) {
      for (let l = 0; l < m; l++) {
        const column = columns[k * m + l]!;
        if (column < 0) continue;
        found += 1;
        for (let i = 0; i < design.n; i++) {
          const product = term!.Z[i * term!.q + k]! * W[term!.index[i]! * m + l]!;
          expect(design.X[i * design.p + column]).toBe(product);
        }
      }
    }
    expect(found).toBeGreaterThan(0);
    // A level-2 predictor all of whose products are gone is gone.
    for (let l = 1; l < m; l++) expect([0, 1].some((k) => columns[k * m + l]! >= 0)).toBe(true);
  });

  it('drops no level-2 predictor in the middle: the columns after it move up', () => {
    const rows = {
      g: ['p', 'p', 'q', 'q', 'r', 'r', 's', 's'],
      a: ['u', 'u', 'u', 'u', 'v', 'v', 'w', 'w'],
      b: ['k', 'k', 'l', 'l', 'k', 'k', 'l', 'l'],
      x: [1, 2, 4, 3, 5, 1, 2, 2],
      y: [1, 2, 3, 4, 6, 5, 4, 1],
    };
    const design = buildDesign(formula('y ~ a * b + x + (1 | g)'), { rows });
    expect(labels(design)).toEqual(['Intercept', 'av', 'aw', 'bl', 'x']);
    expect(design.groupTerms[0]!.level2.labels).toEqual(['Intercept', 'av', 'aw', 'bl']);
    expect([...design.groupTerms[0]!.level2.columns]).toEqual([0, 1, 2, 3]);
    expect([...design.groupTerms[0]!.level2.W.slice(0, 4)]).toEqual([1, 0, 0, 0]);
  });

  it('of two numbers, a column makes cells as a factor does', () => {
    const rows = {
      floor: [0, 1, 0, 0, 1],
      base: [0, 0, 1, 1, 0],
      year: [1999, 1999, 2008, 1999, 2008],
      y: [1, 3, 2, 4, 4],
    };
    const { deficiency } = buildDesign(formula('y ~ floor * base'), { rows });
    expect(deficiency!.cells).toEqual(['floor 1 with base 1']);
    expect(faultOf(() => buildDesign(formula('y ~ year + I(year - 1999)'), { rows })).code).toBe('rank-deficient');
  });
});
