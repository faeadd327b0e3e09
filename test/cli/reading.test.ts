import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeCommand } from '../../src/cli/commands/describe.ts';
import { readOptions } from '../../src/cli/files/readOptions.ts';
import { tableFile } from '../../src/cli/files/tableFile.ts';
import type { Io } from '../../src/cli/io.ts';
import { parseArguments } from '../../src/cli/parseArguments.ts';
import { run } from './testIo.ts';

type Files = Readonly<Record<string, string | Uint8Array>>;

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const utf16 = (text: string, little: boolean): Uint8Array => {
  const bytes = new Uint8Array(2 * text.length + 2);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xfeff, little);
  for (let i = 0; i < text.length; i += 1) view.setUint16(2 * i + 2, text.charCodeAt(i), little);
  return bytes;
};

/** What `describe --data` says of a file. */
async function account(file: string | Uint8Array, ...options: string[]): Promise<Record<string, never>> {
  const { status, stdout, stderr } = await run(['describe', '--data', 'd', ...options, '--json'], { d: file });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout);
}

/** The levels of a grouping factor of a fit by maximum likelihood. */
async function groups(files: Files, ...options: string[]): Promise<string[]> {
  const { status, stdout, stderr } = await run(['ml', 'y ~ 1 + (1 | g)', '--data', 'd', ...options, '--json'], files);
  expect(stderr).toBe('');
  expect([0, 3]).toContain(status);
  return (JSON.parse(stdout).ranef.g as { level: string }[]).map(({ level }) => level);
}

const towns = 'y,g\n1,Mön\n2,Mön\n3.5,Mün\n4,Mün\n6,Mn\n7.5,Mn\n';
const names = ['Mn', 'Mön', 'Mün'];

describe('bytes of a file', () => {
  it('reads UTF-8, UTF-16 by its mark, any other encoding by its label, and gzip', async () => {
    expect(await groups({ d: towns })).toEqual(names);
    expect(await groups({ d: latin1(towns) }, '--encoding', 'latin1')).toEqual(names);
    expect(await groups({ d: utf16(towns, true) })).toEqual(names);
    expect(await groups({ d: utf16(towns, false) })).toEqual(names);
    expect(await groups({ d: gzipSync(utf8(towns)) })).toEqual(names);
    expect(await groups({ d: gzipSync(latin1(towns)) }, '--encoding', 'windows-1252')).toEqual(names);
  });

  it('refuses bytes that are not UTF-8 by line and column, where the column is used', async () => {
    const argv = ['ml', 'y ~ 1 + (1 | g)', '--data', 'd'];
    const { status, stderr } = await run(argv, { d: latin1(towns) });
    expect(status).toBe(2);
    expect(stderr).toMatch(/d, line 2: column "g" is "M\ufffdn".*--encoding latin1/);
    const unused = latin1(towns.replace('y,g', 'y,town,g').replace(/\n(.*),(.*)(?=\n)/g, '\n$1,ü,k$1'));
    expect((await run(['ml', 'y ~ 1', '--data', 'd'], { d: unused })).status).toBe(0);
  });

  it('says the same of a name in the header', async () => {
    const files = { d: latin1('höhe,g\n1,a\n2,b\n3,a\n') };
    const asked = await run(['ml', 'höhe ~ 1', '--data', 'd'], files);
    expect(asked.stderr).toMatch(/"höhe" is not in rows.*"h\ufffdhe"; names that hold U\+FFFD.*--encoding latin1/);
    expect((await run(['ml', '`h\ufffdhe` ~ 1', '--data', 'd'], files)).stderr).toMatch(/the header names.*U\+FFFD/);
    expect((await run(['describe', '--data', 'd'], files)).stdout).toMatch(/note: .*"h\ufffdhe".*--encoding latin1/);
    expect((await run(['ml', 'höhe ~ 1', '--data', 'd', '--encoding', 'latin1'], files)).status).toBe(0);
  });

  it.each<[string, readonly string[], Files, RegExp]>([
    ['an encoding that there is not', ['--encoding', 'latin99'], { d: towns }, /"latin99".*Encoding Standard/],
    ['a damaged gzip file', [], { d: gzipSync(utf8(towns)).subarray(0, 30) }, /begins as a gzip file does/],
    [
      'a spreadsheet',
      [],
      { d: utf8('PK\u0003\u0004\u0014') },
      /d is a packed file, as spreadsheets are.*save the sheet as CSV/,
    ],
    ['a Parquet file', [], { d: utf8('PAR1\u0015') }, /d is a Parquet file; --data and --newdata read it/],
    ['bytes that are no text', [], { d: new Uint8Array(300).fill(0xc2) }, /d is no text.*--encoding/],
    ["R's saveRDS", [], { d: gzipSync(utf8('X\n\u0000\u0000\u0000\u0003')) }, /d is a file of R's saveRDS\(\)/],
    [
      'a page of the web',
      [],
      { d: '\n<!DOCTYPE html>\n<html><p>1,2</p></html>' },
      /d is a page .*save the table as CSV/,
    ],
    ['a picture', [], { d: Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10) }, /d is a picture/],
    ['a fit', [], { d: '{"posterior":{"y":[[1,2]]}}' }, /d is a fit, or draws; give the table that was fitted/],
    ['JSON that is none', [], { d: '[{"y": 1,]' }, /d: not JSON/],
    ['a line of NDJSON that is none', [], { d: '{"y": 1}\n{"y": 2\n' }, /d, line 2: not JSON/],
    ['a column that there is not', ['--text', 'gg'], { d: towns }, /no column "gg", which was to be text/],
    ['a delimiter that is none', ['--delimiter', 'colons'], { d: towns }, /"colons".*semicolon/],
    ['a number of lines that is none', ['--skip', '-1'], { d: towns }, /--skip: got -1/],
  ])('answers %s by one sentence', async (_, options, files, says) => {
    const { status, stderr } = await run(['ml', 'y ~ 1 + (1 | g)', '--data', 'd', ...options], files);
    expect(status).toBe(2);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(says);
  });
});

it('takes no column for another program by its name', async () => {
  for (const name of ['PAR1', 'ARROW1', 'RDX', 'X', '$FL', 'CDF', 'GIF', 'SQLite format 3', 'PK', 'A']) {
    const d = `${name},y\n1,2\n3,4\n`;
    const { status, stdout } = await run(['describe', '--data', 'd', '--json'], { d });
    expect({ status, first: JSON.parse(stdout).columns[0].name }).toEqual({ status: 0, first: name });
    expect((await run(['describe', '--data', 'd'], { d: `${name}\n2\n3\n` })).status).toBe(0);
    expect((await run(['check', 'd'], { d: `${name},y\n${'1,2\n3,4\n'.repeat(9)}` })).status).toBe(3);
  }
});

describe('files written by R', () => {
  // One table; fixtures/dialects/make.R wrote it in these ways.
  it.each([
    ['csv.csv', '--row-names', 'row'],
    ['csv.csv.gz'],
    ['csv2.csv'],
    ['csv2_latin1.csv', '--encoding', 'latin1', '--row-names', 'row'],
    ['table.txt', '--row-names', 'row'],
    ['table_semicolon.csv', '--row-names', 'row'],
    ['tab_dot.tsv', '--na', '.'],
    ['cr.csv'],
    ['utf16.csv'],
  ])('reads %s', (name, ...options) => {
    const words = parseArguments(['--data', name, ...options], describeCommand);
    const io = {
      readBytes: (path: string) => [readFileSync(new URL(`../fixtures/dialects/${path}`, import.meta.url))],
    };
    const { frame } = tableFile(name, io as unknown as Io, readOptions(words));
    const columns = [...frame.columns].map(([column, { values }]) => [column, Array.from<unknown>(values)]);
    expect(columns).toEqual([
      ...(options.includes('row') ? [['row', [1, 2, 3, 4, 5, 6]]] : []),
      ['y', [1.5, -2.25, 1e-7, 123456.789, Number.NaN, 0.333333333333333]],
      ['town', ['Köln', 'A b', 'say "hi"', 'x;y', null, "it's, so"]],
      ['zip', ['007', '7', '0012', '12', '007', '7']],
      ['n', [3, 0, -4, 100000, Number.NaN, 2]],
    ]);
  });
});

describe('tables of JSON', () => {
  const csv = 'y,g,id\n1,a,9007199254740992\n2,a,9007199254740993\n4,b,\n';
  const expected = async () => (await account(csv))['columns'];
  it('reads rows, columns and lines, and keeps integers beyond 2^53 apart', async () => {
    const rows = [
      '{"y": 1, "g": "a", "id": 9007199254740992}',
      '{"y": 2, "g": "a", "id": 9007199254740993}',
      '{"y": 4, "g": "b", "id": null}',
    ];
    const columns = '{"y": [1, 2, 4], "g": ["a", "a", "b"], "id": [9007199254740992, 9007199254740993, null]}';
    for (const text of [`[${rows.join(',\n')}]`, rows.join('\n'), `\ufeff${rows.join('\r\n')}\r\n`, columns]) {
      expect((await account(text))['columns'], text).toEqual(await expected());
    }
  });

  it('reads NDJSON in pieces as it reads the same rows as an array, whatever ends the lines', async () => {
    const numbers = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }));
    const texts = fc.option(fc.string().map((text) => `k${text}`));
    const columns = { a: numbers, b: numbers, ü: texts, ['__proto__']: texts, 'text\u2028': texts };
    const row = fc.record(columns, { requiredKeys: [] });
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 2, maxLength: 400 }),
        fc.constantFrom('\n', '\r\n', '\r', '\n\n'),
        async (rows, end) => {
          fc.pre(rows.some((given) => Object.keys(given).length > 0));
          const lines = rows.map((given) => JSON.stringify(given)).join(end);
          expect(await account(lines)).toEqual(await account(JSON.stringify(rows)));
        },
      ),
      { seed: 20260105, numRuns: 60 },
    );
  });

  it('does as --na, --text and --number say', async () => {
    const text = '[{"a": "01", "b": 1, "c": 1}, {"a": "02", "b": 2, "c": "."}]';
    const kinds = (await account(text, '--number', 'a', '--text', 'b', '--na', '.'))['columns'] as {
      kind: string;
      missing: number;
    }[];
    expect(kinds.map(({ kind, missing }) => [kind, missing])).toEqual([
      ['number', 0],
      ['text', 0],
      ['number', 1],
    ]);
  });

  it('takes a value of a nested object for an error where its column is used alone', async () => {
    const text = '[{"y": 1, "o": {"a": 1}}, {"y": 2}, {"y": 4}]';
    expect((await run(['ml', 'y ~ 1', '--data', 'd'], { d: text })).status).toBe(0);
    expect((await run(['ml', 'y ~ o', '--data', 'd'], { d: text })).stderr).toMatch(
      /column "o" holds an object in row 1/,
    );
  });
});

describe('columns in use', () => {
  const header = 'y,x,g\n';
  const lines = Array.from({ length: 24 }, (_, i) => `${(i * 7) % 11},${(i * 3.7) % 5},g${i % 4}`);
  const data = header + lines.map((line, i) => (i === 4 || i === 9 ? line.replace(/,[^,]*,/, ',.,') : line)).join('\n');

  it('says in one note which cells and rows made text of numbers, and reads them as told', async () => {
    const argv = ['describe', 'y ~ x + (1 | g)', '--data', 'd', '--json'];
    const { notes } = JSON.parse((await run(argv, { d: data })).stdout) as { notes: string[] };
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(
      /column "x" is text, although 22 of its 24 values are numbers; not numbers are "\." \(rows 5, 10\); --na "\."/,
    );
    const told = JSON.parse((await run([...argv, '--na', '.', '--missing', 'drop'], { d: data })).stdout);
    expect(told).toMatchObject({ notes: [], columns: ['Intercept', 'x'] });
    expect(JSON.parse((await run([...argv, '--text', 'x'], { d: data })).stdout).notes).toEqual([]);
    const asked = await run([...argv, '--number', 'x'], { d: data });
    expect(JSON.parse(asked.stderr).error.message).toMatch(/d, line 6: column "x" is "\." and was to be numbers/);
  });

  it('says so of a grouping factor where a missing value would be a group', async () => {
    const ids = header + lines.map((line, i) => line.replace(/g\d$/, i === 7 ? 'N/A' : String(i % 4))).join('\n');
    const argv = ['describe', 'y ~ x + (1 | g)', '--data', 'd', '--json'];
    expect(JSON.parse((await run(argv, { d: ids })).stdout).notes[0]).toMatch(/column "g" is text.*"N\/A" \(row 8\)/);
    const letters = ids.replace('N/A', '3b');
    expect(JSON.parse((await run(argv, { d: letters })).stdout).notes).toEqual([]);
  });

  it('names numbers with marks that were not told, and groups of one number written in two ways', async () => {
    const marked = header + lines.map((line, i) => line.replace(/,[^,]*,/, `,"${1 + (i % 5)},${500 + i}",`)).join('\n');
    const argv = ['describe', 'y ~ x + (1 | g)', '--data', 'd', '--json'];
    const { notes } = JSON.parse((await run(argv, { d: marked })).stdout);
    expect(notes).toEqual([
      expect.stringMatching(/"1,500" \(row 1\) has a mark that --decimal comma or --thousands MARK explains/),
    ]);
    const told = JSON.parse((await run([...argv, '--thousands', 'comma'], { d: marked })).stdout);
    expect(told).toMatchObject({ notes: [], columns: ['Intercept', 'x'] });

    const versions =
      header + lines.map((line, i) => line.replace(/g\d$/, ['1.1', '1.10', '2.5', '3'][i % 4]!)).join('\n');
    const found = JSON.parse((await run(argv, { d: versions })).stdout).notes;
    expect(found).toEqual([
      '"1.1" (row 1) and "1.10" (row 2) of g are one number, and so one level; --text g keeps them apart',
    ]);
    const apart = await run([...argv, '--text', 'g'], { d: versions });
    expect(JSON.parse(apart.stdout)).toMatchObject({ notes: [], description: expect.stringContaining('J = 4 groups') });
  });

  it('names the ids that made text of a predictor', async () => {
    const months = header + lines.map((line, i) => line.replace(/,[^,]*,/, `,0${1 + (i % 9)},`)).join('\n');
    const argv = ['describe', 'y ~ x + (1 | g)', '--data', 'd', '--json'];
    expect(JSON.parse((await run(argv, { d: months })).stdout).notes[0]).toMatch(/"01" \(row 1\).*--number x/);
    expect(JSON.parse((await run([...argv, '--number', 'x'], { d: months })).stdout)).toMatchObject({
      notes: [],
      columns: ['Intercept', 'x'],
    });
    expect((await run(['ml', 'y ~ log(x)', '--data', 'd'], { d: months })).stderr).toMatch(
      /"01" in row 1 of rows.*--number x/,
    );
  });

  it('refuses nothing for a column that the model does not use, and names what is wrong with one in use', async () => {
    const wide = data.replace(header, 'y,x,g,,k,k,far\n').replace(/(?<=[^r])$/gm, ',,1,2,1e999');
    const files = { d: wide };
    expect((await run(['ml', 'y ~ 1 + (1 | g)', '--data', 'd'], files)).status).not.toBe(2);
    expect((await run(['ml', 'y ~ k', '--data', 'd'], files)).stderr).toMatch(/names "k" twice, as columns 5 and 6/);
    expect((await run(['ml', 'y ~ far', '--data', 'd'], files)).stderr).toMatch(/line 2: column "far" is 1e999/);
    expect((await run(['ml', 'y ~ .', '--data', 'd'], files)).stderr).toMatch(/column "far"|names "k" twice/);
    expect((await run(['ml', 'y ~ 1 + (1 | k)', '--data', 'd'], files)).stderr).toMatch(/names "k" twice/);
  });

  it('names what is wrong with the groups of new rows', async () => {
    const quick = ['--chains', '1', '--warmup', '10', '--iterations', '20', '--out', 'fit.json'];
    const fit = (await run(['fit', 'y ~ 1 + (1 | g)', '--data', 'd', ...quick], { d: data })).written.get('fit.json')!;
    const newdata = (text: string) => run(['predict', 'fit.json', '--newdata', 'new'], { 'fit.json': fit, new: text });
    expect((await newdata('x,g,g\n1,g1,g2\n')).stderr).toMatch(/names "g" twice/);
    expect((await newdata('x,g,x\n1,g1,2\n')).status).toBe(0);
  });

  it('reads a column of new rows as text where that of the fit was, so that a level stays what it is', async () => {
    const rows = ['1.0,1', '1.0,2', '2.0,3.5', '2.0,4', '3.0,6', '3.0,7.5', 'x,5', 'x,6'];
    const sampling = ['--chains', '2', '--warmup', '20', '--iterations', '30', '--out', 'f.json'];
    const fitted = await run(['fit', 'y ~ 1 + (1 | g)', '--data', 'd', '--text', 'g', ...sampling], {
      d: `g,y\n${rows.join('\n')}\n`,
    });
    const files = new Map([...fitted.written, ['new', 'g\n1.0\n2.0\n']]);
    const argv = ['predict', 'f.json', '--newdata', 'new', '--unknown', 'error', '--json'];
    const { status, stdout, stderr } = await run(argv, files);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect((JSON.parse(stdout).rows as { g: string }[]).map(({ g }) => g)).toEqual(['1.0', '2.0']);
  });

  it('groups by ids as they are written', async () => {
    const zips = readFileSync(new URL('../fixtures/data/leading_zeros.csv', import.meta.url), 'utf8').replace(
      'zip',
      'g',
    );
    expect(await groups({ d: zips })).toEqual(['0012', '007', '12', '7']);
    const ids = [
      '9007199254740992',
      '9007199254740993',
      '9007199254740994',
      '9007199254740995',
      '76561198000000001',
      '76561198000000002',
    ];
    const rows = ids.flatMap((id, i) => [`${i},${id}`, `${i + 1.5},${id}`]);
    expect(await groups({ d: `y,g\n${rows.join('\n')}\n` })).toEqual([...ids].sort());
    expect(await groups({ d: `y,g\n${rows.join('\n').replace(/,(\d+)/g, ',"$1"')}\n` })).toEqual([...ids].sort());
  });
});

describe('describe --data', () => {
  it('says how a file is written, and of every column kind, missing values, levels', async () => {
    const text = '# lab\n"";zip;x;t\n"1";007;1,5;a\n"2";7;;b\n"3";7;2,25;a\n';
    const { status, stdout } = await run(['describe', '--data', 'd.csv'], { 'd.csv': text });
    expect(status).toBe(0);
    expect(stdout.split('\n')).toEqual([
      'd.csv: semicolons between the cells, decimal commas; 1 comment line passed over; 1 column without a name left out (--row-names NAME names the first)',
      '3 rows, 3 columns',
      '',
      'column  kind    missing  different  values',
      '------  ------  -------  ---------  -----------',
      'zip     text          0          2  007, 7',
      'x       number        1          2  1.5 to 2.25',
      't       text          0          2  a, b',
      '',
      expect.stringMatching(/^note: column "zip" is text, although all of its values are numbers: "007" \(row 1\)/),
      '',
    ]);
    expect((await run(['describe'], {})).stderr).toMatch(/describe needs "<formula>".*--data FILE alone/);
  });
});

describe('tables in an encoding that was not told', () => {
  type Row = { readonly y: number; readonly g: string };
  const forms: Readonly<Record<string, (rows: readonly Row[]) => string>> = {
    csv: (rows) => ['y,g', ...rows.map(({ y, g }) => `${y},${g}`)].join('\n'),
    rows: (rows) => JSON.stringify(rows),
    lines: (rows) => rows.map((row) => JSON.stringify(row)).join('\n'),
    columns: (rows) => JSON.stringify({ y: rows.map(({ y }) => y), g: rows.map(({ g }) => g) }),
  };

  it('keep groups apart, or are refused by the place of what is not UTF-8', async () => {
    // Between ASCII letters no such byte is UTF-8.
    const name = fc.constantFrom(...'äöüßéñ°½o').map((letter) => `M${letter}n`);
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(forms)),
        fc.uniqueArray(name, { minLength: 2, maxLength: 6 }),
        async (form, names) => {
          const rows = [...names, ...names, ...names].map((g, i) => ({ y: Math.sin(i * i), g }));
          const d = latin1(forms[form]!(rows));
          const first = names.findIndex((text) => text !== 'Mon');
          const { status, stderr } = await run(['ml', 'y ~ 1 + (1 | g)', '--data', 'd'], { d });
          expect(status).toBe(2);
          const place = form === 'csv' ? `d, line ${first + 2}: ` : `d: .*in row ${first + 1},`;
          expect(stderr).toMatch(new RegExp(`${place}.*U\\+FFFD.*--encoding latin1`));
          expect(await groups({ d }, '--encoding', 'latin1')).toEqual([...names].sort());
        },
      ),
      { seed: 20261129, numRuns: 40 },
    );
  });
});

describe('tables in any encoding', () => {
  const encodings = {
    utf8: { bytes: utf8, options: [] },
    utf8Mark: { bytes: (text: string) => utf8(`\ufeff${text}`), options: [] },
    utf16le: { bytes: (text: string) => utf16(text, true), options: [] },
    utf16be: { bytes: (text: string) => utf16(text, false), options: [] },
    utf16Label: { bytes: (text: string) => utf16(text, true).subarray(2), options: ['--encoding', 'utf-16le'] },
    latin1: { bytes: latin1, options: ['--encoding', 'iso-8859-1'] },
    gzip: { bytes: (text: string) => gzipSync(utf8(text)), options: [] },
    gzip16: { bytes: (text: string) => gzipSync(utf16(text, true)), options: [] },
  } as const;
  // The characters that all of these have; the bytes 128 to 159 of the label iso-8859-1 are those of windows-1252.
  const letter = fc.constantFrom(...'abcXYZäöüßéñ°½ ;\'"', '\n', ',');
  const level = fc.string({ unit: letter, minLength: 1, maxLength: 8 }).map((text) => `k${text}k`);

  it('are read back as they were written', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...(Object.keys(encodings) as (keyof typeof encodings)[])),
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('NA', '.', 'N/A', '-', '#N/A', 'none'),
        fc.uniqueArray(level, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 0, max: 900 }),
        async (encoding, delimiter, missing, levels, length) => {
          const { bytes, options } = encodings[encoding];
          const rows = levels.map((text, i) => [
            `"${text.replaceAll('"', '""')}"`,
            i % 2 === 0 ? `${i}.25` : missing,
            'x'.repeat(length),
          ]);
          const text = [['g', 'x', 'long'], ...rows].map((row) => row.join(delimiter)).join('\n');
          const { columns } = await account(bytes(text), '--na', missing, ...options);
          const [g, x] = columns as { kind: string; missing: number; levels: number; first: string[] }[];
          expect(g).toMatchObject({ kind: 'text', missing: 0, levels: levels.length });
          expect(new Set(g!.first)).toEqual(new Set(levels));
          expect(x).toMatchObject({
            kind: 'number',
            missing: Math.floor(levels.length / 2),
            levels: Math.ceil(levels.length / 2),
          });
        },
      ),
      { seed: 20260105, numRuns: 300 },
    );
  });
});
