import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberScanner, printed, UNLIKE } from '../../src/data/numberScanner.ts';

/** The grammar as a pattern, which takes quadratic time and is plain to see. */
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 22 });
const parts = fc.tuple(
  fc.constantFrom('', '', '-', '+'),
  digits,
  fc.constantFrom('', '.', '.', ',', 'x'),
  digits,
  fc.constantFrom('', '', '', 'e5', 'E-3', 'e', 'e+400', 'e-400', ' ', '1'),
);

describe('numberScanner', () => {
  it('accepts the texts of the pattern and no others, and gives the double that Number gives', () => {
    const scanner = numberScanner({ decimal: '.', thousands: '' });
    fc.assert(
      fc.property(parts, (given) => {
        const cell = given.join('');
        expect(scanner.scan(cell), cell).toBe(NUMBER.test(cell));
        if (NUMBER.test(cell)) expect(Object.is(scanner.value, Number(cell)), cell).toBe(true);
      }),
      { seed: 20260102, numRuns: 5000 },
    );
  });

  it('says how the text follows from the value, or that it does not', () => {
    for (const decimal of ['.', ','] as const) {
      const scanner = numberScanner({ decimal, thousands: '' });
      fc.assert(
        fc.property(parts, (given) => {
          const cell = given.join('').replace(/[.,]/, decimal);
          if (!scanner.scan(cell) || scanner.written === UNLIKE) return;
          expect(printed(scanner.value, scanner.written, decimal)).toBe(cell);
        }),
        { seed: 20260103, numRuns: 5000 },
      );
    }
  });

  it('calls an identifier what is whole and does not print back, and nothing else', () => {
    const scanner = numberScanner({ decimal: '.', thousands: '' });
    const identifiers = ['007', '00', '-01', '9007199254740993', '76561198000000001', '123456789012345678901'];
    const numbers = [
      '7',
      '0',
      '-0',
      '+7',
      '1.50',
      '007.5',
      '9007199254740992',
      '9007199254740994',
      '1e3',
      '.5',
      '100000000000000000000',
    ];
    for (const cell of identifiers) expect(scanner.scan(cell) && scanner.identifier, cell).toBe(true);
    for (const cell of numbers) expect(scanner.scan(cell) && !scanner.identifier, cell).toBe(true);
  });

  it.each([
    ['1,234.5', { decimal: '.', thousands: ',' }, 1234.5],
    ['-1.234.567,5', { decimal: ',', thousands: '.' }, -1234567.5],
    ['12\u202f345', { decimal: ',', thousands: ' ' }, 12345],
    ["1'000", { decimal: '.', thousands: "'" }, 1000],
    ['999', { decimal: '.', thousands: ',' }, 999],
    ['1,5', { decimal: ',', thousands: '' }, 1.5],
    ['1,23', { decimal: '.', thousands: ',' }, null],
    ['12,3456', { decimal: '.', thousands: ',' }, null],
    ['1,234', { decimal: '.', thousands: '' }, null],
  ] as const)('reads %s by the marks %o', (cell, marks, value) => {
    const scanner = numberScanner(marks);
    expect(scanner.scan(cell) ? scanner.value : null).toBe(value);
  });
});
