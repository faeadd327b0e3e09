import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCsv } from '../../src/data/csv.ts';
import type { CsvOptions } from '../../src/data/csvOptions.ts';
import { factor } from '../../src/data/factor.ts';
import type { Frame } from '../../src/data/frame.ts';

const values = (frame: Frame, name: string): unknown[] =>
  Array.from<unknown>(frame.columns.get(name)!.values).map((value) => (Number.isNaN(value) ? null : value));
const columns = (text: string, options?: CsvOptions): Record<string, unknown[]> => {
  const frame = parseCsv(text, 'a.csv', options);
  return Object.fromEntries([...frame.columns.keys()].map((name) => [name, values(frame, name)]));
};

describe('ids', () => {
  it('keeps leading zeros and integers beyond 2^53, quoted or not', () => {
    const levels = (cells: readonly string[]) =>
      factor(parseCsv(`y,id\n${cells.map((cell) => `1,${cell}`).join('\n')}\n`, 'a.csv').columns.get('id')!).levels;
    expect(levels(['007', '007', '7', '7', '0012', '12'])).toEqual(['0012', '007', '12', '7']);
    const far = [
      '9007199254740992',
      '9007199254740993',
      '9007199254740994',
      '9007199254740995',
      '76561198000000001',
      '76561198000000002',
    ];
    expect(levels(far)).toEqual([...far].sort());
    expect(levels(far.map((id) => `"${id}"`))).toEqual([...far].sort());
  });

  it('gives a column that turns out to be text the cells as they were written', () => {
    const cells = ['1.50', '-0', '+3', ' 7 ', '1e3', '0.0000001', '12345678901234567.25', '-0.0', '5.', '.5', '1.5'];
    expect(columns(`x,y\n${cells.map((cell) => `${cell},1`).join('\n')}\noops,1\n`)['x']).toEqual([...cells, 'oops']);
  });

  it('does as the options text, number and na say', () => {
    const text = 'a,b,c\n01,5,1\n02,6,.\n03,7,3\n';
    expect(columns(text, { number: ['a'], text: ['b'], na: ['.'] })).toEqual({
      a: [1, 2, 3],
      b: ['5', '6', '7'],
      c: [1, null, 3],
    });
    expect(parseCsv(text, 'a.csv', { number: ['c'] }).faults!.get('c')!.message).toMatch(/line 3: column "c" is "."/);
    expect(() => parseCsv(text, 'a.csv', { text: ['aa'] })).toThrow(/no column "aa".*nearest names: "a"/);
    expect(() => parseCsv(text, 'a.csv', { sep: ';' } as CsvOptions)).toThrow(/there is no option "sep"/);
  });
});

describe('files people have', () => {
  const table = { x: [1.5, 2], g: ['a', 'b'] };
  it.each<[string, string, CsvOptions?]>([
    ['semicolons', 'x;g\n1.5;a\n2;b\n'],
    ['semicolons and decimal commas', 'x;g\n1,5;a\n2;b\n'],
    ['tabs', 'x\tg\n1.5\ta\n2\tb\n'],
    ['blanks', 'x g\n1.5   a\n  2 b  \n'],
    ["R's write.table", '"x" "g"\n"1" 1.5 "a"\n"2" 2 "b"\n'],
    ["R's write.table, semicolons", '"x";"g"\n"1";1.5;"a"\n"2";2;"b"\n'],
    ['bars', 'x|g\n1.5|a\n2|b\n'],
    ["Excel's sep=", 'sep=;\r\nx;g\r\n1,5;a\r\n2;b\r\n'],
    ['comments before the header', '# from the lab\n# 2020, by us\nx,g\n1.5,a\n2,b\n'],
    ['a header in a comment', '#x,g\n1.5,a\n2,b\n'],
    ['a comment among the rows', 'x,g\n1.5,a\n# lunch\n2,b\n'],
    ['another comment mark', '% lab\nx,g\n1.5,a\n%2,b\n2,b\n', { comment: '%' }],
    ['old line ends', 'x,g\r1.5,a\r2,b\r'],
    ['delimiters that end rows', 'x,g\n1.5,a,\n2,b,\n'],
    ['delimiters that end all lines', 'x,g,\n1.5,a,\n2,b,\n'],
    ['title lines', 'A title, and more\n\nx,g\n1.5,a\n2,b\n', { skip: 2 }],
    ['row names of write.csv', '"","x","g"\n"1",1.5,"a"\n"2",2,"b"\n'],
    ["an index of pandas'", ',x,g\n0,1.5,a\n1,2,b\n'],
    ['decimal commas in quotes', 'x,g\n"1,5",a\n"2",b\n', { decimal: ',' }],
    ['blanks after a quoted cell', 'x,g\n"1.5" ,"a"\n"2",b\n'],
  ])('reads %s', (_, text, options) => {
    expect(columns(text, options)).toEqual(table);
  });

  it('does not take thousands for decimals: three digits after each comma are left as text', () => {
    expect(columns('x;y\n1,234;1\n2,500;2\n')['x']).toEqual(['1,234', '2,500']);
    expect(columns('x;y\n1,234;1\n2,500;2\n', { decimal: ',' })['x']).toEqual([1.234, 2.5]);
    expect(columns('x;y\n1,234;1\n2,500;2\n', { thousands: ',' })['x']).toEqual([1234, 2500]);
  });

  it('does not split at semicolons and blanks of a table of commas', () => {
    expect(columns('full name,note\nA B,x;y\nC D,z\n')).toEqual({ 'full name': ['A B', 'C D'], note: ['x;y', 'z'] });
    expect(() => parseCsv('y,x\n1,5,2\n2,5,3\n', 'a.csv')).toThrow(/line 2: 3 fields where the header has 2/);
  });
});

interface Dialect {
  readonly delimiter: string;
  readonly decimal: '.' | ',';
  readonly newline: string;
  readonly quoteAll: boolean;
  readonly trailing: boolean;
  readonly comment: boolean;
  readonly mark: boolean;
  readonly index: boolean;
  readonly missing: string;
  readonly piece: number;
}

const dialects: fc.Arbitrary<Dialect> = fc
  .record({
    delimiter: fc.constantFrom(',', ';', '\t', '|'),
    decimal: fc.constantFrom('.', ','),
    newline: fc.constantFrom('\n', '\r\n', '\r'),
    quoteAll: fc.boolean(),
    trailing: fc.boolean(),
    comment: fc.boolean(),
    mark: fc.boolean(),
    index: fc.boolean(),
    missing: fc.constantFrom('', 'NA', 'NaN', '.', 'N/A', '-', 'null', '-999', ' NA '),
    piece: fc.integer({ min: 1, max: 40 }),
  })
  .filter(({ delimiter, decimal }) => delimiter !== ',' || decimal === '.');

const cell = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.constantFrom(
    '007',
    'a b',
    'q"q',
    'x;y',
    'x,y',
    'two\nlines',
    'größe',
    '#hash',
    ' pad ',
    '東京',
    "it's",
    '1,5',
    '9007199254740993',
  ),
);
const rows = fc.array(
  fc.record({
    number: fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true })),
    fixed: fc.integer({ min: -99999, max: 99999 }),
    text: fc.option(
      cell.filter(
        (text) => text.trim() !== '' && !['.', '-', 'NA', 'NaN', '-999', 'N/A', 'null'].includes(text.trim()),
      ),
    ),
    id: fc.constantFrom('007', '7', '0012', '12', '76561198000000001', '76561198000000002'),
    gap: fc.option(fc.integer({ min: 0, max: 50 })),
  }),
  { minLength: 1, maxLength: 12 },
);

type Row = (typeof rows extends fc.Arbitrary<infer R> ? R : never)[number];

/** A writer of its own: what `parseCsv` is to read, by none of its code. */
function written(
  given: readonly Row[],
  { delimiter, decimal, newline, quoteAll, trailing, comment, mark, index, missing }: Dialect,
): string {
  const quoted = (text: string) => `"${text.replace(/"/g, '""')}"`;
  const field = (text: string) => (quoteAll || /["\n\r,;\t|#\s]/.test(text) ? quoted(text) : text);
  const number = (text: string) => field(text.replace('.', decimal));
  const lines = given.map(({ number: value, fixed, text, id, gap }, i) => [
    ...(index ? [field(String(i + 1))] : []),
    number(Object.is(value, -0) ? '-0' : String(value)),
    number((fixed / 100).toFixed(2)),
    text === null ? missing : field(text),
    field(id),
    gap === null ? missing : String(gap),
    'last',
  ]);
  const header = [...(index ? [''] : []), 'number', 'fixed', 'text', 'id', 'gap', 'end'].map((name) =>
    quoteAll ? quoted(name) : name,
  );
  const end = trailing ? delimiter : '';
  return [
    mark ? '\ufeff' : '',
    comment ? `# written ${delimiter} by a test${newline}` : '',
    ...[header, ...lines].map((line) => line.join(delimiter) + end + newline),
  ].join('');
}

describe('tables in any dialect', () => {
  it('are read back as they were written', () => {
    fc.assert(
      fc.property(rows, dialects, (given, dialect) => {
        const text = written(given, dialect);
        const pieces = Array.from({ length: Math.ceil(text.length / dialect.piece) }, (_, k) =>
          text.slice(k * dialect.piece, (k + 1) * dialect.piece),
        );
        const frame = parseCsv(pieces, 'a.csv', { na: [dialect.missing], text: ['text', 'id'] });
        expect([...frame.columns.keys()]).toEqual(['number', 'fixed', 'text', 'id', 'gap', 'end']);
        expect(values(frame, 'number')).toEqual(
          given.map(({ number }) => (dialect.missing === '-999' && number === -999 ? null : number)),
        );
        expect(values(frame, 'fixed')).toEqual(given.map(({ fixed }) => Number((fixed / 100).toFixed(2))));
        expect(values(frame, 'text')).toEqual(given.map(({ text: cell }) => cell));
        expect(values(frame, 'id')).toEqual(given.map(({ id }) => id));
        expect(values(frame, 'gap')).toEqual(given.map(({ gap }) => gap));
      }),
      { seed: 20260104, numRuns: 1500 },
    );
  });

  it('have numbers with marks between thousands, where these are told and the decimal mark is found', () => {
    const marks = fc.constantFrom<[string, '.' | ',']>(['.', ','], [',', '.'], [' ', ','], [' ', '.'], ["'", '.']);
    const number = fc.record({
      whole: fc.integer({ min: -3e9, max: 3e9 }),
      hundredths: fc.integer({ min: 0, max: 99 }),
    });
    fc.assert(
      fc.property(
        marks,
        fc.constantFrom(',', ';', '\t'),
        fc.array(number, { minLength: 1, maxLength: 20 }),
        ([thousands, decimal], delimiter, given) => {
          // Where commas delimit, no decimal comma is looked for.
          fc.pre(delimiter !== ',' || decimal === '.' || thousands === '.');
          const cells = given.map(({ whole, hundredths }) => {
            const digits = String(Math.abs(whole)).replace(/\B(?=(?:\d{3})+$)/g, thousands);
            return `"${whole < 0 ? '-' : ''}${digits}${decimal}${String(hundredths).padStart(2, '0')}"`;
          });
          const lines = ['x', ...cells].map((text, i) => `${text}${delimiter}${i === 0 ? 'g' : 'k'}`);
          const { x } = columns(`${lines.join('\n')}\n`, { thousands });
          const size = ({ whole, hundredths }: (typeof given)[number]) =>
            Number(`${Math.abs(whole)}.${String(hundredths).padStart(2, '0')}`);
          // Adding 0 makes 0 of -0.
          expect(x!.map((value) => Number(value) + 0)).toEqual(
            given.map((n) => (n.whole < 0 ? -size(n) : size(n)) + 0),
          );
        },
      ),
      { seed: 20261129, numRuns: 300 },
    );
    const both = () => parseCsv('x;y\n1.5;2\n', 'a.csv', { decimal: ',', thousands: ',' });
    expect(both).toThrow('"," cannot be the decimal mark and separate thousands, too');
  });
});
