import { expect, it } from 'vitest';
import { fitLines } from '../../src/report/fitLines.ts';
import { displayWidth, table } from '../../src/report/table.ts';

/** A table of names and numbers, of any shape, and what stands around it. */
function texts(seed: number): { readonly text: string; readonly cells: readonly string[] } {
  let s = seed + 1;
  const next = (n: number): number => {
    s = (s * 48271) % 2147483647;
    return s % n;
  };
  const names = ['Anoka', '日本語', 'é́tat', 'a b', '', 'St. Louis county'];
  const rows = 1 + next(4);
  const columns = Array.from({ length: 2 + next(9) }, (_, c) => ({
    title: `t${c}${'x'.repeat(next(12))}`,
    align: next(3) === 0 ? ('left' as const) : ('right' as const),
    cells: Array.from({ length: rows }, (_, r) => (c === 0 ? names[next(6)]! : `${r}.${c}${next(1000)}`)),
  }));
  const text = ['a sentence of some words that may be longer than the width', '', table(columns), '', 'the end'].join(
    '\n',
  );
  return { text, cells: columns.flatMap(({ title, cells }) => [title, ...cells]).filter((cell) => cell !== '') };
}

it('keeps every cell of a table, within the width wherever two columns fit', () => {
  for (let seed = 0; seed < 300; seed += 1) {
    const { text, cells } = texts(seed);
    for (const width of [40, 60, 80]) {
      const lines = fitLines(text, width);
      expect(lines.filter((line) => displayWidth(line) > width)).toEqual([]);
      const joined = lines.join('\n');
      expect(cells.filter((cell) => !joined.includes(cell))).toEqual([]);
    }
    // Where all fits, nothing changes.
    expect(fitLines(text, 400)).toEqual(text.split('\n'));
  }
});

it('repeats the first column before each part', () => {
  const text = table([
    { title: 'county', align: 'left', cells: ['Anoka', 'Cook'] },
    { title: 'mean', cells: ['1.25', '0.50'] },
    { title: 'sd', cells: ['0.10', '0.20'] },
  ]);
  expect(fitLines(text, 13)).toEqual([
    'county  mean',
    '------  ----',
    'Anoka   1.25',
    'Cook    0.50',
    '',
    'county    sd',
    '------  ----',
    'Anoka   0.10',
    'Cook    0.20',
  ]);
});

it('repeats the columns that tell the rows apart where they have room', () => {
  const text = table([
    { title: 'county', align: 'left', cells: ['Anoka', 'Anoka'] },
    { title: 'term', align: 'left', cells: ['Intercept', 'floor'] },
    { title: 'mean', cells: ['1.25', '0.50'] },
    { title: 'sd', cells: ['0.10', '0.20'] },
  ]);
  expect(fitLines(text, 24).filter((line) => line.startsWith('Anoka'))).toEqual([
    'Anoka   Intercept  1.25',
    'Anoka   floor      0.50',
    'Anoka   Intercept  0.10',
    'Anoka   floor      0.20',
  ]);
});
