import { describe, expect, it } from 'vitest';
import { KNOTS_PER_UNIT, softplus, softplusTable, TABLE_END } from '../../../src/kernels/cells/softplusTable.ts';

const table = softplusTable();

function tabled(eta: number): number {
  const t = (eta + TABLE_END) * KNOTS_PER_UNIT;
  const k = Math.floor(t);
  const f = t - k;
  return ((table[4 * k + 3]! * f + table[4 * k + 2]!) * f + table[4 * k + 1]!) * f + table[4 * k]!;
}

describe('the table of log(1 + exp(eta))', () => {
  it('is within 2e-11 of the function, and within 2e-10 of its size where it is small', () => {
    let worst = 0;
    let relative = 0;
    for (let eta = -39.9; eta < 39.9; eta += 0.00137) {
      const error = Math.abs(tabled(eta) - softplus(eta));
      // Beyond 1e-11 rounding near 40 counts: 40 x 2.2e-16 is far below.
      worst = Math.max(worst, error);
      relative = Math.max(relative, error / softplus(eta));
    }
    expect(worst).toBeLessThan(2e-11);
    expect(relative).toBeLessThan(2e-10);
  });

  it('has no sums of exponentials that overflow beyond its ends', () => {
    expect(softplus(800)).toBe(800);
    expect(softplus(-800)).toBe(0);
    expect(softplus(-50)).toBeCloseTo(Math.exp(-50), 30);
  });
});
