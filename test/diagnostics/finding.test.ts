import { describe, expect, it } from 'vitest';
import { number, numberBeside } from '../../diagnostics/finding.ts';

describe('a number in a message', () => {
  it.each([
    [20260101, '20260101'],
    [-12345, '-12345'],
    [1.01, '1.01'],
    [0.123456, '0.1235'],
    [1000.126, '1000.1'],
    [-1000.126, '-1000.1'],
    [999.96, '1000'],
  ])('is whole, or rounded to four digits, five from 1000 on: %d', (value, text) => {
    expect(number(value)).toBe(text);
  });
});

describe('a number beside its threshold', () => {
  it.each([
    [1.01003, 1.01, '1.01003'],
    [1.0100000001, 1.01, '1.0100000001'],
    [1.0234567, 1.01, '1.023'],
    [399.996, 400, '399.996'],
    [399.2, 400, '399.2'],
    [2.5000004, 2.5, '2.5000004'],
    [123.456, 400, '123.5'],
    [Number.POSITIVE_INFINITY, 1.01, 'Infinity'],
  ])('%d beside %d reads %s', (value, threshold, text) => {
    expect(numberBeside(value, threshold)).toBe(text);
  });

  it('never reads as the threshold or as lying on its other side', () => {
    for (const threshold of [1.01, 400, 2.5, 1.05]) {
      for (let e = 1; e <= 15; e++) {
        for (const sign of [-1, 1]) {
          const value = threshold * (1 + sign * 0.7 * 10 ** -e);
          const read = Number(numberBeside(value, threshold));
          expect(Math.sign(read - threshold)).toBe(Math.sign(value - threshold));
        }
      }
    }
  });
});
