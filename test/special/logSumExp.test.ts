import { describe, expect, it } from 'vitest';
import { logSumExp } from '../../src/special/logSumExp.ts';

describe('logSumExp', () => {
  it('is the log of a sum that neither overflows nor vanishes', () => {
    expect(logSumExp([Math.log(2), Math.log(3), Math.log(5)])).toBeCloseTo(Math.log(10), 14);
    expect(logSumExp([1000, 1000])).toBeCloseTo(1000 + Math.LN2, 12);
    expect(logSumExp([-2000, -2001])).toBeCloseTo(-2000 + Math.log1p(Math.exp(-1)), 12);
  });

  it('is -Infinity of nothing, passes an infinity on, and does not hide NaN', () => {
    expect(logSumExp([])).toBe(-Infinity);
    expect(logSumExp([-Infinity, -Infinity])).toBe(-Infinity);
    expect(logSumExp([0, Infinity])).toBe(Infinity);
    expect(logSumExp([0, Number.NaN])).toBeNaN();
  });
});
