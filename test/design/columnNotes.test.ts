import { describe, expect, it } from 'vitest';
import { parseCsv } from '../../src/data/csv.ts';
import type { Table } from '../../src/data/frame.ts';
import { buildDesign } from '../../src/design/build/buildDesign.ts';
import { columnNotes } from '../../src/design/columnNotes.ts';
import { formula } from '../../src/formula/formula.ts';

const notes = (text: string, rows: Table, missing: 'error' | 'drop' = 'error'): string[] =>
  columnNotes(buildDesign(formula(text), { rows }, { missing }));

const y = [1, 3, 2, 5, 4, 6, 8, 7];

describe('columnNotes', () => {
  it('names numbers that a database gave as texts, where they stand as a factor', () => {
    const rows = y.map((value, i) => ({ y: value, x: i % 3 === 0 ? '1.50' : '2', g: `${i % 4}` }));
    expect(notes('y ~ x + (1 | g)', rows)).toEqual([
      expect.stringMatching(/^column "x" is text, although all of its values are numbers; give numbers, not texts/),
    ]);
    // Who writes factor(x) means one; groups may be called by numbers.
    expect(notes('y ~ factor(x) + (1 | g)', rows)).toEqual([]);
    expect(notes('y ~ 1 + (1 | g)', rows)).toEqual([]);
  });

  it('says nothing of a text column of which fewer than half of the cells are numbers', () => {
    expect(notes('y ~ x', { y, x: ['a', '1', 'b', 'a', 'b', '1', 'a', 'b'] })).toEqual([]);
  });

  it('counts rows as the input does, and lists no more than it can name', () => {
    const x = ['1', '2', 'oops', '2', '.', '1', '.', '2'];
    const z = [null, 1, 2, 3, 4, 5, 6, 7];
    expect(notes('y ~ x + z', { y, x, z }, 'drop')).toEqual([
      expect.stringContaining('not numbers are "oops" (row 3), "." (rows 5, 7); --na "."'),
    ]);
    const many = Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? `t${i % 7}` : String(i % 2)));
    const [note] = notes('y ~ x', { y: many.map((_, i) => i % 11), x: many });
    expect(note).toMatch(
      /"t0" \(rows 1, 22\), "t3" \(rows 4, 25\), "t6" \(rows 7, 28\), "t2" \(rows 10, 31\) and 3 more texts/,
    );
  });

  it('says nothing of what the caller calls text', () => {
    const text = `y,x\n${y.map((value, i) => `${value},0${1 + (i % 3)}`).join('\n')}\n`;
    expect(notes('y ~ x', parseCsv(text, 'a.csv'))).toHaveLength(1);
    expect(notes('y ~ x', parseCsv(text, 'a.csv', { text: ['x'] }))).toEqual([]);
    expect(notes('y ~ x', parseCsv(text, 'a.csv', { number: ['x'] }))).toEqual([]);
  });
});
