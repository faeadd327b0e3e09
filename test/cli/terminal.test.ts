import { describe, expect, it } from 'vitest';
import { colouredVerdict, fitted, printableOn, terminalOf } from '../../src/cli/terminal.ts';
import { summarize, summaryText, toJson } from '../../src/index.ts';
import { intervalColumn } from '../../src/report/intervalColumn.ts';
import { displayWidth } from '../../src/report/table.ts';
import { eight, radon } from '../plots/plotFits.ts';
import { run } from './testIo.ts';

const files = { 'fit.json': toJson(eight) };
const ESCAPE = '\u001b[';

describe('summary on a terminal', () => {
  it.each([60, 80, 100, 140])('fits %i columns, and draws intervals where there is room', async (columns) => {
    const { stdout } = await run(['summary', 'fit.json'], files, false, { columns, colour: false });
    // A word may be wider than the terminal; none is here.
    for (const line of stdout.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
    expect(stdout.includes('\u251c')).toBe(columns >= 100);
    expect(stdout).not.toContain(ESCAPE);
    expect(stdout).toMatch(/^variable +mean/m);
  });

  it('has colour where it is welcome, and says the same words', async () => {
    const plain = await run(['summary', 'fit.json'], files, false, { columns: 90, colour: false });
    const bright = await run(['summary', 'fit.json'], files, false, { columns: 90, colour: true });
    expect(bright.stdout).toContain(ESCAPE);
    expect(
      bright.stdout
        .split(ESCAPE)
        .map((part, i) => (i === 0 ? part : part.replace(/^[\d;]*m/, '')))
        .join(''),
    ).toBe(plain.stdout);
  });

  it('is in a pipe what it was', async () => {
    const { stdout } = await run(['summary', 'fit.json'], files);
    expect(stdout).not.toContain(ESCAPE);
    expect(stdout).not.toContain('\u251c');
    expect(stdout).toContain(summaryText(summarize(eight, { variables: ['beta', 'tau_school'] })));
  });
});

it.each([60, 80, 200])('shrinkage fits %i columns, and says what it left out', async (columns) => {
  const { stdout } = await run(['shrinkage', 'fit.json'], files, false, { columns, colour: false });
  for (const line of stdout.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
  expect(stdout).toMatch(/^school +term.* noPooling.* partialPooling/m);
  expect(/not shown in \d+ columns: [^.]*completePooling/.test(stdout)).toBe(columns < 200);
  const piped = await run(['shrinkage', 'fit.json'], files);
  expect(piped.stdout).toMatch(/completePooling +weight$/m);
});

it('a terminal is one by its stream, with colour unless NO_COLOR has a value or it is dumb', () => {
  expect(terminalOf({}, {})).toBeNull();
  expect(terminalOf({ isTTY: true, columns: 100 }, {})).toEqual({ columns: 100, colour: true });
  expect(terminalOf({ isTTY: true }, { NO_COLOR: '1' })).toEqual({ columns: 80, colour: false });
  expect(terminalOf({ isTTY: true, columns: 0 }, { NO_COLOR: '', TERM: 'dumb' })).toEqual({
    columns: 40,
    colour: false,
  });
});

it('a text is safe to print, the marks of a coloured verdict apart', () => {
  const verdict = '\u001b[1;32mpass\u001b[0m \u001b[2J\u001b]0;title';
  expect(printableOn(verdict, { columns: 80, colour: true })).toBe(
    '\u001b[1;32mpass\u001b[0m \\u001b[2J\\u001b]0;title',
  );
  expect(printableOn(verdict, null)).not.toContain('\u001b');
});

it('lines are broken between words, and what follows stands further in', () => {
  const terminal = { columns: 40, colour: false };
  expect(fitted(['  note: a line that is longer than forty columns are wide'], terminal)).toEqual([
    '  note: a line that is longer than forty',
    '    columns are wide',
  ]);
  expect(fitted(['a'.repeat(60)], terminal)).toEqual(['a'.repeat(60)]);
  expect(fitted(['a\nb'], null)).toEqual(['a\nb']);
  expect(colouredVerdict('bad\nworse', false, { columns: 40, colour: true })).toEqual([
    '\u001b[1;31mbad\u001b[0m',
    'worse',
  ]);
});

describe('intervals as characters', () => {
  it('stand where their numbers are on a scale that holds zero and is shared by rows of one variable', () => {
    const rows = [
      { variable: 'beta[Intercept]', q5: 90, q50: 95, q95: 100 },
      { variable: 'beta[x]', q5: -1, q50: 0.5, q95: 1 },
      { variable: 'beta[z]', q5: 0.5, q50: 0.75, q95: 1 },
      { variable: 'beta[w]', q5: null, q50: null, q95: null },
      { variable: 'sigma', q5: Number.NaN, q50: 1, q95: 2 },
    ];
    const drawn = intervalColumn(rows, 21);
    expect(drawn).toEqual(['│                 ├●┤', '├──────────────●────┤', '          │    ├──●─┤', '', '']);
  });

  it('have their dot at the median of every row of a fit, between their ends', () => {
    const rows = summarize(radon, { variables: ['u_county'] });
    const [low, high] = [Math.min(0, ...rows.map(({ q5 }) => q5)), Math.max(0, ...rows.map(({ q95 }) => q95))];
    intervalColumn(rows, 40).forEach((text, i) => {
      const at = (value: number) => Math.round(((value - low) / (high - low)) * 39);
      expect([...text].indexOf('\u25cf')).toBe(at(rows[i]!.q50));
      expect([...text].length).toBeLessThanOrEqual(40);
    });
  });
});
