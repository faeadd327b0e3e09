import { describe, expect, it } from 'vitest';
import type { Table } from '../../src/data/frame.ts';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { designNewRows } from '../../src/design/build/newRows.ts';
import { ModelError } from '../../src/errors.ts';
import { formula } from '../../src/formula/formula.ts';
import { fixtureFrame } from '../fixtures/fixtureFrame.ts';
import { handBuiltGraph } from './handBuiltGraph.ts';

const rows = {
  y: [1, 2, 3, 4, 5, 7, 6, 2],
  x: [0.5, -1, 2, 3, 1, 0, 5, 4],
  g: ['b', 'b', 'a', 'a', 'c', 'c', 'a', 'b'],
  sex: ['m', 'f', 'm', 'f', 'm', 'm', 'f', 'f'],
};
const table = { g: ['a', 'b', 'c', 'd'], w: [1, 2, 30, 4] };
const terms = ['1', 'poly(x, 2)', 'scale(w)', 'factor(sex, ref = "m")', 'x:w'];
const design = buildDesign(handBuiltGraph({ population: terms, groups: [{ terms: ['1', 'x'] }], offset: ['x/2'] }), {
  rows,
  groups: { g: table },
});

function fault(newdata: Table, groups: Record<string, Table> = {}): ModelError {
  try {
    designNewRows(design, newdata, groups);
  } catch (error) {
    if (error instanceof ModelError) return error;
    throw error;
  }
  throw new Error('no error was thrown');
}

describe('designNewRows', () => {
  it('gives the rows of the fit their own X, Z, offset and groups back, without a response', () => {
    const { y: _, ...predictors } = rows;
    const again = designNewRows(design, predictors);
    expect(again.X).toEqual(design.X);
    expect(again.offset).toEqual(design.response.offset);
    expect(again.terms[0]!.Z).toEqual(design.groupTerms[0]!.Z);
    expect(again.terms[0]!.index).toEqual(design.groupTerms[0]!.index);
    expect(again.terms[0]!.newLevels).toEqual([]);
  });

  it('evaluates one row as it does among many: constants are those of the fit', () => {
    const one = designNewRows(design, [{ x: 3, g: 'a', sex: 'f' }]);
    expect(one.X).toEqual(design.X.slice(3 * design.p, 4 * design.p));
    expect([...one.terms[0]!.Z]).toEqual([1, 3]);
    expect([...one.offset!]).toEqual([1.5]);
  });

  it('does so on the fit of a formula with a dot, after the encoding has been through JSON', () => {
    const data = fixtureFrame('hsb40');
    const kept = ['school', 'mathach', 'ses', 'sex', 'sector', 'meanses'];
    const schools = { n: data.n, columns: new Map(kept.map((name) => [name, data.columns.get(name)!])) };
    const fit = buildDesign(formula('mathach ~ . + ses:sector - meanses + (ses | school)'), { rows: schools });
    expect(fit.columns.map((column) => column.label)).toEqual([
      'Intercept',
      'ses',
      'sexMale',
      'sectorPublic',
      'ses:sectorPublic',
    ]);
    const stored = { ...fit, encoding: JSON.parse(JSON.stringify(fit.encoding)) };
    expect(designNewRows(stored, data).X).toEqual(fit.X);
  });

  it('marks new groups and takes their level-2 predictors from a given table or from the new rows', () => {
    const newdata = { x: [1, 2, 3], g: ['z', 'b', 'e'], sex: ['m', 'm', 'f'] };
    const byTable = designNewRows(design, newdata, { g: { g: ['e', 'z'], w: [7, 9] } });
    const onRows = designNewRows(design, { ...newdata, w: [9, 2, 7] });
    expect(onRows).toEqual(byTable);
    const [term] = byTable.terms;
    expect([...term!.index]).toEqual([-1, 1, -1]);
    expect(term!.labels).toEqual(['z', 'b', 'e']);
    expect(term!.newLevels).toEqual(['e', 'z']);
    expect([...term!.newIndex]).toEqual([1, -1, 0]);
    const level2 = design.groupTerms[0]!.level2;
    expect(level2.labels).toEqual(['Intercept', 'scale(w)', 'w']);
    const { centre, scale } = design.encoding['scale(w)'] as { centre: number; scale: number };
    expect([...term!.W]).toEqual([1, (7 - centre) / scale, 7, 1, (9 - centre) / scale, 9]);
  });

  it('finds groups of the fit that stand only in its table', () => {
    const [term] = designNewRows(design, { x: [1], g: ['d'], sex: ['f'] }).terms;
    expect([...term!.index]).toEqual([3]);
  });

  it('gives the population line without the grouping column, when the level-2 predictors stand on the new rows', () => {
    const line = designNewRows(design, { x: [3], w: [1], sex: ['f'] });
    expect(line.X).toEqual(design.X.slice(3 * design.p, 4 * design.p));
    expect(line.terms[0]!.present).toBe(false);
    expect([...line.terms[0]!.index]).toEqual([-1]);
  });

  it.each([
    [
      'a missing column',
      { g: ['a'], sex: ['m'] },
      'unknown-column',
      'column "x" is neither in newdata (g, sex) nor groups.g',
    ],
    [
      'a missing value',
      { x: [1, null], g: ['a', 'b'], sex: ['m', 'f'] },
      'missing-values',
      '1 of the 2 rows of newdata have missing values, the first in row 2 (x in 1)',
    ],
    ['a missing group', { x: [1], g: [null], sex: ['m'] }, 'missing-values', 'g in 1'],
    [
      'an unseen level',
      { x: [1, 2], g: ['a', 'a'], sex: ['m', 'F'] },
      'unknown-level',
      'sex is "F" in row 2 of newdata, a level without a coefficient; accepted: "f", "m"',
    ],
    [
      'a new group whose level-2 predictor is nowhere',
      { x: [1], g: ['z'], sex: ['m'] },
      'unknown-group',
      'g "z" in newdata has no row in groups.g (4 groups given); give w of the new group as a column of newdata',
    ],
    [
      'text where the fit had numbers',
      { x: ['1'], g: ['a'], sex: ['m'] },
      'not-numeric',
      'column "x" is text ("1" in row 1 of newdata)',
    ],
  ])('refuses %s', (_, newdata, code, sentence) => {
    const error = fault(newdata);
    expect(error.code).toBe(code);
    expect(error.message).toContain(sentence);
  });

  it('does not offer to drop a row that stands for a prediction', () => {
    expect(fault({ x: [1, null], g: ['a', 'b'], sex: ['m', 'f'] }).message).toMatch(/; fill them in$/);
  });

  it('refuses a table of a factor that the fit does not have', () => {
    const error = fault({ x: [1], g: ['a'], sex: ['m'] }, { gg: { gg: ['a'] } });
    expect(error.message).toContain('groups.gg belongs to no grouping factor of the fit; its factors are g');
  });

  it('refuses a group mean of a group it does not know', () => {
    const means = buildDesign(handBuiltGraph({ population: ['1', 'between(x, g)'] }), { rows });
    expect(() => designNewRows(means, { x: [1, 2], g: ['a', 'z'] })).toThrow(
      'between(x, g): g "z" (row 2 of newdata) has no mean, as it is not among the 3 groups of the fit',
    );
  });
});
