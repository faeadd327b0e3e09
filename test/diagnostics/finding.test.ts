import { describe, expect, it } from 'vitest';
import { number } from '../../diagnostics/finding.ts';

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
