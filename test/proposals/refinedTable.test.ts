import { describe, expect, it } from 'vitest';
import { refinedTable } from '../../src/proposals/refinedTable.ts';

describe('a refined table', () => {
  it('of a quadratic in two coordinates is that quadratic between the knots, at the edges too', () => {
    const f = (a: number, b: number): number => 3 - a * a + 2 * a * b - 0.5 * b * b + b;
    const given = Float64Array.from({ length: 5 * 4 }, (_, n) => f(Math.floor(n / 4), n % 4));
    const { values, sizes } = refinedTable(given, [5, 4], 3, 3);
    expect(sizes).toEqual([13, 10]);
    // Rounding: values up to 30.
    values.forEach((value, n) => {
      expect(value).toBeCloseTo(f(Math.floor(n / 10) / 3, (n % 10) / 3), 12);
    });
  });

  it('meets a smooth function with an error of third order: eight times smaller for half the step', () => {
    const worst = (count: number): number => {
      const step = 4 / (count - 1);
      const { values } = refinedTable(
        Float64Array.from({ length: count }, (_, i) => Math.sin(i * step)),
        [count],
        4,
        1,
      );
      return values.reduce((most, value, i) => Math.max(most, Math.abs(value - Math.sin((i * step) / 4))), 0);
    };
    const ratio = worst(17) / worst(33);
    expect(worst(17)).toBeLessThan(2e-3);
    expect(ratio).toBeGreaterThan(6);
  });

  it('leaves the foot of a cliff out of the parabola beside it', () => {
    const f = (x: number): number => -((x - 2.2) ** 2);
    const { values } = refinedTable(Float64Array.of(-900, f(1), f(2), f(3), f(4)), [5], 4, 0);
    // Rounding.
    for (let i = 4; i <= 16; i += 1) expect(values[i]).toBeCloseTo(f(i / 4), 13);
  });

  it('is linear where the table falls far below its top, and holds the last value before -Infinity', () => {
    const { values } = refinedTable(Float64Array.of(0, -1, -500, -900, -Infinity, -Infinity), [6], 2, 0);
    expect([...values]).toEqual([0, -0.5, -1, -250.5, -500, -700, -900, -900, -Infinity, -Infinity, -Infinity]);
  });
});
