import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCsv, parseCsv } from '../../src/data/csv.ts';
import { toFrame } from '../../src/data/toFrame.ts';
import { ModelError } from '../../src/errors.ts';

function fault(text: string): ModelError {
  try {
    parseCsv(text, 'a.csv');
  } catch (error) {
    if (error instanceof ModelError) return error;
    throw error;
  }
  throw new Error('no error was thrown');
}

const column = (text: string, name: string) => parseCsv(text, 'a.csv').columns.get(name);

describe('parseCsv', () => {
  it('reads quoted fields with commas, quotes and line breaks', () => {
    const frame = parseCsv('name,x\n"a, ""b""\nc",1\nd,2\n', 'a.csv');
    expect(frame.columns.get('name')).toEqual({ kind: 'text', values: ['a, "b"\nc', 'd'] });
    expect(frame.n).toBe(2);
  });

  it('accepts a byte order mark, CRLF, blank lines and a missing last line break', () => {
    const frame = parseCsv('\ufeffx,g\r\n1,a\r\n\r\n2,b', 'a.csv');
    expect([...frame.columns.keys()]).toEqual(['x', 'g']);
    expect(frame.columns.get('x')).toEqual({ kind: 'number', values: Float64Array.of(1, 2) });
  });

  it('takes an empty cell, NA and NaN as missing', () => {
    expect(column('x,g\n1,a\nNA,\n,NA\nNaN,b\n', 'x')).toEqual({
      kind: 'number',
      values: Float64Array.of(1, Number.NaN, Number.NaN, Number.NaN),
    });
    expect(column('x,g\n1,a\n2,\n3,NA\n4,NaN\n', 'g')).toEqual({ kind: 'text', values: ['a', null, null, null] });
  });

  it('makes a column numeric when every cell is a number, quoted digits included, else text', () => {
    expect(column('x\n"308"\n-1.5e3\n.5\n+2.\n 7 \n', 'x')).toEqual({
      kind: 'number',
      values: Float64Array.of(308, -1500, 0.5, 2, 7),
    });
    for (const cell of ['0x10', '1,000', '1_000', '12a', '--1', 'e5', 'TRUE', '.']) {
      expect(column(`x\n1\n"${cell}"\n`, 'x')!.kind, cell).toBe('text');
    }
  });

  it('keeps column names such as __proto__ and constructor, with spaces and beyond ASCII', () => {
    const frame = parseCsv('__proto__,constructor,my column,größe\n1,2,3,4\n', 'a.csv');
    expect([...frame.columns.keys()]).toEqual(['__proto__', 'constructor', 'my column', 'größe']);
  });

  it.each([
    ['an empty file', '', 'csv-empty', 'a.csv is empty'],
    ['a file of blank lines', '\n \n\n', 'csv-empty', 'a.csv is empty'],
    ['a header only', 'x,y\n', 'csv-no-rows', 'a.csv has a header (x, y) but no rows'],
    ['a short row', 'x,y\n1,2\n3\n', 'csv-ragged', 'a.csv, line 3: 1 fields where the header has 2'],
    ['a long row after a field with a line break', 'x,y\n1,"a\nb"\n3,4,5\n', 'csv-ragged', 'a.csv, line 4: 3 fields'],
    ['a short row after blank lines', 'x,y\r\n\r\n1,2\r\n3\r\n', 'csv-ragged', 'a.csv, line 4: 1 fields'],
    ['a header without a name', ' ,\n1,2\n', 'csv-header', 'no column has a name'],
    [
      'UTF-16 read by another encoding',
      'x\u0000,\u0000y\u0000\n1\u0000,\u00002\n',
      'csv-encoding',
      '--encoding utf-16le',
    ],
    ['a title line', 'My table\nx,y\n1,2\n', 'csv-ragged', '--skip N'],
    ['an unclosed quote', 'x,y\n1,"a\n2,b\n', 'csv-quotes', 'quoted field that begins on line 2'],
  ])('refuses %s in one sentence', (_, text, code, sentence) => {
    const error = fault(text);
    expect(error.code).toBe(code);
    expect(error.message).toContain(sentence);
  });

  it.each([
    ['a duplicate name', 'x,y,x\n1,2,3\n', 'x', 'csv-header', 'names "x" twice, as columns 1 and 3'],
    ['an infinite number', 'x,y\n1,2\n3,Inf\n', 'y', 'infinite-value', 'a.csv, line 3: column "y" is Inf'],
    ['a number beyond the doubles', 'y,x\n1,1e999\n', 'x', 'infinite-value', 'a.csv, line 2: column "x" is 1e999'],
    [
      'bytes that are not UTF-8',
      'y,g\n1,a\n2,M\ufffdn\n',
      'g',
      'csv-encoding',
      'a.csv, line 3: column "g" is "M\ufffdn"',
    ],
  ])('refuses %s where the column is used, and nowhere else', (_, text, name, code, sentence) => {
    const { columns, faults } = parseCsv(text, 'a.csv');
    expect(columns.has(name)).toBe(false);
    expect(columns.has(name === 'y' ? 'x' : 'y')).toBe(true);
    expect(faults!.get(name)).toMatchObject({ code, message: expect.stringContaining(sentence) });
  });

  it('leaves out a column without a name, and names the first one when asked', () => {
    const text = '"","x","",y\n"1",5,,7\n"2",6,,8\n';
    expect([...parseCsv(text, 'a.csv').columns.keys()]).toEqual(['x', 'y']);
    expect(parseCsv(text, 'a.csv', { rowNames: 'row' }).columns.get('row')).toEqual({
      kind: 'number',
      values: Float64Array.of(1, 2),
    });
    expect(() => parseCsv('x,y\n1,2\n', 'a.csv', { rowNames: 'row' })).toThrow(/no first column without a name/);
  });

  it('takes time in proportion to the digits of a cell and to the columns of a header', () => {
    const seconds = (text: string): number => {
      const start = process.cpuUsage();
      parseCsv(text, 'a.csv');
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1e6;
    };
    // Quadratic, these took 3.5 s for a tenth of the digits, and 11 s.
    expect(seconds(`x\n${'1'.repeat(600_000)}x\n`)).toBeLessThan(1.5);
    const names = Array.from({ length: 100_000 }, (_, k) => `c${k}`).join(',');
    expect(seconds(`${names}\n${'1,'.repeat(99_999)}1\n`)).toBeLessThan(6);
  });
});

describe('quotes after a backslash', () => {
  it.each([
    'a,b\n"x \\"q\\" y",2\n"z",3\n',
    'a,b\n"x \\"",2\n"z",3\n',
    'a,b\n"\\"q\\"",2\nz,3\n',
    'a,b\n"5\\" pipe, long",2\n"z",3\n',
  ])('are refused in a sentence that says so: %j', (text) => {
    expect(() => parseCsv(text, 'a.csv')).toThrow(
      /a\.csv: a quoted field that begins on line 2 is not closed properly; a quote in a field is read where it is written twice/,
    );
  });

  it('are not spoken of where there are none, and a backslash before the end of a field is one', () => {
    expect(() => parseCsv('a,b\n"x"y,2\n', 'a.csv')).toThrow(/is not closed properly$/);
    expect(parseCsv('a,b\n"C:\\",2\n', 'a.csv').columns.get('a')!.values).toEqual(['C:\\']);
  });
});

describe('what a spreadsheet would run', () => {
  it('gets an apostrophe before it, unless formulas are asked for; numbers do not', () => {
    const unsafe = ["=cmd|' /C calc'!A0", '+1+2', '-2+3', '@SUM(A1)', '\tx', '\r=1', '\uff1dA1', '-x'];
    const safe = ['-5', '+3.2', '-', '1-2', 'a=b', '-1e-3', '-5%', "'=x"];
    const frame = toFrame({ '=name': [...unsafe, ...safe] }, 'rows');
    const written = parseCsv(formatCsv(frame), 'a.csv', { text: ["'=name"] }).columns.get("'=name")!;
    expect(written.values).toEqual([...unsafe.map((text) => `'${text.replace('\r', '\\u000d')}`), ...safe]);
    const kept = parseCsv(formatCsv(frame, { formulas: true }), 'a.csv', { text: ['=name'] });
    expect(kept.columns.get('=name')!.values).toEqual([...unsafe, ...safe]);
  });
});

describe('what a terminal would run', () => {
  it('is shown in a cell and in a name, and all other text is as it was, unless formulas are asked for', () => {
    const UNSAFE = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
    const unit = fc.constantFrom(
      ...'aß東"\', \t\n',
      '\r\n',
      '\u001b[2J',
      '\u0007',
      '\u009b',
      '\u202e',
      '\u2028',
      '\u0001',
    );
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit, minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 6 }),
        (texts) => {
          const values = texts.map((text) => `k${text}k`);
          const frame = toFrame({ [values[0]!]: values, n: values.map((_, i) => i) }, 'rows');
          const text = formatCsv(frame);
          expect(text.replaceAll('\r\n', '').replace(/[\t\n]/g, '')).not.toMatch(UNSAFE);
          const shown = (cell: string): string =>
            cell
              .replace(/\r\n|[\t\n]/g, (end) => `<${end.length}${end.charCodeAt(0)}>`)
              .replace(UNSAFE, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
          const [name, cells] = [...parseCsv(text, 'a.csv').columns][0]!;
          expect([name, ...cells.values].map((cell) => shown(String(cell)))).toEqual(
            [values[0]!, ...values].map(shown),
          );
          const kept = parseCsv(formatCsv(frame, { formulas: true }), 'a.csv').columns;
          expect([...kept.values()][0]!.values).toEqual(values);
        },
      ),
      { seed: 20261129, numRuns: 300 },
    );
  });
});

describe('formatCsv', () => {
  it('writes any double so that it reads back as the same one', () => {
    const numbers = fc.array(fc.double({ noDefaultInfinity: true }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(numbers, (values) => {
        const back = column(formatCsv(toFrame({ x: values }, 'rows')), 'x')!;
        expect(Array.from(back.values as Float64Array)).toEqual(values);
      }),
      { seed: 20260101, numRuns: 200 },
    );
  });

  it('writes text with commas, quotes, line breaks and spaces so that it reads back', () => {
    const frame = toFrame(
      { g: ['a,b', '"q"', 'two\nlines', ' x ', null, 'größe'], 'my, name': [1, 2, 3, 4, 5, -0] },
      'rows',
    );
    expect(parseCsv(formatCsv(frame), 'a.csv')).toEqual(frame);
  });

  it('returns the radon file to the same frame', () => {
    const path = new URL('../fixtures/data/radon_arm.csv', import.meta.url);
    const frame = parseCsv(readFileSync(path, 'utf8'), 'radon_arm.csv');
    expect(frame.n).toBe(919);
    expect(parseCsv(formatCsv(frame), 'again')).toEqual(frame);
  });
});
