import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { csvRecords } from '../../src/data/csvRecords.ts';
import { ModelError } from '../../src/errors.ts';

interface Found {
  readonly records: readonly { fields: string[]; line: number; quoted: boolean }[];
  /** The sentence of the error that ended it; '' for none. */
  readonly error: string;
}

function read(pieces: readonly string[], delimiter: string, comment = ''): Found {
  const records: { fields: string[]; line: number; quoted: boolean }[] = [];
  const reader = csvRecords({ delimiter, comment, where: 'a.csv', line: 1 }, (fields, count, line, quoted) => {
    records.push({ fields: fields.slice(0, count), line, quoted });
  });
  try {
    for (const piece of pieces) reader.push(piece);
    reader.end();
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    return { records, error: error.message };
  }
  return { records, error: '' };
}

const tokens = fc.constantFrom(
  'a',
  'bc',
  '1',
  ',',
  ',',
  ';',
  '"',
  '"',
  '""',
  '\n',
  '\r',
  '\r\n',
  ' ',
  '\t',
  '#',
  '"x"',
  '"two\nlines"',
);
const texts = fc.array(tokens, { maxLength: 30 }).map((parts) => parts.join(''));

describe('csvRecords', () => {
  it('finds the same records, lines and errors wherever a text is cut into pieces', () => {
    fc.assert(
      fc.property(
        texts,
        fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 6 }),
        fc.constantFrom(',', ';', '\t', ' '),
        fc.constantFrom('', '#'),
        (text, places, delimiter, comment) => {
          const cuts = [0, ...places.map((place) => Math.min(place, text.length)), text.length].sort((a, b) => a - b);
          const pieces = cuts.slice(1).map((end, k) => text.slice(cuts[k], end));
          const whole = read([text], delimiter, comment);
          expect(read(pieces, delimiter, comment)).toEqual(whole);
          expect(read([...text], delimiter, comment)).toEqual(whole);
        },
      ),
      { seed: 20260106, numRuns: 4000 },
    );
  });

  it('finds the fields that Papa Parse finds, and refuses the quotes that it refuses', () => {
    let accepted = 0;
    fc.assert(
      fc.property(texts, fc.constantFrom(',', ';', '\t'), (given, delimiter) => {
        // Papa Parse has one kind of line end in a file, and accepts some blanks after a quoted field and not others.
        const text = given.replace(/[\r \t]/g, '');
        const { data, errors } = Papa.parse<string[]>(text, { delimiter, newline: '\n' });
        const { records, error } = read([text], delimiter);
        expect(error !== '', text).toBe(errors.some(({ type }) => type === 'Quotes'));
        if (error !== '') return;
        accepted += 1;
        // It has an empty record after a line end that ends the text.
        const expected = text === '' || text.endsWith('\n') ? data.slice(0, -1) : data;
        expect(records.map(({ fields }) => fields)).toEqual(expected);
      }),
      { seed: 20260107, numRuns: 4000 },
    );
    expect(accepted).toBeGreaterThan(1000);
  });

  it('numbers the line on which each record begins', () => {
    const { records } = read(['a,"x\ny"\r\n\r\nb,"p\r\nq\rr"\rc,1'], ',');
    expect(records.map(({ line }) => line)).toEqual([1, 3, 4, 7]);
  });

  it('hands on a record not long after its end was pushed', () => {
    let records = 0;
    const reader = csvRecords({ delimiter: ',', comment: '', where: 'a.csv', line: 1 }, () => {
      records += 1;
    });
    for (let i = 0; i < 1000; i += 1) {
      reader.push('12,3');
      reader.push('4,"5"\n6');
      // At most twice the beginning of a record may wait.
      expect(records).toBeGreaterThanOrEqual(i - 2);
    }
  });

  it('gives up a quote that is never closed before it has the whole file in memory', () => {
    const piece = 'x'.repeat(1 << 23);
    let pushed = 0;
    const reader = csvRecords({ delimiter: ',', comment: '', where: 'a.csv', line: 5 }, () => {});
    expect(() => {
      reader.push('"');
      for (; pushed < 100; pushed += 1) reader.push(piece);
    }).toThrow('a.csv: a quoted field that begins on line 5 is not closed properly');
    expect(pushed).toBeLessThan(12);
  });
});
